"""Names in a text: by which words a person may be called, and a text with two persons' names marked."""

import re
from functools import lru_cache
from typing import Final

from classifier.phrases import words
from classifier.signals.sentences import BEGINNING, Sentence, folded
from models.address import Mailbox, domain_of

READER: Final = "thereader"  # what stands for the name of the one in a marked text
OTHER: Final = "theother"  # … and of the other
_FEW_CAPITALS: Final = 2  # in a text with no more, names stand in small letters too
TITLES: Final = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "sir",
        "dame",
        "herr",
        "frau",
        "sister",
        "brother",
        "father",
        "mother",
        "canon",
        "rev",
        "capt",
        "pani",
        "pan",
        "padre",
        "madame",
        "monsieur",
        "signora",
        "signor",
    }
)
_ROLES: Final = words("introducing", "no-persons")
_GREETINGS: Final = words("introducing", "no-given-names")
_CAPITAL: Final = re.compile(r"[A-ZÀ-ÞĀ-Ž]")
_FULL: Final = re.compile(r"\b([A-ZÀ-Þ][\w'’-]+) (?:[A-Z]\. |van |von |de |da |der )*([A-ZÀ-Þ][\w'’-]+)")


@lru_cache(maxsize=2048)
def names_of(box: Mailbox, text: str = "") -> frozenset[str]:
    """The words, folded, by which a text may name this person: of the display name, else of the local part.

    With `text`, also a full name in it that the address bears out ("Mogens Due" of mogens@ or @due.example).
    """
    names = _names_as_written(box)
    if box.name or not (said := _full_names(text)):
        return names
    found = set(names)
    local, domain = folded(box.address.partition("@")[0]), folded(domain_of(box.address))
    for given, family in said:
        if given in _GREETINGS or given in domain:  # the firm's name
            continue
        if given in found or family in found or (len(family) > 2 and (family in local or family in domain)):
            found |= {given, family} - TITLES
    return frozenset(found)


@lru_cache(maxsize=8192)  # of the people one writes to, whatever the text
def _names_as_written(box: Mailbox) -> frozenset[str]:
    """The names in the display name, else in the local part."""
    local = box.address.partition("@")[0]
    source = box.name if box.name and "@" not in box.name else local
    if re.match(r"\w\.", source):  # "P. Adriaens": what P. stands for
        source = f"{source} {local}"
    pieces = (folded(w).removesuffix("'s") for w in re.split(r"[^\w'’-]+|_", source))
    return frozenset(
        w
        for w in pieces
        if len(w) > 1 and not w.isdigit() and w not in TITLES and not _ROLES.issuperset(w.split("-"))
    )


def marked(sentence: Sentence, reader: frozenset[str], other: frozenset[str], capitals: bool) -> str:
    """The sentence's plain form with the names of the two as `READER` and `OTHER`; a full name is one mark.

    With `capitals`, words in small letters are no names.
    """
    names = reader | other
    if not names or not _may_name(sentence, names):  # most sentences name neither
        return sentence.plain
    said, starts = sentence.plain.split(), _starts(names)
    found: list[str] = []
    for i, word in enumerate(said):
        name = folded(word).removesuffix("'s")
        if name[:BEGINNING] not in starts:
            found.append(word)
            continue
        large = sentence.verbatim[sentence.places[i] - sentence.start].isupper()
        called = large and (i in (0, 1) or said[i - 1] == "," or said[i + 1 : i + 2] in ([","], ["-"]))
        mark = ""
        if (
            len(word) == 1
            and large
            and said[i + 1 : i + 2] in ([","], ["-"])
            and (i == 0 or said[i - 1] != ".")
        ):
            name = next((n for n in sorted(names) if n[0] == name), name)
        if large or not capitals:
            mark = OTHER if _is(name, other, called) else READER if _is(name, reader, called) else ""
        if mark and found and found[-1] in TITLES:
            found.pop()
        if not (mark and found[-1:] == [mark]):
            found.append(mark or word)
        if mark and word.endswith("'s"):
            found.append("'s")
    return f" {' '.join(found)} "


def turned(text: str) -> str:
    """A marked text in which the two have changed places."""
    if READER not in text and OTHER not in text:
        return text
    return text.replace(READER, "\0").replace(OTHER, READER).replace("\0", OTHER)


def in_capitals(text: str) -> bool:
    """Whether names in this text begin with a capital."""
    return len(_CAPITAL.findall(text)) > _FEW_CAPITALS


def full_name(box: Mailbox, names: frozenset[str], text: str) -> bool:
    """Whether the text says a first name and a family name of this person together, without a title."""
    return any({given, family} <= names for given, family in _full_names(text))


@lru_cache(maxsize=16)  # asked for each recipient of a mail
def _full_names(text: str) -> tuple[tuple[str, str], ...]:
    """The full names in a text, folded, each once."""
    found = ((folded(first), folded(last).removesuffix("'s")) for first, last in _FULL.findall(text))
    return tuple(dict.fromkeys(found))


def _may_name(sentence: Sentence, names: frozenset[str]) -> bool:
    if sentence.plain.isascii():  # most sentences
        return _glimpse(names).search(sentence.plain) is not None
    starts = _starts(names)
    return not (starts.isdisjoint(sentence.beginnings) and starts.isdisjoint(sentence.initials))


@lru_cache(maxsize=64)
def _starts(names: frozenset[str]) -> frozenset[str]:
    return frozenset(n[:length] for n in names for length in (1, BEGINNING))


@lru_cache(maxsize=64)
def _glimpse(names: frozenset[str]) -> re.Pattern[str]:
    """A name's first letters, or its initial by itself, as they stand in plain words without accents."""
    starts = sorted(_starts(names))
    words = [re.escape(s) if len(s) == BEGINNING else rf"{re.escape(s)} " for s in starts if len(s) > 1]
    initials = [rf"{re.escape(s)} [,-] " for s in starts if len(s) == 1]
    return re.compile(f" (?:{'|'.join((*words, *initials))})")


@lru_cache(maxsize=8192)
def _is(word: str, names: frozenset[str], called: bool) -> bool:
    if word in names:
        return True
    return called and any(
        min(len(word), len(n)) >= BEGINNING and (n.startswith(word) or word.startswith(n)) for n in names
    )
