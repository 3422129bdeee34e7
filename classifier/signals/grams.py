"""What the sentence model sees of a sentence: hashes of words, pairs and parts of words, and a few traits."""

from functools import lru_cache
from itertools import pairwise
from typing import Final
from zlib import crc32

# Lengths of the parts of a word, its edges marked: "ask" -> " as", "ask", "sk ", " ask", "ask ".
_PARTS: Final = (3, 4)
_LONGEST: Final = 120  # words: what a sentence asks stands in so many

_YOU: Final = frozenset({"you", "your", "yours", "yourself", "u", "ur"})
_ME: Final = frozenset({"i", "me", "my", "mine", "we", "us", "our", "ours"})
_MODALS: Final = frozenset({"could", "would", "can", "will", "might", "may", "shall", "should"})
_NEEDS: Final = frozenset({"need", "want", "hope", "looking", "seeking", "love", "grateful", "appreciate"})
_THIRD: Final = frozenset({"he", "she", "they", "him", "her", "them"})
_TOLD: Final = frozenset({"asked", "told", "said", "did", "was", "were", "had"})
_THANKS: Final = frozenset({"thanks", "thank"})
_DENIALS: Final = frozenset({"not", "no", "never", "nothing"})
_SHORT: Final = 8  # words
_LONG: Final = 30

TRAITS: Final = 15  # how many `traits` gives


def grams(plain: str) -> frozenset[int]:
    """The 32-bit hashes of a plain sentence's words, pairs of neighbours and parts of words."""
    words = ["^", *plain.split()[:_LONGEST], "$"]
    found = {crc32(f"{one} {two}".encode()) for one, two in pairwise(words)}
    for word in words:
        found.update(_of_word(word))
    return frozenset(found)


@lru_cache(maxsize=8192)
def _of_word(word: str) -> tuple[int, ...]:
    edged = f" {word} "
    parts = [f"+{edged[i : i + n]}" for n in _PARTS for i in range(len(edged) - n + 1)]
    return tuple(crc32(part.encode()) for part in (word, *parts))


def traits(plain: str) -> tuple[bool, ...]:
    """What a plain sentence does, seen from its little words; `TRAITS` of them, always in this order."""
    words = plain.split()
    seen = frozenset(words)
    neighbours = list(pairwise(words))
    return (
        "?" in seen,
        "!" in seen,
        "if" in seen,
        bool(seen & _YOU),
        bool(seen & _ME),
        bool(seen & _MODALS),
        any(one in _MODALS and two in _YOU for one, two in neighbours),
        any(one in _YOU and two in _MODALS for one, two in neighbours),
        bool(seen & _NEEDS),
        bool(seen & _THIRD),
        bool(seen & _TOLD),
        bool(seen & _THANKS),
        bool(seen & _DENIALS),
        len(words) < _SHORT,
        len(words) > _LONG,
    )
