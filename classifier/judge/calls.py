"""Does a letter answer what the owner asked of the public? Only the owner's own mail shows that he did."""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Final

from classifier.phrases import words
from classifier.signals.cues import Cue
from classifier.signals.phrasing import Phrases, load
from classifier.signals.sentences import split
from models.mail import Mail
from models.past import Past, Wish

OPEN: Final = timedelta(days=400)  # how long a call is answered
_ANSWERS: Final = ("applying", "job", "survey")  # cues of somebody who answers a call
# … of somebody who sells on the strength of it, whatever it asked for, and of one who offers something.
_SELLS: Final = ("candidates", "recruit", "links", "invest")
_OFFERS: Final = ("pitch", "vendor")
_LIKELY: Final = 0.5
_SAYS_SO: Final = 0.75  # of words that answer ("in response to your announcement")
_MAX_TEXT: Final = 20_000
_COMMON: Final = words("calls", "no-topics")


def answered_call(mail: Mail, past: Past, cues: Sequence[Cue]) -> Wish | None:
    """The owner's public call that this letter answers, the newest; None where it answers none.

    Who answers does so in the call's words, and mostly says so; the less it says so the more words it must
    share. Who sells on the strength of a call does not answer it.
    """
    calls = [c for c in past.calls if past.now - c.date <= OPEN]
    if not calls or any(c.name in _SELLS and c.certainty >= _LIKELY for c in cues):
        return None
    needed = 3
    if mail.attachments:
        needed = 2
    if any(c.name in _ANSWERS and c.certainty >= _LIKELY for c in cues) or _says_so(mail) >= _SAYS_SO:
        needed = 1
    if any(c.name in _OFFERS and c.certainty >= _LIKELY for c in cues):
        needed += 1
    topic = content(f"{mail.subject} {mail.own_text[:_MAX_TEXT]}")
    return next((c for c in calls if len(content(c.quote) & topic) >= needed), None)


def content(text: str) -> frozenset[str]:
    """The words that a text is about: four letters and more, cut to their stem's beginning."""
    return frozenset(w[:6] for w in re.findall(r"[^\W\d_]{4,}", text.lower()) if w not in _COMMON)


@cache
def _phrases() -> Phrases:
    return load("calls", {"answers": 0.9})


def _says_so(mail: Mail) -> float:
    """How sure it is that the letter says it answers something announced, 0..1."""
    sentences = (*split(mail.subject[:300]), *split(mail.own_text[:_MAX_TEXT]))
    return max((h.certainty for s in sentences for h in _phrases().find(s.plain)), default=0.0)
