"""How good a walk was by labels: precision, recall, average precision, confusion, the misses."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from models.verdict import Disposition, IncomingVerdict
from proxy.history.replay import Replayed

POSITIVE: Final = "cold_ask"
COLUMNS: Final = (*Disposition,)


class Scored(NamedTuple):
    """A labelled mail that was met."""

    label: str
    one: Replayed

    @property
    def wanted(self) -> bool:
        return self.label == POSITIVE

    @property
    def filed(self) -> bool:
        return self.one.verdict.disposition is Disposition.FILE

    @property
    def probability(self) -> float:
        """That it is a cold ask; an outgoing mail is none."""
        return self.one.verdict.probability if isinstance(self.one.verdict, IncomingVerdict) else 0.0


class Quality(NamedTuple):
    """The figures; None where nothing was there to count (nothing filed, nothing wanted)."""

    given: int  # labels in the file
    met: tuple[Scored, ...]  # in order of date

    @classmethod
    def of(cls, labels: Mapping[str, str], met: Mapping[str, Replayed]) -> "Quality":
        """By Message-ID: what each mail is, and what became of those that were met."""
        scored = (Scored(labels[key], one) for key, one in met.items())
        return cls(len(labels), tuple(sorted(scored, key=lambda s: s.one.when)))

    @property
    def filed(self) -> int:
        return sum(s.filed for s in self.met)

    @property
    def wanted(self) -> int:
        return sum(s.wanted for s in self.met)

    @property
    def hits(self) -> int:
        return sum(s.filed and s.wanted for s in self.met)

    @property
    def unsure(self) -> int:
        """Cold asks that were neither filed nor plainly kept."""
        return sum(s.wanted and s.one.verdict.disposition is Disposition.UNSURE for s in self.met)

    @property
    def precision(self) -> float | None:
        return self.hits / self.filed if self.filed else None

    @property
    def recall(self) -> float | None:
        return self.hits / self.wanted if self.wanted else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        return 2 * self.hits / (self.filed + self.wanted) if self.filed + self.wanted else None

    @property
    def average_precision(self) -> float | None:
        return average_precision([(s.probability, s.wanted) for s in self.met])

    @property
    def confusion(self) -> dict[str, Counter[Disposition]]:
        """Label -> what became of its mails; cold asks first."""
        found: dict[str, Counter[Disposition]] = {}
        for s in sorted(self.met, key=lambda s: (not s.wanted, s.label)):
            found.setdefault(s.label, Counter())[s.one.verdict.disposition] += 1
        return found

    @property
    def wrong(self) -> list[Scored]:
        """Filed, and no cold ask."""
        return [s for s in self.met if s.filed and not s.wanted]

    @property
    def missed(self) -> list[Scored]:
        """A cold ask, and not filed."""
        return [s for s in self.met if s.wanted and not s.filed]


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
