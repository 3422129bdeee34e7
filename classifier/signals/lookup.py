"""Which phrases can a sentence hold? One index for those of all detectors: its words are looked up once."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from classifier.signals.grammar import Words, cost, needs, neighbours

_RARE: Final = 4  # what is as rare as this needs nothing rarer
_COMMON: Final = 4_000  # what is more common than this is no help
_PAIRS: Final = 150  # two sets with more pairs than this are not looked up by their pairs
_SENTENCES: Final = 1_000  # of so many sentences one holds a word, on the scale of `cost`
_KNOWN_WORDS: Final = 20_000  # words of which is remembered what they meet
_KNOWN_SENTENCES: Final = 1_024


class Anchored(NamedTuple):
    """A phrase by what it hangs on: which other needs a sentence must meet, as bits, and whose phrase it is."""

    rest: int
    detector: int
    number: int


@dataclass(slots=True)
class _Meets:
    """What a word does for phrases: needs it meets, as bits; phrases that hang on it, alone or with the next."""

    needs: int = 0
    phrases: list[Anchored] = field(default_factory=list)
    following: dict[str, list[Anchored]] = field(default_factory=dict)


_IDLE: Final = _Meets()  # most words


class Index:
    """The phrases of all detectors by the rarest thing each needs: a word, or two side by side.

    A phrase is tried only in a sentence that holds this and one word of each of its other parts.
    """

    def __init__(self) -> None:
        self.count = 0  # of detectors
        # Mails are judged in threads of their own, and the first load phrases.
        self._adding = threading.Lock()
        self._always: list[Anchored] = []  # phrases that hang on nothing rare
        self._bits: dict[Words, int] = {}  # the bit of a need
        self._meets: dict[str, _Meets] = {}  # by a word as phrases write it
        self._lengths: set[int] = set()  # of the beginnings that phrases write ("introduc*")
        self._forget()

    def _forget(self) -> None:
        """What is remembered holds for the phrases there are. (New tables: a thread may read the old ones.)"""
        self._words: dict[str, _Meets] = {}
        self.sentences: dict[str, dict[int, set[int]]] = {}  # what `candidates` remembers

    def add(self, sources: Iterable[str], given: Words = frozenset()) -> int:
        """Take in one detector's phrases; its number.

        Words that are `given` stand anywhere: what is found then is what a sentence could hold with them.
        """
        phrases = tuple(sources)
        with self._adding:
            detector = self.count
            for number, source in enumerate(phrases):
                self._hang(source, Anchored(0, detector, number), given)
            self._forget()
            self.count += 1  # last: what was remembered for so many knew them whole
        return detector

    def _hang(self, source: str, phrase: Anchored, given: Words) -> None:
        parts = sorted(needs(source, given), key=cost)
        single = cost(parts[0]) if parts else _COMMON
        pairs = (p for p in neighbours(source) if given.isdisjoint(p[0] | p[1])) if single > _RARE else ()
        pair = min(filter(_is_listed, pairs), key=_cost_of, default=None)
        if pair and _cost_of(pair) < min(single, _COMMON):
            anchored = phrase._replace(rest=self._mask(p for p in parts if p not in pair))
            for one in pair[0]:
                for two in pair[1]:
                    self._meeting(one).following.setdefault(two, []).append(anchored)
        elif single < _COMMON:
            anchored = phrase._replace(rest=self._mask(parts[1:]))
            for word in parts[0]:
                self._meeting(word).phrases.append(anchored)
        else:
            self._always.append(phrase._replace(rest=self._mask(parts)))

    def _mask(self, parts: Iterable[Words]) -> int:
        mask = 0
        for need in parts:
            bit = self._bits.get(need)
            if bit is None:
                bit = self._bits[need] = 1 << len(self._bits)
                for word in need:
                    self._meeting(word).needs |= bit
            mask |= bit
        return mask

    def _meeting(self, word: str) -> _Meets:
        known = self._meets.get(word)
        if known is None:
            known = self._meets[word] = _Meets()
            if word[-1] == "*":
                self._lengths.add(len(word) - 1)
        return known

    def candidates(self, plain: str) -> dict[int, set[int]]:
        """By detector, the numbers of the phrases that this sentence can hold; all ask it in turn."""
        known = self.sentences
        found = known.get(plain)
        if found is None:
            if len(known) >= _KNOWN_SENTENCES:
                known = self.sentences = {}
            found = known[plain] = self._candidates(plain)
        return found

    def _candidates(self, plain: str) -> dict[int, set[int]]:
        words, mask = self._words, 0
        anchored = [self._always]
        before: dict[str, list[Anchored]] = {}
        for word in plain.split():
            known = words.get(word) or self._learn(word, words)
            if word in before:
                anchored.append(before[word])
            before = known.following
            if known is not _IDLE:
                mask |= known.needs
                if known.phrases:
                    anchored.append(known.phrases)
        found: dict[int, set[int]] = {}
        for phrases in anchored:
            for rest, detector, number in phrases:
                if mask & rest == rest:
                    if detector in found:
                        found[detector].add(number)
                    else:
                        found[detector] = {number}
        return found

    def _learn(self, word: str, words: dict[str, _Meets]) -> _Meets:
        """What a word as it stands in a sentence meets."""
        begins = (f"{word[:length]}*" for length in tuple(self._lengths) if length <= len(word))
        known = [m for spelt in (word, *begins) if (m := self._meets.get(spelt))]
        mask = 0
        for one in known:
            mask |= one.needs
        if len(words) >= _KNOWN_WORDS:
            words.clear()
        exact = self._meets.get(word)
        following = exact.following if exact else {}
        phrases = [p for one in known for p in one.phrases]
        found = words[word] = _Meets(mask, phrases, following) if mask or phrases or following else _IDLE
        return found


def _is_listed(pair: tuple[Words, Words]) -> bool:
    """Whether the pairs of two sets are few, and of whole words."""
    one, two = pair
    return len(one) * len(two) <= _PAIRS and not any(w[-1] == "*" for w in (*one, *two))


def _cost_of(pair: tuple[Words, Words]) -> float:
    return cost(pair[0]) * cost(pair[1]) / _SENTENCES


INDEX: Final = Index()
