"""Near-copies: a letter's word triples as hashes, with names and companies left blank, and how alike two are.

Of all triples the 100 with the lowest hashes are kept: enough to tell how large a part two letters share.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zlib import crc32

from classifier.signals.names import names_of
from classifier.signals.organisations import organisation_of
from models.address import domain_of
from models.mail import Mail

COPY: Final = 0.35  # likeness from which a letter is a copy of another …
_SHORT: Final = ((12, 0.7), (30, 0.5))  # … and where one has fewer triples than this: chance shares more
KEPT: Final = 100  # hashes of a letter
FEW: Final = 4  # triples: a letter with less has nothing to be known by
_MAX_TEXT: Final = 4_000  # characters
_MAX_FILES: Final = 3
_MANY_CAPITALS: Final = 0.2  # a language that writes common nouns with a capital
_ENOUGH_WORDS: Final = 30  # … is told from so many words
_NAME: Final = "*"
_NUMBER: Final = "#"
_ADDRESS: Final = "@"
_BREAK: Final = "."
_EMPTY: Final = frozenset({_NAME, _NUMBER, _ADDRESS, _BREAK})
_PRIME: Final = 0x01000193
_ENDS: Final = frozenset(".!?:;\n")
_MINE: Final = frozenset({"i", "i'm", "i'd", "i've", "i'll"})
_PIECE: Final = re.compile(r"https?://\S+|\S{1,100}@\S+|[^\W\d_]+(?:['’][^\W\d_]+)*|\d[\d.,:]*|[.!?:;\n]+")
_GREETING: Final = re.compile(
    r"\s*(?:(?:hi|hello|hey|dear|ciao|hallo|bonjour|hola|salut|good (?:morning|afternoon|evening|day)|morning"
    r"|greetings|sehr geehrte\w*|liebe\w*|guten \w+|ch[eè]re?s?|monsieur|madame)\b[^\n,:!?.–—]{0,60}[,:!.–—-]*"
    r"|[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’.-]+){0,2}\s*[,:!–—-]|[^\n]{0,40},[ \t]*(?=\n))",
    re.IGNORECASE,
)
_CLOSING_WORDS: Final = 5  # in a line of the close: "With kind regards from Kiel"


def sketch_of(mail: Mail) -> bytes:
    """The hashes of a letter's word triples, 4 bytes each, lowest first; empty where it has too few words.

    Greeting and close are left out. Left blank are the recipients' names and firms, other names, numbers and
    addresses of the web, so that a letter stays the same when these are swapped.
    """
    named = frozenset(_names_in(mail))
    files = tuple(a.name for a in mail.attachments[:_MAX_FILES] if a.name)
    return _sketch(mail.own_text[:_MAX_TEXT], mail.subject[:500], files, named)


@lru_cache(maxsize=1024)  # several rules ask about the same letters
def likeness(one: bytes, other: bytes) -> float:
    """How large a part of all their word triples two letters share, 0..1 (Jaccard, estimated on sketches)."""
    if not one or not other:
        return 0.0
    first, second = array("I", one), array("I", other)
    both = len(_hashes(one).intersection(second))
    if not both:
        return 0.0
    # A full sketch knows of nothing above its last hash; one that is not full knows all.
    last = min([a[-1] for a in (first, second) if len(a) == KEPT], default=0xFFFFFFFF)
    return both / (bisect_right(first, last) + bisect_right(second, last) - both)


def is_copy(one: bytes, other: bytes) -> bool:
    """Whether two letters are the same one, but for names, greeting and a few words."""
    size = min(triples(one), triples(other))
    return likeness(one, other) >= next((needed for below, needed in _SHORT if size < below), COPY)


def triples(sketch: bytes) -> int:
    """How many hashes a sketch holds."""
    return len(sketch) // 4


@lru_cache(maxsize=64)
def _hashes(sketch: bytes) -> frozenset[int]:
    return frozenset(array("I", sketch))


def _names_in(mail: Mail) -> Iterator[str]:
    """By what the recipients and their firms may be called, in small letters."""
    for box in (*mail.to, *mail.cc)[:20]:
        yield from names_of(box)
        firm = organisation_of(domain_of(box.address)).partition(".")[0]
        if len(firm) > 2:
            yield from (firm, *firm.split("-"))


@lru_cache(maxsize=64)
def _sketch(text: str, subject: str, files: tuple[str, ...], named: frozenset[str]) -> bytes:
    found: set[int] = set()
    for part in (_body(text), subject):
        found.update(_triples(list(_words(part, named))))
    for name in files:
        found.add(_spread(_of_word(" ".join(w for w in _words(name.lower(), named) if w not in _EMPTY))))
    return array("I", sorted(found)[:KEPT]).tobytes() if len(found) >= FEW else b""


def _body(text: str) -> str:
    """The text without greeting and close."""
    greeting = _GREETING.match(text)
    text = text[greeting.end() :] if greeting else text
    lines = text.rstrip().split("\n")
    while (
        len(lines) > 1 and len(lines[-1].split()) <= _CLOSING_WORDS and lines[-1].rstrip()[-1:] not in ".?!"
    ):
        lines.pop()
    return "\n".join(lines)


def _words(text: str, named: frozenset[str]) -> Iterator[str]:
    """The words in small letters, each run of names as one blank, and breaks between sentences."""
    pieces = _PIECE.findall(text)
    blank = not _writes_nouns_large(pieces)
    begins, before = True, ""
    for i, piece in enumerate(pieces):
        if piece[0] in _ENDS:
            if piece != "\n":
                begins, before = True, _BREAK
                yield _BREAK
            continue
        word = _plain(piece)
        large = blank and piece[0].isupper() and word not in _MINE
        if begins and large:  # a sentence's first word is a name where another follows
            after = pieces[i + 1] if i + 1 < len(pieces) else ""
            large = after[:1].isupper() and _plain(after) not in _MINE
        word = _NAME if large or word.removesuffix("'s") in named else word
        begins = False
        if not (word == before == _NAME):
            yield word
        before = word


def _plain(piece: str) -> str:
    if piece[0].isdigit():
        return _NUMBER
    if "@" in piece or "://" in piece:
        return _ADDRESS
    return piece.lower().replace("’", "'")


def _writes_nouns_large(pieces: list[str]) -> bool:
    """German does: then a capital says nothing of names."""
    inside = [b for a, b in pairwise(pieces) if a[0] not in _ENDS and b[0].isalpha()]
    return len(inside) >= _ENOUGH_WORDS and sum(t[0].isupper() for t in inside) > _MANY_CAPITALS * len(inside)


def _triples(words: list[str]) -> Iterator[int]:
    """Hashes of the triples that hold a word; a break is a word too, so a short sentence has its edges."""
    codes = [_of_word(word) for word in words]
    empty = [word in _EMPTY for word in words]
    for i in range(len(words) - 2):
        if not (empty[i] and empty[i + 1] and empty[i + 2]):
            yield _spread((codes[i] * _PRIME + codes[i + 1]) * _PRIME + codes[i + 2])


def _spread(number: int) -> int:
    """Over the whole range: the lowest hashes are kept, and must be as good as drawn by lot (MurmurHash3's end)."""
    number &= 0xFFFFFFFF
    number = ((number ^ (number >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    return ((number ^ (number >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF


@lru_cache(maxsize=16_384)
def _of_word(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogateescape"))
