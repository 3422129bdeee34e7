"""Phrases found in a sentence's plain form, those of all detectors in one look at its words.

The lines of the phrase files are in a small language (`grammar`), with a certainty of their own where one
is given: `phrase = 0.8`. Every phrase is one regular expression with bounded gaps, compiled when a sentence
first holds the words it hangs on: reading the files costs milliseconds, and time grows in step with the text.
"""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from classifier.phrases import sections
from classifier.signals import grammar
from classifier.signals.lookup import INDEX
from classifier.signals.sentences import Sentence, split


class Hit(NamedTuple):
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
        self.source = text

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(grammar.regex(self.source))


MARKS: Final = frozenset({"thereader", "theother", "'s"})  # what stands for names in a marked sentence


class Phrases:
    """The phrases of some sections, found together. `default` is the certainty of a line that gives none.

    Those `of_names` are looked for in sentences with the names marked: which may hold them shows before.
    """

    def __init__(self, lines: Iterator[tuple[str, str, float]], *, of_names: bool = False) -> None:
        self._phrases = [Phrase(line, section, default) for line, section, default in lines]
        self._number = INDEX.add((p.source for p in self._phrases), MARKS if of_names else frozenset())

    def find(self, plain: str, marked: str = "") -> list[Hit]:
        """All hits in a sentence's plain form, or in that with its names `marked`, in order of their place; at
        one place, of their lines.
        """
        known = INDEX.sentences.get(
            plain
        )  # (asked of every sentence by every detector: no call more than needed)
        candidates = (INDEX.candidates(plain) if known is None else known).get(self._number)
        if not candidates:
            return []
        hits = [
            Hit(p.section, p.certainty, m.start(), m.end(), m.group())
            for p in map(self._phrases.__getitem__, sorted(candidates))
            for m in p.pattern.finditer(marked or plain)
        ]
        return sorted(hits, key=lambda h: (h.start, -h.end)) if len(hits) > 1 else hits

    def find_in(self, text: str) -> Iterator[tuple[Sentence, list[Hit]]]:
        """The sentences of a text that hold hits, in order, each with its hits."""
        for sentence in _holding(text, INDEX.count).get(self._number, ()):
            if hits := self.find(sentence.plain):
                yield sentence, hits

    def stand_in(self, text: str) -> bool:
        """Whether a text holds a hit."""
        return any(True for _ in self.find_in(text))

    def may_find(self, plain: str) -> bool:
        """Whether there can be a hit in this sentence. Quicker than marking the names in it."""
        return self._number in INDEX.candidates(plain)


@lru_cache(maxsize=64)
def _holding(text: str, detectors: int) -> dict[int, list[Sentence]]:
    """By detector, the sentences of a text that can hold its phrases, as long as there are so many detectors."""
    found: dict[int, list[Sentence]] = {}
    for sentence in split(text):
        for detector in INDEX.candidates(sentence.plain):
            found.setdefault(detector, []).append(sentence)
    return found


def load(name: str, certainties: dict[str, float], *, of_names: bool = False) -> Phrases:
    """The sections of a phrase file named in `certainties` (section -> default); missing ones are empty."""
    found = sections(name)
    lines = ((line, s, c) for s, c in certainties.items() for line in found.get(s, ()))
    return Phrases(lines, of_names=of_names)
