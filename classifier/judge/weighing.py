"""How likely a stranger's letter is a cold ask: a table of points; a fitted model can stand here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from classifier.signals.odds import probability
from classifier.signals.wants import KINDS
from models.finding import Ask
from models.heard import Heard

# Points in log-odds for a sign of full certainty. In a group the strongest sign counts whole, each further
# one less (FADE). Chosen by hand on own letters; the costs weighed by are 10 : 1 : 0.2.
BASE: Final = -2.2  # nothing found

ASKS: Final[Mapping[Ask, float]] = {
    Ask.TIME: 4.1,
    Ask.ADVICE: 4.0,
    Ask.FAVOUR: 4.6,
    Ask.CONTACTS: 4.8,
    Ask.INTRODUCTION: 5.0,
    Ask.JOB: 5.0,
    Ask.BUSINESS: 4.6,
    Ask.REFERRAL: 5.0,
    Ask.TESTIMONIAL: 4.8,
    Ask.MONEY: 4.8,
    Ask.RECRUIT: 5.0,
    Ask.PETITION: 4.6,
}
CUES: Final[Mapping[str, float]] = {
    "links": 5.0,
    "candidates": 4.8,
    "survey": 4.4,
    "invest": 4.4,
}
TRAITS: Final[Mapping[str, float]] = {
    "vendor": 1.7,
    "nudge": 1.6,
    "familiar": 0.6,
    "reward": 1.4,
    "minimiser": 1.4,
    "wish": 1.2,
    "capital": 1.4,
    "status": 1.2,
    "admission": 1.2,
    "request": 0.5,
    "offer": 1.5,
    "asset": 0.6,
    "closing-question": 0.7,
    "opening-question": -0.8,
    "bare-name": 0.5,
    "pretext": 0.7,
    "pressure": 0.6,
    "resume": 2.4,
    "offer-enclosed": 1.2,
    "not-to-reader": 1.4,
    "crowd": -0.4,
    "figures": 0.4,
    "booking-link": 1.0,
    "nobody-greeted": 0.4,
    "sending-tool": 0.8,
    "unsubscribe-line": 0.8,
    "refused": 2.0,
    "filed-before": 1.5,
    "unanswered-wish": 2.6,
    "bump": 3.2,
    "claims-introducer": 0.5,
}
KEPT: Final[Mapping[str, float]] = {
    "buying": -4.6,
    "hiring": -4.2,
    "case": -3.2,
    "press": -4.0,
    "office": -3.6,
    "security": -4.4,
    "nothing": -2.4,
    "office-name": -1.6,
    "reference": -1.4,
    "role-mailbox": -2.5,
    "invited": -2.5,
    "warm": -3.0,
    "mailing": -3.0,
    "bulk-sender": -1.5,
    "many-links": -0.8,
    "list-tag": -1.0,
    "applying": 0.0,  # counts only with the owner's own call (judge.incoming)
}
FADE: Final = (1.0, 0.45, 0.3, 0.2)
FADE_TRAITS: Final = (1.0, 0.8, 0.65, 0.5)
AGAIN: Final = (1.0, 0.3, 0.2, 0.1)  # what the second, third … sentence with the same sign adds
MOST: Final = 1.25  # of the certainty of signs found together

# Kinds that nobody asks in so many words as a customer, and from which certainty phrases and model agree on one.
PLAIN_KINDS: Final = frozenset(
    (Ask.CONTACTS.value, Ask.INTRODUCTION.value, Ask.REFERRAL.value, Ask.TESTIMONIAL.value)
)
PLAIN_FROM: Final = 0.9
LOUD: Final = 0.8  # points that the signs gain where they stand alone
LOUD_FROM: Final = 2.95
AGAINST: Final = 0.4  # of what the model says against them

FILE_ABOVE: Final = 0.95
UNSURE_ABOVE: Final = 0.2


class Mix(NamedTuple):
    """How the points and what a model heard stand together, in log-odds (docs/model-card.md)."""

    bias: float
    points: float
    cold: float


# Fitted on letters whose author the model had not read.
MIXES: Final[Mapping[str, Mix]] = {
    "core": Mix(1.1, 0.3, 0.6),
    "encoder": Mix(2.2, 0.2, 0.45),
}

_TABLE: Final = {**TRAITS, **KEPT, **CUES, **{a.value: p for a, p in ASKS.items()}}
_GROUPS: Final = (
    (frozenset({a.value for a in Ask} | set(CUES) | set(KINDS)), FADE),
    (frozenset(KEPT), FADE),
    (frozenset(TRAITS), FADE_TRAITS),
)


@dataclass(frozen=True, slots=True)
class Sign:
    """One piece of evidence: its row in the table, how sure (0..1), and the words (may be empty)."""

    name: str
    certainty: float = 1.0
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The log-odds of a cold ask, and the signs that moved it most, strongest first."""

    score: float
    top: tuple[Sign, ...]

    @property
    def probability(self) -> float:
        """Of a cold ask, 0..1."""
        return probability(self.score)

    def moved(self, shift: float) -> "Weighed":
        """The same with something added to the log-odds."""
        return Weighed(self.score + shift, self.top)


def points_of_all() -> Mapping[str, float]:
    """Every sign of the table and its points."""
    return _TABLE


def points(sign: Sign) -> float:
    """What a sign alone adds to the log-odds."""
    return _TABLE.get(sign.name, 0.0) * sign.certainty


def weigh(signs: Iterable[Sign], heard: Heard | None = None) -> Weighed:
    """Add the signs up, with what a model heard. Of one name the surest counts whole, each further one less."""
    named: dict[str, list[Sign]] = {}
    for sign in signs:
        named.setdefault(sign.name, []).append(sign)
    # The name decides between equals: what a mail is worth never depends on the order its signs came in.
    ranked = sorted(map(_together, named.values()), key=lambda s: (-abs(points(s)), s.name))
    total = BASE
    for group, fade in _GROUPS:
        members = [points(s) for s in ranked if s.name in group]
        for place, value in enumerate(members):
            total += value * fade[min(place, len(fade) - 1)]
    if heard is not None:
        mix = MIXES[heard.ear]
        # The corpus' letters ask obliquely. What signs say loudly, or what is asked in so many words, is believed
        # as far as the model does not speak against it.
        plainly = any(s.name in PLAIN_KINDS and s.certainty >= PLAIN_FROM for s in ranked)
        loud = total + LOUD + (0.0 if plainly else AGAINST * min(heard.cold, 0.0))
        mixed = mix.bias + mix.points * total + mix.cold * heard.cold
        total = max(mixed, loud) if loud >= LOUD_FROM else mixed
    return Weighed(total, tuple(ranked))


def _together(signs: list[Sign]) -> Sign:
    """Signs of one name as one: the surest's words, and a certainty that grows with the others."""
    ranked = sorted(signs, key=lambda s: -s.certainty)
    certainty = sum(s.certainty * again for s, again in zip(ranked, AGAIN, strict=False))
    return Sign(ranked[0].name, min(certainty, MOST), ranked[0].quote)
