"""How good verdicts are on labelled mail: the figures, by kind and by certainty, and what they cost."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from models.verdict import Disposition
from proxy.history.figures import Figures

WRONG: Final = 10.0  # what it costs to file a mail that belongs in the inbox
MISSED: Final = 1.0  # … to leave a cold ask there
UNSURE: Final = 0.2  # … to say "unsure" of either
BINS: Final = 10  # of the table of certainty
_STOPS: Final = (Disposition.FILE, Disposition.HOLD, Disposition.WARN)


class Graded(NamedTuple):
    """One labelled mail and what became of it."""

    id: str
    wanted: bool  # it should be filed, or stopped
    label: str
    accepted: tuple[str, ...]  # dispositions a careful reader accepts beside the right one
    kind: str  # the family it is of; "" where nobody said
    tie: str
    disposition: Disposition
    probability: float  # that it is a cold ask, or an offence
    reason: str
    sender: str
    subject: str
    text: str  # the sender's own
    rules: tuple[str, ...] = ()  # wanted of an outgoing one
    found: tuple[str, ...] = ()  # rules that spoke

    @property
    def stopped(self) -> bool:
        return self.disposition in _STOPS

    @property
    def right(self) -> bool:
        """As it should be, or as a careful reader accepts it."""
        plain = self.disposition is not Disposition.UNSURE and self.stopped == self.wanted
        return plain or self.disposition.value in self.accepted

    @property
    def wrong(self) -> bool:
        """Stopped, and should not be; `accepted` excuses a warning, never a filing."""
        return self.stopped and not self.wanted and self.disposition.value not in self.accepted

    @property
    def missed(self) -> bool:
        """Should be stopped, and went by (an accepted "unsure" is none)."""
        return self.wanted and not self.stopped and self.disposition.value not in self.accepted


class Bin(NamedTuple):
    """The mails whose probability lies between two bounds: how many, its mean, and the share that was wanted."""

    low: float
    high: float
    mails: int
    mean: float
    share: float


class Kind(NamedTuple):
    """What became of the mails of one kind."""

    name: str
    mails: int
    wanted: int
    became: Counter[Disposition]
    right: int


class Point(NamedTuple):
    """What a threshold would give: the share of the wanted above it, the share wanted of those above, the cost."""

    threshold: float
    recall: float
    precision: float
    cost: float  # each mail, with no "unsure"


@dataclass(frozen=True)
class Evaluation(Figures):
    """The figures of one direction."""

    mails: tuple[Graded, ...]

    @property
    def counted(self) -> Sequence[Graded]:
        return self.mails

    @property
    def cost(self) -> float | None:
        """Of each mail: 10 for one wrongly filed, 1 for one missed, 0.2 for one left unsure."""
        return sum(map(cost_of, self.mails)) / len(self.mails) if self.mails else None

    @property
    def rules_right(self) -> tuple[int, int]:
        """Of outgoing mail that a rule must find: how often every such rule spoke, and of how many."""
        named = [m for m in self.mails if m.rules]
        return sum(set(m.rules) <= set(m.found) for m in named), len(named)

    @property
    def wrong(self) -> list[Graded]:
        """Surest first."""
        return sorted((m for m in self.mails if m.wrong), key=lambda m: -m.probability)

    @property
    def missed(self) -> list[Graded]:
        """Least suspected first."""
        return sorted((m for m in self.mails if m.missed), key=lambda m: m.probability)

    def kinds(self) -> list[Kind]:
        """The figures of each kind, what should be stopped first; empty where no mail names one."""
        ranked = sorted(self.mails, key=_kind_of)
        return [_kind(name, list(mails)) for (_, name), mails in groupby(ranked, _kind_of) if name]

    @property
    def reliability(self) -> list[Bin]:
        """How honest the probabilities are: a well calibrated model has `share` near `mean` in every bin."""
        found = []
        for place in range(BINS):
            inside = [m for m in self.mails if min(int(m.probability * BINS), BINS - 1) == place]
            if inside:
                mean = sum(m.probability for m in inside) / len(inside)
                share = sum(m.wanted for m in inside) / len(inside)
                found.append(Bin(place / BINS, (place + 1) / BINS, len(inside), mean, share))
        return found

    @property
    def calibration_error(self) -> float | None:
        """The mean distance of `share` from `mean`, by mails (Naeini, Cooper, Hauskrecht 2015)."""
        if not self.mails:
            return None
        return sum(b.mails * abs(b.share - b.mean) for b in self.reliability) / len(self.mails)

    @property
    def curve(self) -> list[Point]:
        """What each threshold would give, from the highest down; empty where nothing is wanted."""
        ranked = sorted(self.mails, key=lambda m: -m.probability)
        wanted, points = self.wanted, list[Point]()
        taken = hits = 0
        for threshold, group in groupby(ranked, key=lambda m: m.probability):
            members = [m.wanted for m in group]
            taken, hits = taken + len(members), hits + sum(members)
            cost = (WRONG * (taken - hits) + MISSED * (wanted - hits)) / len(ranked)
            if wanted:
                points.append(Point(threshold, hits / wanted, hits / taken, cost))
        return points


def cost_of(mail: Graded) -> float:
    """What a verdict costs (the weights of the incoming side; a warning counts as one too many)."""
    if mail.disposition is Disposition.UNSURE:
        return UNSURE
    if mail.stopped:
        return 0.0 if mail.wanted else WRONG
    return MISSED if mail.wanted else 0.0


def _kind_of(mail: Graded) -> tuple[bool, str]:
    return not mail.wanted, mail.kind


def _kind(name: str, mails: Sequence[Graded]) -> Kind:
    became = Counter(m.disposition for m in mails)
    return Kind(name, len(mails), sum(m.wanted for m in mails), became, sum(m.right for m in mails))


def evaluations(mails: Iterable[Graded]) -> dict[str, Evaluation]:
    """By direction, those that have any: "incoming", "outgoing"."""
    both = list(mails)
    outgoing = {Disposition.PASS, Disposition.NOTE, Disposition.WARN, Disposition.HOLD}
    found = {
        "incoming": Evaluation(tuple(m for m in both if m.disposition not in outgoing)),
        "outgoing": Evaluation(tuple(m for m in both if m.disposition in outgoing)),
    }
    return {name: one for name, one in found.items() if one.mails}
