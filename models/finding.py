"""What a rule sees (a remark), and what becomes of it (a finding)."""

from enum import StrEnum

from models.word import Word


class Ask(StrEnum):
    """The kinds of ask (etiquette, section 2)."""

    TIME = "time"
    ADVICE = "advice"
    CONTACTS = "contacts"
    INTRODUCTION = "introduction"
    JOB = "job"
    BUSINESS = "business"
    REFERRAL = "referral"
    TESTIMONIAL = "testimonial"
    FAVOUR = "favour"
    MONEY = "money"
    RECRUIT = "recruit"
    PETITION = "petition"

    __hash__ = str.__hash__  # an enumeration's own is slower


class Effect(StrEnum):
    """What a finding does to a mail, weakest first."""

    OFF = "off"
    PASS = "pass"  # noqa: S105  (not a password)
    NOTE = "note"
    WARN = "warn"
    HOLD = "hold"

    __hash__ = str.__hash__

    @property
    def rank(self) -> int:
        return list(Effect).index(self)


class AskSpan(Word):
    """An ask found in a mail's own text: its kind, how sure (0..1), the words, and whom the sentence names."""

    ask: Ask
    certainty: float
    quote: str  # verbatim part of `Mail.own_text`, white space collapsed, 200 characters at most
    start: int = 0  # character offsets into `Mail.own_text`
    end: int = 0
    target: str = ""  # the third person or firm the ask is about ("introduce me to X"), where named


class Remark(Word):
    """Evidence a rule found. It does not say what happens: `policy` does."""

    message: str  # to the sender, at most two sentences, names person and fact
    advice: str  # what to write or do instead
    quote: str = ""
    certainty: float = 1.0  # 0..1
    ask: Ask | None = None
    people: tuple[str, ...] = ()  # addresses as written, lower-cased
    ceiling: Effect = Effect.HOLD  # the strongest effect this evidence can carry


class Finding(Word):
    """A remark with its rule and effect: what a verdict shows."""

    rule: str
    effect: Effect
    certainty: float
    ask: Ask | None = None
    people: tuple[str, ...] = ()
    quote: str = ""
    message: str
    advice: str = ""
