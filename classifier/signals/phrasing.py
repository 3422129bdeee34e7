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
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from classifier.phrases import sections, words

_TOKEN: Final = re.compile(r"\(|\)|\||\[|\]|[^\s()|\[\]]+")
_ANY: Final = "[^ ]+ "
_OPENERS: Final = r"^ (?:(?:hi|hello|so|and|also|but|ps|p|s|oh|well|then|just|maybe|perhaps|now|ok|anyway|please|,|-|\.|:) ){0,4}"
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

    @property
    def keys(self) -> frozenset[str]:
        """Beginnings of words of which one at least is in every match; empty where there are none such."""
        return _Compiler(self._source).keys()


class Phrases:
    """The phrases of some sections, found together. `default` is the certainty of a line that gives none."""

    def __init__(self, lines: Iterator[tuple[str, str, float]]) -> None:
        self._by_key: dict[str, list[Phrase]] = {}
        self._always: list[Phrase] = []
        for line, section, default in lines:
            phrase = Phrase(line, section, default)
            for key in phrase.keys:
                self._by_key.setdefault(key, []).append(phrase)
            if not phrase.keys:
                self._always.append(phrase)

    def find(self, plain: str) -> list[Hit]:
        """All hits in a sentence's plain form, in order of their place."""
        candidates: dict[int, Phrase] = {id(p): p for p in self._always}
        for key in {word[:_KEY] for word in plain.split()}:
            for phrase in self._by_key.get(key, ()):
                candidates[id(phrase)] = phrase
        hits = [
            Hit(p.section, p.certainty, m.start(), m.end(), m.group())
            for p in candidates.values()
            for m in p.pattern.finditer(plain)
        ]
        return sorted(hits, key=lambda h: (h.start, -h.end))


def load(name: str, certainties: dict[str, float]) -> Phrases:
    """The sections named in `certainties` (section -> default certainty) of a phrase file; missing ones are empty."""
    found = sections(name)
    return Phrases((line, s, c) for s, c in certainties.items() for line in found.get(s, ()))


class _Compiler:
    """Turns one phrase into a regular expression over plain words, and finds the words it hangs on."""

    def __init__(self, source: str) -> None:
        self._tokens = _TOKEN.findall(source)
        self._at = 0

    def regex(self) -> str:
        return "(?<![^ ])" + self._sequence("")

    def _sequence(self, closing: str) -> str:
        parts: list[str] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token == closing:
                break
            if token == "|":
                parts.append("|")
            elif token == "(":
                parts.append(f"(?:{self._sequence(')')})")
            elif token == "[":
                parts.append(f"(?:{self._sequence(']')})?")
            else:
                parts.append(_element(token))
        return "".join(parts)

    def keys(self) -> frozenset[str]:
        best: frozenset[str] = frozenset()
        for token_set in self._choices():
            if token_set and (not best or _cost(token_set) < _cost(best)):
                best = token_set
        return best if best and _cost(best) < 60 else frozenset()

    def _choices(self) -> Iterator[frozenset[str]]:
        """For each part that every match must hold, the beginnings of the words that can stand there."""
        at = 0
        while at < len(self._tokens):
            token = self._tokens[at]
            at += 1
            if token in "([":
                close, alternatives, nested = self._group(at)
                at = close + 1
                if token == "(" and not nested:
                    yield _union(alternatives)
            else:
                yield _starts(token)

    def _group(self, at: int) -> tuple[int, list[list[str]], bool]:
        alternatives: list[list[str]] = [[]]
        depth, nested = 1, False
        while True:
            token = self._tokens[at]
            if token in "([":
                depth, nested = depth + 1, True
            elif token in ")]":
                depth -= 1
                if not depth:
                    return at, alternatives, nested
            elif token == "|":
                alternatives.append([])
            else:
                alternatives[-1].append(token)
            at += 1


def _element(token: str) -> str:
    if token == "..":
        return f"(?:{_ANY}){{0,3}}?"
    if token == "...":
        return f"(?:{_ANY}){{0,6}}?"
    if token == "#":
        return r"\d[\d.,]*[km]? "
    if token == "^":
        return _OPENERS
    if token == "$":
        return r"(?:[.?!,)] |please |thanks ){0,4}$"
    if token[0] == "@":
        return f"(?:{'|'.join(map(re.escape, forms(token[1:])))}) "
    if token[0] == "<" and token not in ("<url>", "<mail>"):
        return f"(?:{'|'.join(_words(c) for c in _class(token[1:-1]))})"
    return _words(token)


def _words(text: str) -> str:
    return "".join(re.escape(w[:-1]) + "[^ ]* " if w[-1] == "*" else re.escape(w) + " " for w in text.split())


@cache
def _class(name: str) -> tuple[str, ...]:
    for line in sections("classes")[""]:
        left, _, right = line.partition("=")
        if left.strip() == name:
            return tuple(sorted((p.strip() for p in right.split("|")), key=len, reverse=True))
    raise LookupError(f"classes.txt has no class {name!r}")


def _starts(token: str) -> frozenset[str]:
    """How the words that a token can match begin; empty where it hangs on no word."""
    if token in ("..", "...", "^", "$", "#"):
        return frozenset()
    if token[0] == "@":
        return frozenset(f[:_KEY] for f in forms(token[1:]))
    if token[0] == "<" and token not in ("<url>", "<mail>"):
        return _union([c.split() for c in _class(token[1:-1])])
    if token[-1] == "*" and len(token) <= _KEY:
        return frozenset()
    return frozenset({token.rstrip("*")[:_KEY]})


def _union(alternatives: list[list[str]]) -> frozenset[str]:
    found: set[str] = set()
    for alternative in alternatives:
        sets = [s for token in alternative if (s := _starts(token))]
        if not sets:
            return frozenset()
        found.update(min(sets, key=lambda keys: _cost(keys)))
    return frozenset(found)


def _cost(keys: frozenset[str]) -> int:
    common = words("shorthand", "common")
    return sum(12 if key in common else 1 for key in keys)


@cache
def forms(verb: str) -> tuple[str, ...]:
    """A verb's forms: base, third person, past (and participle), -ing."""
    return tuple(dict.fromkeys((verb, *_past(verb), _ing(verb), _third(verb))))


@cache
def _irregular() -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for line in sections("verbs")[""] if (row := tuple(line.split()))}


def _past(verb: str) -> tuple[str, ...]:
    if verb in _irregular():
        return _irregular()[verb][:-1]
    if verb.endswith("e"):
        return (verb + "d",)
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return (verb[:-1] + "ied",)
    return (verb + "ed",)


def _ing(verb: str) -> str:
    if verb in _irregular():
        return _irregular()[verb][-1]
    return (verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb) + "ing"


def _third(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if verb.endswith("y") and verb[-2] not in "aeiou" else verb + "s"


@cache
def _bases() -> frozenset[str]:
    return frozenset(_irregular())


@cache
def form_of(word: str) -> str:
    """"past" or "ing" where the word looks like one of these forms and no base form, else "base"."""
    if word in _bases():
        return "base"
    for row in _irregular().values():
        if word == row[-1]:
            return "ing"
        if word in row[:-1]:
            return "past"
    if len(word) > 4 and word.endswith("ing"):
        return "ing"
    return "past" if len(word) > 3 and word.endswith("ed") else "third" if _is_third(word) else "base"


def _is_third(word: str) -> bool:
    return len(word) > 4 and word.endswith("s") and not word.endswith("ss") and word not in ("discuss", "access")
