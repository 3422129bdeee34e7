"""What labelled mails come to: precision, recall, F1, average precision, confusion; one way for every report."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Protocol

from models.verdict import Disposition


class Counted(Protocol):
    """A labelled mail, as the figures count it."""

    @property
    def label(self) -> str: ...

    @property
    def wanted(self) -> bool:
        """It should be stopped."""
        ...

    @property
    def stopped(self) -> bool: ...

    @property
    def probability(self) -> float: ...

    @property
    def disposition(self) -> Disposition: ...


class Figures:
    """The figures of labelled mails; None where nothing was there to count (nothing stopped, nothing wanted)."""

    @property
    def counted(self) -> Sequence[Counted]:
        raise NotImplementedError

    @property
    def wanted(self) -> int:
        return sum(one.wanted for one in self.counted)

    @property
    def stopped(self) -> int:
        return sum(one.stopped for one in self.counted)

    @property
    def hits(self) -> int:
        return sum(one.stopped and one.wanted for one in self.counted)

    @property
    def precision(self) -> float | None:
        return self.hits / self.stopped if self.stopped else None

    @property
    def recall(self) -> float | None:
        return self.hits / self.wanted if self.wanted else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        return 2 * self.hits / (self.stopped + self.wanted) if self.stopped + self.wanted else None

    @property
    def average_precision(self) -> float | None:
        return average_precision([(one.probability, one.wanted) for one in self.counted])

    @property
    def confusion(self) -> dict[str, Counter[Disposition]]:
        """Label -> what became of its mails; what should be stopped comes first."""
        found: dict[str, Counter[Disposition]] = {}
        for one in sorted(self.counted, key=lambda one: (not one.wanted, one.label)):
            found.setdefault(one.label, Counter())[one.disposition] += 1
        return found

    @property
    def columns(self) -> list[Disposition]:
        """What became of the labelled mails, in the order of dispositions."""
        rows = self.confusion.values()
        return [one for one in Disposition if any(row[one] for row in rows)]


def average_precision(ranked: Sequence[tuple[float, bool]]) -> float | None:
    """The precision at each cold ask, averaged, where mails are taken by falling probability.

    Mails of one probability are taken together (Manning, Raghavan, Schütze 2008, section 8.4, for the measure).
    """
    wanted = sum(positive for _, positive in ranked)
    if not wanted:
        return None
    total, taken, hits = 0.0, 0, 0
    for _, group in groupby(sorted(ranked, key=lambda r: -r[0]), key=lambda r: r[0]):
        members = [positive for _, positive in group]
        taken, hits = taken + len(members), hits + sum(members)
        total += sum(members) * hits / taken
    return total / wanted
