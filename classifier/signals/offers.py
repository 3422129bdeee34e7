"""Does a sentence give, offer or only wish? Then it asks nothing of its reader, whatever words stand in it."""

import re
from functools import cache
from typing import Final

from classifier.signals.phrasing import Phrases, load
from classifier.signals.sentences import split

# Whoever sends a thing, and wants something for it, gives nothing.
_WANTS: Final = re.compile(
    r" (?:could|would|can|will) you | (?:need|want|wish|like) you | (?:i|we) (?:would|should) (?:need|like|love|want) "
)


def offers_something(text: str) -> bool:
    """Whether these words, a sentence or two, give or offer something, or only wish. Never raises."""
    for sentence in split(text):
        hits = _phrases().find(sentence.plain)
        if any(h.section == "offers" for h in hits) or (hits and not _WANTS.search(sentence.plain)):
            return True
    return False


@cache
def _phrases() -> Phrases:
    return load("offers", {"gives": 0.8, "offers": 0.8})
