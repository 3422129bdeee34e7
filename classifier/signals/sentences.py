"""Sentences of a text with their offsets, and each one's words in a plain form that phrases can match."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from classifier.phrases import sections, words

_BREAK: Final = re.compile(
    r"""[.!?…]+["'”’)\]]*(?=\s|$)|\n[ \t]*\n|\n(?=[ \t]*(?:[-*•·>]|\d{1,2}[.)/])\s)|\n"""
)
_WORD: Final = re.compile(
    r"<[^<>\s]{1,80}>|https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[^\W_]+(?:['’´][^\W_]+)*|[^\w\s]"
)
_ACCENTS: Final = str.maketrans("àáâäãåèéêëìíîïòóôöõùúûüçñ’´`", "aaaaaaeeeeiiiiooooouuuucn'''")
_KEPT: Final = frozenset(',;:?!.()-/"')
_DASHES: Final = frozenset("–—")
_QUOTES: Final = frozenset("“”„«»")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its place in the text, its words verbatim, and its plain form.

    `plain` is lower case, contractions opened, one space between words and one at either end:
    " could you introduce me to her ? ". `places[i]` is the offset in the text of the i-th plain word.
    """

    start: int
    end: int
    verbatim: str
    plain: str
    places: tuple[int, ...]

    @property
    def question(self) -> bool:
        return "?" in self.verbatim

    def place(self, position: int) -> int:
        """The offset in the text of the word at `position` of `plain`."""
        if not self.places:
            return self.start
        return self.places[min(max(self.plain.count(" ", 0, position + 1) - 1, 0), len(self.places) - 1)]

    def quote(self, at: int = 0, limit: int = 200) -> str:
        """The words around offset `at` of the text, white space collapsed, `limit` characters at most."""
        whole = " ".join(self.verbatim.split())
        if len(whole) <= limit:
            return whole
        lead = len(" ".join(self.verbatim[: max(at - self.start, 0)].split()))
        first = max(0, min(lead - limit // 3, len(whole) - limit))
        if first and (gap := whole.find(" ", first, first + 40)) >= 0:
            first = gap + 1
        part = whole[first : first + limit]
        return part if first + limit >= len(whole) else part.rpartition(" ")[0] or part


@cache
def _openings() -> dict[str, tuple[str, ...]]:
    """Contractions and shorthand: "i'd" -> ("i", "would"), "plz" -> ("please",)."""
    return {
        left.strip(): tuple(right.split())
        for left, _, right in (line.partition("=") for line in sections("shorthand")["words"])
    }


def plain_words(text: str, offset: int = 0) -> tuple[list[str], list[int]]:
    """The words of a text in their plain form, and the offset of each."""
    openings = _openings()
    found: list[str] = []
    places: list[int] = []
    for match in _WORD.finditer(text):
        raw, place = match.group(), match.start() + offset
        if not raw[0].isalnum() and raw[0] not in _KEPT:
            raw = "-" if raw in _DASHES else '"' if raw in _QUOTES else raw if raw[0] == "<" else ""
            if not raw:
                continue
        word = raw.lower().translate(_ACCENTS)
        if word[:4] in ("http", "www.") or word[0] == "<":
            word = "<url>"
        elif "@" in word:
            word = "<mail>"
        # A hyphen inside a word parts it; only a dash that stands alone is kept.
        if word == "-" and 0 < match.start() < len(text) - 1 and text[match.start() - 1].isalnum():
            continue
        if word.startswith("mail") and found[-1:] == ["e"] and text[match.start() - 1] == "-":
            found[-1] = "e" + word
            continue
        for part in openings.get(word, (word,)):
            found.append(part)
            places.append(place)
    return found, places


def plain(text: str) -> str:
    """The plain form of a text, as `Sentence.plain`."""
    return f" {' '.join(plain_words(text)[0])} "


@lru_cache(maxsize=64)
def split(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, in order. Wrapped lines are joined; items and blank lines part."""
    found: list[Sentence] = []
    start = 0
    for cut in _cuts(text):
        if sentence := _sentence(text, start, cut):
            found.append(sentence)
        start = cut
    return tuple(found)


def _sentence(text: str, start: int, end: int) -> Sentence | None:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    piece = piece.strip()
    if not piece:
        return None
    found, places = plain_words(piece, start + lead)
    if not found:
        return None
    return Sentence(start + lead, start + lead + len(piece), piece, f" {' '.join(found)} ", tuple(places))


def _cuts(text: str) -> list[int]:
    cuts: list[int] = []
    for match in _BREAK.finditer(text):
        mark = match.group()
        if mark == "\n":
            if _wrapped(text, match.start()):
                continue
        elif mark[0] == "." and len(mark) == 1 and _abbreviation(text, match.start()):
            continue
        cuts.append(match.end())
    cuts.append(len(text))
    return cuts


def _wrapped(text: str, at: int) -> bool:
    """Whether the line ending at `at` goes on in the next one: it is long, and no new start shows."""
    line = text[text.rfind("\n", 0, at) + 1 : at].rstrip()
    following = text[at + 1 : at + 2]
    if line.endswith((",", ";", "-")):
        return len(line) > 25
    return len(line) >= 50 or (len(line) >= 12 and following.islower() and not line.endswith(":"))


def _abbreviation(text: str, at: int) -> bool:
    before = text[max(0, at - 12) : at]
    word = re.split(r"[\s(]", before)[-1].lower()
    if len(word) == 1 and word.isalpha():
        return word != "i" and text[at - 1].isupper() and text[at + 1 : at + 3].strip() != ""
    return word in words("shorthand", "abbreviations") or bool(re.fullmatch(r"(?:[a-z]\.)+[a-z]", word))
