"""Does a letter answer what the owner asked of the public? Only the owner's own mail shows that he did."""

import re
from collections.abc import Sequence
from typing import Final

from classifier.phrases import words
from classifier.signals.cues import Cue
from models.mail import Mail
from models.past import Past, Wish

_ANSWERS: Final = ("applying", "job", "guests", "survey")  # cues of somebody who answers a call
_SELLS: Final = (
    "candidates",
    "pitch",
    "vendor",
    "recruit",
)  # … and of somebody who sells on the strength of it
_LIKELY: Final = 0.5
_COMMON: Final = words("calls", "no-topics")


def answered_call(mail: Mail, past: Past, cues: Sequence[Cue]) -> Wish | None:
    """The owner's public call that this letter answers, the newest; None where it answers none.

    Who applies answers, in the call's words; who sells on the strength of the call does not.
    """
    if any(c.name in _SELLS and c.certainty >= _LIKELY for c in cues):
        return None
    applies = any(c.name in _ANSWERS and c.certainty >= _LIKELY for c in cues) or bool(mail.attachments)
    topic = _content(f"{mail.subject} {mail.own_text}")
    for call in past.calls:
        shared = len(_content(call.quote) & topic)
        if shared >= (1 if applies else 2):
            return call
    return None


def _content(text: str) -> frozenset[str]:
    """The words that a text is about: five letters and more, cut to their stem's beginning."""
    return frozenset(w[:6] for w in re.findall(r"[^\W\d_]{4,}", text.lower()) if w not in _COMMON)
