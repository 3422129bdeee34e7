"""How good a walk was by labels: the figures, and the misses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from models.verdict import Disposition, IncomingVerdict
from proxy.history.figures import Figures
from proxy.history.replay import Replayed

POSITIVE: Final = "cold_ask"


class Scored(NamedTuple):
    """A labelled mail that was met."""

    label: str
    one: Replayed

    @property
    def wanted(self) -> bool:
        return self.label == POSITIVE

    @property
    def disposition(self) -> Disposition:
        return self.one.verdict.disposition

    @property
    def stopped(self) -> bool:
        """It was filed; what becomes of outgoing mail is not counted here."""
        return self.disposition is Disposition.FILE

    @property
    def probability(self) -> float:
        """That it is a cold ask; an outgoing mail is none."""
        return self.one.verdict.probability if isinstance(self.one.verdict, IncomingVerdict) else 0.0


@dataclass(frozen=True)
class Quality(Figures):
    """The figures of a walk."""

    given: int  # labels in the file
    met: tuple[Scored, ...]  # in order of date

    @classmethod
    def of(cls, labels: Mapping[str, str], met: Mapping[str, Replayed]) -> "Quality":
        """By Message-ID: what each mail is, and what became of those that were met."""
        scored = (Scored(labels[key], one) for key, one in met.items())
        return cls(len(labels), tuple(sorted(scored, key=lambda s: s.one.when)))

    @property
    def counted(self) -> Sequence[Scored]:
        return self.met

    @property
    def unsure(self) -> int:
        """Cold asks that were neither filed nor plainly kept."""
        return sum(s.wanted and s.disposition is Disposition.UNSURE for s in self.met)

    @property
    def wrong(self) -> list[Scored]:
        """Filed, and no cold ask."""
        return [s for s in self.met if s.stopped and not s.wanted]

    @property
    def missed(self) -> list[Scored]:
        """A cold ask, and not filed."""
        return [s for s in self.met if s.wanted and not s.stopped]
