"""The text being cut: its lines, what each is so far, and what the header says of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from models.mail import ZoneKind

OWN = ZoneKind.OWN


class Hints(NamedTuple):
    """What the header says that helps to read the text."""

    forwarded: bool = False  # the subject says Fwd:
    names: tuple[str, ...] = ()  # of the senders; the address where there is none


@dataclass(slots=True)
class Sheet:
    """Lines and their kinds. A line is the sender's own until something shows otherwise."""

    lines: list[str]
    kinds: list[ZoneKind]
    hints: Hints
    stripped: list[str] = field(default_factory=list)
    _seen: int = 0  # no own words above this line

    def __post_init__(self) -> None:
        self.stripped = [line.strip() for line in self.lines]

    def mark(self, start: int, end: int, kind: ZoneKind) -> None:
        """Marks the own lines of [start, end); what is marked already stays."""
        kinds = self.kinds
        for i in range(start, min(end, len(kinds))):
            if kinds[i] is OWN:
                kinds[i] = kind

    def next_filled(self, at: int) -> int:
        """The next line from `at` on that is not blank; the number of lines where there is none."""
        while at < len(self.stripped) and not self.stripped[at]:
            at += 1
        return at

    def own_above(self, at: int) -> bool:
        """Whether the sender wrote anything above this line."""
        while self._seen < at and not (self.stripped[self._seen] and self.kinds[self._seen] is OWN):
            self._seen += 1
        return self._seen < at

    def own_runs(self) -> list[tuple[int, int]]:
        """The stretches of own lines that are not blank throughout, trimmed of blank lines, in order."""
        runs: list[tuple[int, int]] = []
        start = -1
        for i, kind in enumerate([*self.kinds, None]):
            if kind is OWN and start < 0:
                start = i
            elif kind is not OWN and start >= 0:
                first, last = self.next_filled(start), i
                while last > first and not self.stripped[last - 1]:
                    last -= 1
                if first < last:
                    runs.append((first, last))
                start = -1
        return runs

    def paragraphs(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The paragraphs of [start, end), last first: lines between blank ones."""
        while end > start:
            if not self.stripped[end - 1]:
                end -= 1
                continue
            first = end
            while first > start and self.stripped[first - 1]:
                first -= 1
            yield first, end
            end = first
