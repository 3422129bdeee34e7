"""Phrases compiled: the small language of the phrase files, and finding them in a sentence's plain form.

    introduce           the word itself            introduc*      any word that begins so
    @introduce          the verb in its forms      (me|us|my firm)  one of these
    [please]            may be there or not        ..  ...        up to three, up to six words between
    <people>            a list of classes.txt      ^  $           the sentence begins, ends, here
    #                   a number
    phrase = 0.8        with a certainty of its own

Every phrase is one regular expression with bounded gaps, compiled when a sentence first holds the word
it hangs on: reading the files costs milliseconds, and time grows in step with the text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Final

from classifier.phrases import sections, words
from classifier.signals.verbs import forms

_PIECE: Final = re.compile(r"\(|\)|\||\[|\]|[^\s()|\[\]]+")
_ANY: Final = "[^ ]+ "
_OPENERS: Final = (
    r"^ (?:(?:hi|hello|so|and|also|but|ps|p|s|oh|well|then|just|maybe|perhaps|now|ok"
    r"|anyway|please|,|-|\.|:) ){0,4}"
)
_COMMON: Final = 60  # a part that hangs on so many words, or on so common ones, is no help
_NOTHING: Final[frozenset[str]] = frozenset()
_KEY: Final = 4  # letters of a word that the index of phrases looks at


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: its section, its certainty, and its place in the sentence's plain form."""

    section: str
    certainty: float
    start: int
    end: int
    words: str


class Phrase:
    """One line of a phrase file."""

    def __init__(self, line: str, section: str, certainty: float) -> None:
        text, _, own = line.partition(" = ")
        self.section = section
        self.certainty = float(own) if own else certainty
        self._source = text

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(_Compiler(self._source).regex())

    @cached_property
    def needs(self) -> tuple[frozenset[str], ...]:
        """Sets of beginnings of words, the rarest first: a sentence that holds it has one word of each."""
        return tuple(sorted(_Compiler(self._source).needs(), key=_cost))

    @cached_property
    def more_needs(self) -> tuple[frozenset[str], ...]:
        """What it needs beside the two that it is found by."""
        return self.needs[2:]


class Phrases:
    """The phrases of some sections, found together. `default` is the certainty of a line that gives none."""

    def __init__(self, lines: Iterator[tuple[str, str, float]]) -> None:
        self._phrases = [Phrase(line, section, default) for line, section, default in lines]
        self._number = _INDEX.add(self._phrases)

    def find(self, plain: str) -> list[Hit]:
        """All hits in a sentence's plain form, in order of their place; at one place, of their lines."""
        candidates = _INDEX.candidates(plain)[self._number]
        if not candidates:
            return []
        beginnings = _beginnings(plain)
        hits = [
            Hit(p.section, p.certainty, m.start(), m.end(), m.group())
            for p in map(self._phrases.__getitem__, sorted(candidates))
            if not any(need.isdisjoint(beginnings) for need in p.more_needs)
            for m in p.pattern.finditer(plain)
        ]
        return sorted(hits, key=lambda h: (h.start, -h.end))


class _Index:
    """One index for the phrases of all detectors: a sentence's words are looked up once for all of them.

    A phrase is found by the beginnings of two words, the second "" where it hangs on one word only: few are
    searched for in a sentence that does not hold them.
    """

    def __init__(self) -> None:
        self._found: dict[str, dict[str, list[tuple[int, int]]]] = {}  # (detector, phrase) by two beginnings
        self._always: list[list[int]] = []  # by detector: phrases that hang on no word
        self.candidates = lru_cache(maxsize=1024)(self._candidates)  # all detectors read one sentence in turn

    def add(self, phrases: Sequence[Phrase]) -> int:
        """Take in one detector's phrases; its number."""
        detector = len(self._always)
        self._always.append([])
        for number, phrase in enumerate(phrases):
            first, second = (*phrase.needs[:2], *[_NOTHING] * 2)[:2]
            if not first or _cost(first) >= _COMMON:
                self._always[detector].append(number)
                continue
            for one in first:
                for two in second or ("",):
                    self._found.setdefault(one, {}).setdefault(two, []).append((detector, number))
        self.candidates.cache_clear()
        return detector

    def _candidates(self, plain: str) -> list[set[int]]:
        """For each detector, the numbers of the phrases that this sentence can hold."""
        beginnings = _beginnings(plain)
        candidates = [set(numbers) for numbers in self._always]
        for one in self._found.keys() & beginnings:
            seconds = self._found[one]
            for two in seconds.keys() & beginnings:
                for detector, number in seconds[two]:
                    candidates[detector].add(number)
        return candidates


_INDEX: Final = _Index()


@lru_cache(maxsize=1024)
def _beginnings(plain: str) -> frozenset[str]:
    return frozenset([word[:_KEY] for word in plain.split()]) | {""}


def load(name: str, certainties: dict[str, float]) -> Phrases:
    """The sections of a phrase file named in `certainties` (section -> default); missing ones are empty."""
    found = sections(name)
    return Phrases((line, s, c) for s, c in certainties.items() for line in found.get(s, ()))


class _Compiler:
    """Turns one phrase into a regular expression over plain words, and finds the words it hangs on."""

    def __init__(self, source: str) -> None:
        self._pieces = _PIECE.findall(source)
        self._at = 0

    def regex(self) -> str:
        return "(?<![^ ])" + self._sequence("")

    def _sequence(self, closing: str) -> str:
        parts: list[str] = []
        while self._at < len(self._pieces):
            piece = self._pieces[self._at]
            self._at += 1
            if piece == closing:
                break
            if piece == "|":
                parts.append("|")
            elif piece == "(":
                parts.append(f"(?:{self._sequence(')')})")
            elif piece == "[":
                parts.append(f"(?:{self._sequence(']')})?")
            else:
                parts.append(_element(piece))
        return "".join(parts)

    def needs(self) -> tuple[frozenset[str], ...]:
        """For each part that hangs on words, how they begin: a match holds one of each."""
        return tuple(starts for starts in self._choices() if starts)

    def _choices(self) -> Iterator[frozenset[str]]:
        """For each part that every match must hold, the beginnings of the words that can stand there."""
        at = 0
        while at < len(self._pieces):
            piece = self._pieces[at]
            at += 1
            if piece in "([":
                close, alternatives, nested = self._group(at)
                at = close + 1
                if piece == "(" and not nested:
                    yield _union(alternatives)
            else:
                yield _starts(piece)

    def _group(self, at: int) -> tuple[int, list[list[str]], bool]:
        alternatives: list[list[str]] = [[]]
        depth, nested = 1, False
        while True:
            piece = self._pieces[at]
            if piece in "([":
                depth, nested = depth + 1, True
            elif piece in ")]":
                depth -= 1
                if not depth:
                    return at, alternatives, nested
            elif piece == "|":
                alternatives.append([])
            else:
                alternatives[-1].append(piece)
            at += 1


def _element(piece: str) -> str:
    if piece == "..":
        return f"(?:{_ANY}){{0,3}}?"
    if piece == "...":
        return f"(?:{_ANY}){{0,6}}?"
    if piece == "#":
        return r"\d[\d.,]*[km]? "
    if piece == "^":
        return _OPENERS
    if piece == "$":
        return r"(?:[.?!,)] |please |thanks ){0,4}$"
    if piece[0] == "@":
        return f"(?:{'|'.join(map(re.escape, forms(piece[1:])))}) "
    if piece[0] == "<" and piece not in ("<url>", "<mail>"):
        return f"(?:{'|'.join(_words(c) for c in _class(piece[1:-1]))})"
    return _words(piece)


def _words(text: str) -> str:
    return "".join(re.escape(w[:-1]) + "[^ ]* " if w[-1] == "*" else re.escape(w) + " " for w in text.split())


@cache
def _class(name: str) -> tuple[str, ...]:
    for line in sections("classes")[""]:
        left, _, right = line.partition("=")
        if left.strip() == name:
            return tuple(sorted((p.strip() for p in right.split("|")), key=len, reverse=True))
    raise LookupError(f"classes.txt has no class {name!r}")


@cache
def _starts(piece: str) -> frozenset[str]:
    """How the words that a piece can match begin; empty where it hangs on no word."""
    if piece in ("..", "...", "^", "$", "#"):
        return frozenset()
    if piece[0] == "@":
        return frozenset(f[:_KEY] for f in forms(piece[1:]))
    if piece[0] == "<" and piece not in ("<url>", "<mail>"):
        return _union([c.split() for c in _class(piece[1:-1])])
    if piece[-1] == "*" and len(piece) <= _KEY:
        return frozenset()
    return frozenset({piece.rstrip("*")[:_KEY]})


def _union(alternatives: list[list[str]]) -> frozenset[str]:
    found: set[str] = set()
    for alternative in alternatives:
        sets = [s for piece in alternative if (s := _starts(piece))]
        if not sets:
            return frozenset()
        found.update(_cheapest(sets))
    return frozenset(found)


def _cheapest(sets: list[frozenset[str]]) -> frozenset[str]:
    return min(sets, key=_cost)


@cache
def _cost(keys: frozenset[str]) -> int:
    common = words("shorthand", "common")
    return sum(12 if key in common else 1 for key in keys)
