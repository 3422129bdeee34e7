"""Nudges: does a letter remind its reader of one they have not answered ("did you get a chance to look?")?"""

from functools import cache
from typing import Final

from classifier.signals.phrasing import Phrases, load
from classifier.signals.sentences import split
from models.mail import Mail

_MAX_TEXT: Final = 4_000  # characters
_SURE: Final = 0.75


def find_nudge(mail: Mail) -> str:
    """The sentence that reminds, verbatim and 200 characters at most; "" where there is none. Never raises."""
    for sentence in split(mail.own_text[:_MAX_TEXT]):
        hits = [h for h in _phrases().find(sentence.plain) if h.certainty >= _SURE]
        if hits:
            return sentence.around(hits[0].start)
    return ""


def reminds(text: str) -> bool:
    """Whether these words remind of an earlier letter."""
    return any(h.certainty >= _SURE for s in split(text) for h in _phrases().find(s.plain))


@cache
def _phrases() -> Phrases:
    return load("incoming-traits", {"nudge": 0.8})
