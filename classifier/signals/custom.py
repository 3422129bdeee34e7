"""Does the writer come as a customer: with a need of their own, for the reader's trade, and money for it?"""

from functools import cache, lru_cache
from typing import Final

from classifier.phrases import sections
from classifier.signals.phrasing import Phrases, load
from classifier.signals.sentences import split

_MAX_TEXT: Final = 6_000
_CERTAIN: Final = 2.4  # points from which nobody doubts it
_LEAST: Final = 1.4  # … and from which it is thought of


@cache
def _phrases() -> Phrases:
    return load("custom", {s: 0.5 for s in sections("custom") if s})


@lru_cache(maxsize=64)
def find_custom(text: str) -> tuple[float, str]:
    """How sure it is that a letter brings custom, 0..1, and the sentence that shows it best ("" for none)."""
    best: dict[str, tuple[float, str]] = {}
    for sentence in split(text[:_MAX_TEXT]):
        for hit in _phrases().find(sentence.plain):
            if hit.certainty > best.get(hit.section, (0.0, ""))[0]:
                best[hit.section] = (hit.certainty, sentence.around(hit.start))
    points = sum(p for p, _ in best.values())
    # A need or a compliment alone is no custom: the reader's work must be asked for, or money offered.
    if points < _LEAST or not best.keys() & {"service", "money"}:
        return 0.0, ""
    return min(points / _CERTAIN, 1.0), max(best.values())[1]
