"""What judgement says of one mail: the JSON of interface.md, as types."""

from enum import StrEnum
from typing import Literal

from models.finding import Ask, Effect, Finding
from models.past import Tie
from models.word import Word


class Disposition(StrEnum):
    """What becomes of a mail. Outgoing: pass, note, warn, hold. Incoming: keep, unsure, file."""

    PASS = "pass"  # noqa: S105  (not a password)
    NOTE = "note"
    WARN = "warn"
    HOLD = "hold"
    KEEP = "keep"
    UNSURE = "unsure"
    FILE = "file"


class TieShown(Word):
    """A tie and its facts, as shown."""

    tie: Tie
    facts: tuple[str, ...]


class AskShown(Word):
    """An ask and its words, as shown."""

    ask: Ask
    quote: str


class Verdict(Word):
    """One judgement. `ties` is keyed by the address as written, lower-cased."""

    disposition: Disposition
    findings: tuple[Finding, ...] = ()
    reason: str
    ties: dict[str, TieShown] = {}

    @property
    def stopped(self) -> bool:
        """Held or filed: `check` answers 1."""
        return self.disposition in (Disposition.HOLD, Disposition.FILE)

    @property
    def rules(self) -> tuple[str, ...]:
        """The names of the rules that stand out at the verdict's own strength, each once."""
        strongest = max((f.effect.rank for f in self.findings), default=0)
        return tuple(dict.fromkeys(f.rule for f in self.findings if f.effect.rank == strongest))


class OutgoingVerdict(Verdict):
    direction: Literal["outgoing"] = "outgoing"

    def of_effect(self, *effects: Effect) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.effect in effects)


class IncomingVerdict(Verdict):
    direction: Literal["incoming"] = "incoming"
    probability: float  # that it is a cold ask, 0..1
    asks: tuple[AskShown, ...] = ()
    because: tuple[str, ...] = ()  # the strongest reasons in the text, half sentences after "the letter"
