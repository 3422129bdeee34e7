"""Sentences of a text with their offsets, and each one's words in a plain form that phrases can match."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import islice
from typing import Final

from classifier.phrases import sections, words

_VERBS: Final = "|".join(sorted(words("shorthand", "after-ill")))
_BEFORE: Final = [r"[^\W_]", *(rf"(?i:\b{word})\s" for word in sorted(words("shorthand", "before-ill")))]
# "Ill send", "id love": the apostrophe left out, before a verb alone.
_HURRIED: Final = "|".join(
    rf"[iI]{rest}\s(?=(?:{_VERBS})\b)" + "".join(rf"(?<!{before}[iI]{rest}\s)" for before in _BEFORE)
    for rest in ("ll", "d")
)
_BREAK: Final = re.compile(
    # Beginning with one set of characters, it looks at no others.
    r"""[.!?…\n](?:(?<=\n)(?:[ \t]*\n)?|(?<!\n)(?<![.!?…][.!?…])[.!?…]*+["'”’)\]]*+(?=\s|$))"""
)
_WORD: Final = re.compile(
    r"<[^<>\s]{1,80}>|https?://\S+|www\.\S+|[\w.+-]{1,64}+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![^\W_])[eèéêëEÈÉÊË]-(?=[mM][aA][iI][lL])"  # "e-mail" is one word
    rf"|{_HURRIED}"
    r"|[^\W_]+(?:['’´][^\W_]+)*"
    # A hyphen inside a word parts it; only a dash that stands alone is kept.
    r"|(?<![^\W_])[-–—]|[-–—]\Z|[^\w\s–—-]"
)
_SPELT: Final = re.compile(r" [^\W\d_][^ ]*")  # a word that begins with a letter
_SPACE: Final = re.compile(r"[\s(]")
_DOTTED: Final = re.compile(r"(?:[a-z]\.)+[a-z]")  # "e.g"
_INITIAL: Final = re.compile(r"(?<= )(\w) [,-] ")
BEGINNING: Final = 3  # letters that a short name shares with the long one ("Sam", "Samantha")
_SPLIT_ANYWAY: Final = 8_000  # characters: every detector splits a text of that length, and it is remembered
_KNOWN_WORDS: Final = 20_000  # words whose plain form is remembered
_ACCENTS: Final = str.maketrans("àáâäãåèéêëìíîïòóôöõùúûüçñ’´`", "aaaaaaeeeeiiiiooooouuuucn'''")
_KEPT: Final = frozenset(',;:?!.()-/"')
_DASHES: Final = frozenset("–—")
_QUOTES: Final = frozenset("“”„«»")


@dataclass(frozen=True)
class Sentence:
    """One sentence: its place in the text, its words verbatim, and its plain form.

    `plain` is lower case, contractions opened, one space between words and one at either end:
    " could you introduce me to her ? ".
    """

    start: int
    end: int
    verbatim: str
    plain: str

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The offset in the text of each plain word. Most sentences are never asked."""
        found: list[int] = []
        begun = -1
        for match in _WORD.finditer(self.verbatim):
            form = _FORMS[match.group()]
            begun = match.start() if begun < 0 else begun
            if form != "e":  # "e-" is one word with what follows
                found += [self.start + begun] * form.count(" ")
                begun = -1
        return tuple(found)

    @property
    def count(self) -> int:
        """How many plain words it has."""
        return self.plain.count(" ") - 1

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """The first three letters of each of its words, without accents, but of words of one letter."""
        return frozenset(folded(word[:BEGINNING]) for word in self.plain.split() if len(word) > 1)

    @cached_property
    def initials(self) -> frozenset[str]:
        """Single letters that may stand for a name that is turned to: "S, could you"."""
        return frozenset(map(folded, _INITIAL.findall(self.plain)))

    @property
    def question(self) -> bool:
        return "?" in self.verbatim

    def place(self, position: int) -> int:
        """The offset in the text of the word at `position` of `plain`."""
        if not self.places:
            return self.start
        return self.places[min(max(self.plain.count(" ", 0, position + 1) - 1, 0), len(self.places) - 1)]

    def around(self, position: int, limit: int = 200) -> str:
        """The words around `position` of `plain`, as `quote`."""
        return self.quote(0 if len(self.verbatim) <= limit else self.place(position), limit)

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


class _Plain(dict[str, str]):
    """The plain form of a word as written, with the blank behind it; "" where it says nothing."""

    def __missing__(self, raw: str) -> str:
        if len(self) >= _KNOWN_WORDS:
            self.clear()
        is_joined = len(raw) == 2 and raw[1] == "-"  # the "e-" of "e-mail"
        form = self[raw] = "e" if is_joined else "".join(f"{part} " for part in _parts(raw))
        return form


def _parts(raw: str) -> tuple[str, ...]:
    if raw in _openings():
        return _openings()[raw]
    if not raw[0].isalnum() and raw[0] not in _KEPT:
        raw = "-" if raw in _DASHES else '"' if raw in _QUOTES else raw if raw[0] == "<" else ""
        if not raw:
            return ()
    word = raw.lower().translate(_ACCENTS)
    if word[-1].isspace():
        word = f"{word[:-1]} before a verb"
    if word[:4] in ("http", "www.") or word[0] == "<":
        return ("<url>",)
    if "@" in word:
        return ("<mail>",)
    return _openings().get(word, (word,))


_FORMS: Final = _Plain()


def plain_words(text: str) -> list[str]:
    """The words of a text in their plain form."""
    return plain(text).split()


@lru_cache(maxsize=20_000)
def folded(word: str) -> str:
    """A word in small letters and without accents."""
    if word.isascii():
        return word.lower()
    whole = unicodedata.normalize("NFKD", word.lower().replace("’", "'"))
    return "".join(c for c in whole if not unicodedata.combining(c))


@lru_cache(maxsize=1024)  # a long text is read again by who reads only its first pages
def plain(text: str) -> str:
    """The plain form of a text, as `Sentence.plain`."""
    # Word for word through a table: this is where reading a text spends its time.
    return " " + "".join(map(_FORMS.__getitem__, _WORD.findall(text)))


@lru_cache(maxsize=64)
def split(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, in order. Wrapped lines are joined; items and blank lines part."""
    return tuple(_sentences(text))


def split_from(text: str, start: int) -> tuple[Sentence, ...]:
    """The sentences of `text[start:]`, at their places in the text.

    Where a sentence ends depends on its own line and what follows: from the line after next, it is as in the whole.
    """
    whole = split(text)
    line = text.find("\n", start)
    later = bisect_right(whole, line, key=lambda s: s.start) + 1 if line >= 0 else len(whole)
    end = whole[later].start if later < len(whole) else len(text)
    first = (replace(s, start=s.start + start, end=s.end + start) for s in split(text[start:end]))
    return (*first, *whole[later:])


def more_than(count: int, text: str) -> bool:
    """Whether a text has more sentences than so many; quicker than splitting a long one."""
    if len(text) <= _SPLIT_ANYWAY:
        return len(split(text)) > count
    return next(islice(_sentences(text), count, None), None) is not None


def _sentences(text: str) -> Iterator[Sentence]:
    start = 0
    for cut in _cuts(text):
        if sentence := _sentence(text, start, cut):
            yield sentence
        start = cut


@lru_cache(maxsize=64)
def said_once(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, in order, without those said before in the same words, whatever numbers stand there.

    Saying it again proves nothing.
    """
    seen: dict[str, Sentence] = {}
    for sentence in split(text):
        words = "".join(_SPELT.findall(sentence.plain))
        seen.setdefault(words or sentence.plain, sentence)
    return tuple(seen.values())


def _sentence(text: str, start: int, end: int) -> Sentence | None:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    piece = piece.strip()
    if not piece:
        return None
    words = plain(piece)
    return Sentence(start + lead, start + lead + len(piece), piece, words) if words != " " else None


def _cuts(text: str) -> Iterator[int]:
    for match in _BREAK.finditer(text):
        mark = match.group()
        if mark == "\n":
            if _wrapped(text, match.start()):
                continue
        elif mark[0] == "." and len(mark) == 1 and _abbreviation(text, match.start()):
            continue
        yield match.end()
    yield len(text)


def _wrapped(text: str, at: int) -> bool:
    """Whether the line ending at `at` goes on in the next one: it is long, and no new start shows."""
    line = text[text.rfind("\n", 0, at) + 1 : at].rstrip()
    following = text[at + 1 : at + 2]
    if line.endswith((",", ";", "-")):
        return len(line) > 25
    return len(line) >= 50 or (len(line) >= 12 and following.islower() and not line.endswith(":"))


def _abbreviation(text: str, at: int) -> bool:
    word = _SPACE.split(text[max(0, at - 12) : at])[-1].lower()
    if len(word) == 1 and word.isalpha():
        return word != "i" and text[at - 1].isupper() and text[at + 1 : at + 3].strip() != ""
    return word in words("shorthand", "abbreviations") or ("." in word and bool(_DOTTED.fullmatch(word)))
