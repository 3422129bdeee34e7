"""What a walk through a mailbox comes to: counts by month, reasons, the mails that stand out."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from classifier.signals.automation import Nature, nature
from models.finding import Effect
from models.past import Owner
from models.verdict import Disposition, IncomingVerdict, Verdict
from proxy.history.hermetic import START
from proxy.history.replay import Replayed
from proxy.history.rhythm import Correspondence

FEW: Final = 5  # mails shown as the clearest, and as the most doubtful
NO_DATE: Final = "no date"
COLLEAGUE: Final = "colleague"
MACHINE: Final = "mailing"
# What a person is told of: incoming first, the heavier first.
TOLD: Final = {
    Disposition.FILE: "filed",
    Disposition.UNSURE: "unsure",
    Disposition.HOLD: "held",
    Disposition.WARN: "warned",
}


class Standout(NamedTuple):
    """A mail that would have been filed, held or doubted, as the mail names itself (escape it)."""

    when: datetime
    who: str  # the sender, or "to" and the first recipient
    subject: str
    disposition: Disposition
    reason: str
    likely: float  # incoming: that it is a cold ask; outgoing: that the rule is right. 0..1

    @property
    def day(self) -> str:
        """Its date, in words where nothing tells it."""
        return day_of(self.when)

    @property
    def stopped(self) -> bool:
        return self.disposition in (Disposition.FILE, Disposition.HOLD)

    @property
    def incoming(self) -> bool:
        return self.disposition in (Disposition.FILE, Disposition.UNSURE)

    @property
    def clarity(self) -> float:
        """How far from a coin's toss, 0.5..1."""
        return max(self.likely, 1 - self.likely)


def day_of(when: datetime) -> str:
    """The day of a mail, in words where neither it nor the mails before it told one."""
    return NO_DATE if when <= START else f"{when:%Y-%m-%d}"


@dataclass
class Month:
    """Counts of one month; `ties` of incoming mail, by the sender's tie as it stood then."""

    incoming: int = 0
    outgoing: int = 0
    became: Counter[Disposition] = field(default_factory=Counter)
    ties: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Month") -> None:
        """Count another month in."""
        self.incoming += other.incoming
        self.outgoing += other.outgoing
        self.became.update(other.became)
        self.ties.update(other.ties)


@dataclass
class Summary:
    """All that the report and the page show of the mails. Copies are counted and otherwise left out."""

    owner: Owner
    mails: int = 0
    copies: int = 0
    unreadable: int = 0
    months: dict[tuple[int, int], Month] = field(default_factory=lambda: defaultdict(Month))
    undated: Month = field(
        default_factory=Month
    )  # mail that neither says when it was written nor stands behind one
    reasons: Counter[str] = field(default_factory=Counter)
    told: list[Standout] = field(default_factory=list)  # in order of date
    letters: Correspondence = field(default_factory=Correspondence)
    last: datetime | None = None

    def add(self, one: Replayed) -> None:
        """Count one mail."""
        self.mails += 1
        self.copies += one.duplicate
        self.unreadable += bool(one.mail.unreadable)
        if one.duplicate:
            return
        if one.letter is not None:
            self.letters.add(one.letter)
            self.last = one.letter.date if self.last is None else max(self.last, one.letter.date)
        undated = one.when <= START
        self._count(self.undated if undated else self.months[one.when.year, one.when.month], one)
        if one.verdict.disposition in TOLD:
            self.reasons.update(_reasons(one.verdict))
            self.told.append(_standout(one))

    def _count(self, month: Month, one: Replayed) -> None:
        month.became[one.verdict.disposition] += 1
        if isinstance(one.verdict, IncomingVerdict):
            month.incoming += 1
            month.ties[self._standing(one)] += 1
        else:
            month.outgoing += 1

    def _standing(self, one: Replayed) -> str:
        """The sender's tie, or that it is no letter from outside at all."""
        if nature(one.mail) is not Nature.PERSONAL:
            return MACHINE
        sender = one.mail.sender
        if sender is not None and self.owner.is_internal(sender.address):
            return COLLEAGUE
        return next((shown.tie.value for shown in one.verdict.ties.values()), "unknown")

    @property
    def end(self) -> datetime:
        """Just after the last mail; the last mail counts."""
        return (self.last or START) + timedelta(seconds=1)

    @property
    def total(self) -> Month:
        """All months together, and the mail of none."""
        whole = Month()
        for month in (self.undated, *self.months.values()):
            whole.add(month)
        return whole

    @property
    def rows(self) -> list[tuple[str, Month]]:
        """The months by name, oldest first, the mail of none before them, and the total."""
        named = [(f"{year:04}-{number:02}", month) for (year, number), month in sorted(self.months.items())]
        return [
            *([(NO_DATE, self.undated)] if self.undated != Month() else []),
            *named,
            ("total", self.total),
        ]

    @property
    def clearest(self) -> list[Standout]:
        """What would have been filed or held with the least doubt, the clearest first."""
        stopped = [one for one in self.told if one.stopped]
        return sorted(stopped, key=lambda one: -one.clarity)[:FEW]

    @property
    def doubtful(self) -> list[Standout]:
        """What coldask is least sure of among all it would have told, the most doubtful first."""
        clear = self.clearest
        rest = [one for one in self.told if one not in clear]
        return sorted(rest, key=lambda one: one.clarity)[:FEW]


def _standout(one: Replayed) -> Standout:
    verdict, mail = one.verdict, one.mail
    if isinstance(verdict, IncomingVerdict):
        likely = verdict.probability
        who = " ".join(f"{m.name} <{m.address}>" if m.name else m.address for m in mail.senders[:1])
    else:
        strongest = max((f.effect.rank for f in verdict.findings), default=0)
        likely = max((f.certainty for f in verdict.findings if f.effect.rank == strongest), default=1.0)
        people = [*verdict.ties]
        more = f" and {len(people) - 1} more" if len(people) > 1 else ""
        who = f"to {people[0] if people else 'nobody'}{more}"
    return Standout(one.when, who, mail.subject, verdict.disposition, verdict.reason, likely)


def _reasons(verdict: Verdict) -> set[str]:
    word = TOLD[verdict.disposition]
    if isinstance(verdict, IncomingVerdict):
        return {f"{word}: asks for {shown.ask.value}" for shown in verdict.asks} or {f"{word}: other reasons"}
    return {f"{word}: {f.rule}" for f in verdict.findings if f.effect in (Effect.HOLD, Effect.WARN)}
