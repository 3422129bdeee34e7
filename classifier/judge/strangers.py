"""Weighing what somebody below `established` asks: strangers, the introduced, and people answered once."""

from dataclasses import dataclass
from typing import Final

from classifier.judge import reasons
from classifier.judge.claims import Claim, claimed_introducer
from classifier.judge.weighing import UNSURE_ABOVE, Sign, Weighed, signs_of_asks, weigh
from classifier.policy import MATRIX
from classifier.signals.cues import Cue, find_cues
from classifier.signals.form import form
from classifier.signals.introductions import find_introduction
from classifier.signals.recipients import role_of
from classifier.signals.sentences import split
from classifier.signals.wants import find_wants
from models.address import canonical
from models.finding import Ask, AskSpan, Effect
from models.mail import Mail
from models.past import Past, Relation, Tie
from models.verdict import Disposition

_SURE: Final = 0.75  # of an ask, to file an introduced person by it
_LIKELY: Final = 0.5
LETTER: Final = 25  # sentences of a letter; longer texts are documents
_KEPT: Final = ("buying", "hiring", "case", "press", "office", "security", "nothing", "warm")
_WHY_KEPT: Final = {
    "buying": "wants to buy from you",
    "hiring": "wants to hire you",
    "case": "writes about an order, a booking or a case with you",
    "press": "writes for the press with a question",
    "office": "writes in an office",
    "security": "reports a security problem",
    "nothing": "wants nothing of you",
    "warm": "writes like somebody who knows you",
    "mailing": "sent a mailing",
}
# What a role mailbox is there for: asks of these kinds, sent to it, are not cold.
_ROLE_ASKS: Final = {
    "jobs": (Ask.JOB,),
    "press": (Ask.FAVOUR,),
    "events": (Ask.FAVOUR,),
    "partners": (Ask.BUSINESS,),
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is thought of a mail: the verdict's core. `rule` names the finding, "" for none."""

    disposition: Disposition
    probability: float  # that it is a cold ask
    reason: str
    ask: AskSpan | None = None
    rule: str = ""
    asks: tuple[AskSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A mail with the past, its sender's relation and the threshold."""

    mail: Mail
    past: Past
    relation: Relation
    file_above: float

    @property
    def who(self) -> str:
        assert self.mail.sender is not None
        return canonical(self.mail.sender.address)

    def wants(self) -> tuple[AskSpan, ...]:
        """The asks that nobody invited and no role mailbox is there for."""
        lifted = {a for i in self.past.invitations if i.whom == self.who for a in i.asks}
        for box in self.mail.to:
            if self.past.owner.is_internal(box.address):
                lifted.update(_ROLE_ASKS.get(role_of(box.address) or "", ()))
        return tuple(a for a in find_wants(self.mail) if a.ask not in lifted)


def weigh_stranger(case: Case) -> Opinion:
    """A mail from somebody unknown or one-sided: asks, traits and reasons to keep, added up."""
    asks, cues = _toned(case), find_cues(case.mail)
    claim = claimed_introducer(case.mail, case.past)
    signs = [*signs_of_asks(asks), *_signs(case, cues)]
    if claim:
        signs.append(Sign("claims-introducer"))
    if (brought := _introduces(case)) is not None:
        asks = (brought, *asks)
        signs.append(Sign(brought.ask.value, brought.certainty, brought.quote))
    if case.past.calls and any(c.name in ("applying", "job") for c in cues):
        return _kept(case, asks, 0.05, "answers your public call")
    weighed = weigh(signs)
    first = _heaviest(asks, weighed)
    file_above = case.file_above
    if weighed.probability >= file_above:
        if (claim and claim.established) or _says_acquainted(cues, weighed):
            extra = _extra(case, cues, claim)
            reason = reasons.unsure(case.mail, case.relation, first, extra)
            return Opinion(
                Disposition.UNSURE, min(weighed.probability, 0.85), reason, first, "cold-ask", asks
            )
        extra = _extra(case, cues, claim)
        reason = reasons.cold(case.mail, case.relation, first, extra)
        return Opinion(Disposition.FILE, weighed.probability, reason, first, "cold-ask", asks)
    if weighed.probability >= UNSURE_ABOVE or _false_reply(case, asks, weighed):
        extra = _extra(case, cues, claim)
        reason = reasons.unsure(case.mail, case.relation, first, extra)
        return Opinion(
            Disposition.UNSURE, max(weighed.probability, UNSURE_ABOVE), reason, first, "cold-ask", asks
        )
    return _kept(case, asks, weighed.probability, _why_kept(weighed, asks))


def weigh_vouched(case: Case) -> Opinion:
    """An introduced person: kept, unless the letter asks at once for what an introduction does not carry."""
    asks = case.wants()
    heavy = [a for a in asks if MATRIX[a.ask][Tie.VOUCHED] is Effect.HOLD]
    cues = find_cues(case.mail)
    kept = max((c.certainty for c in cues if c.name in ("buying", "hiring", "case")), default=0.0)
    shapes = form(case.mail, case.past.owner)
    introduction = case.past.introduction_of(case.who)
    introducer = (introduction.name or introduction.introducer) if introduction else "Somebody you know"
    first = max(heavy, key=lambda a: a.certainty, default=None)
    certainty = first.certainty if first else 0.0
    if shapes & {"resume", "offer-enclosed"}:
        certainty = max(certainty, 0.7) + 0.15
    if kept >= _SURE:
        certainty -= 0.4
    if certainty >= _SURE:
        reason = reasons.blown(case.mail, introducer, first)
        return Opinion(
            Disposition.FILE, max(certainty, case.file_above), reason, first, "blown-introduction", asks
        )
    if certainty >= 0.6:
        reason = reasons.unsure(case.mail, case.relation, first, f"was introduced by {introducer}")
        return Opinion(Disposition.UNSURE, certainty, reason, first, "blown-introduction", asks)
    return _kept(case, asks, 0.05, f"was introduced to you by {introducer}")


def weigh_answered(case: Case, why: str) -> Opinion:
    """Somebody answered before: never filed; an ask that still needs more is `unsure`."""
    asks = case.wants()
    first = next(
        (a for a in asks if MATRIX[a.ask][Tie.ANSWERED] is Effect.HOLD and a.certainty >= _SURE), None
    )
    if first and case.relation.tie is Tie.ANSWERED:
        reason = reasons.unsure(case.mail, case.relation, first)
        return Opinion(Disposition.UNSURE, 0.5, reason, first, "cold-ask", asks)
    return _kept(case, asks, 0.02, f"is {why}")


def _toned(case: Case) -> tuple[AskSpan, ...]:
    """The asks, less sure in a long text: a document holds every word by accident."""
    sentences = len(split(case.mail.own_text[:20_000]))
    tone = min(1.0, (LETTER / max(sentences, 1)) ** 0.5)
    return tuple(a.model_copy(update={"certainty": a.certainty * tone}) for a in case.wants())


def _signs(case: Case, cues: tuple[Cue, ...]) -> list[Sign]:
    signs = [Sign(c.name, c.certainty, c.quote) for c in cues if c.name not in ("job", "pitch")]
    signs.extend(Sign(name) for name in form(case.mail, case.past.owner))
    if case.relation.refused:
        signs.append(Sign("refused"))
    if case.past.filed_before:
        signs.append(Sign("filed-before"))
    if any(w.who == case.who and _cold(w.asks) for w in case.past.wishes):
        signs.append(Sign("unanswered-wish"))
        if any(s.name in ("short", "nudge", "says-reply") for s in signs):
            signs.append(Sign("bump"))
    return signs


def _cold(asks: tuple[Ask, ...]) -> bool:
    return any(MATRIX[a][Tie.ONE_SIDED] is not Effect.PASS for a in asks)


def _introduces(case: Case) -> AskSpan | None:
    """An introduction by somebody below `established` is an ask by the introducer."""
    found = find_introduction(case.mail, tuple(case.past.owner.addresses))
    if found is None or any(case.past.tie(p.address).at_least(Tie.ANSWERED) for p in found.people):
        return None
    return AskSpan(ask=Ask.INTRODUCTION, certainty=0.6, quote=found.quote)


def _heaviest(asks: tuple[AskSpan, ...], weighed: Weighed) -> AskSpan | None:
    order = {sign.name: place for place, sign in reversed(list(enumerate(weighed.top)))}
    return min(asks, key=lambda a: (order.get(a.ask.value, 99), -a.certainty), default=None)


def _extra(case: Case, cues: tuple[Cue, ...], claim: Claim | None) -> str:
    if claim:
        return f"says that {claim.name} sends them: {claim.standing}"
    if case.relation.refused:
        return f"you said no on {case.relation.refused:%d %B %Y}"
    if any(c.name == "familiar" and c.certainty >= _LIKELY for c in cues):
        return "speaks of an acquaintance that your mail does not show"
    return ""


def _says_acquainted(cues: tuple[Cue, ...], weighed: Weighed) -> bool:
    """Claims to have met, or quotes words to be answered, and does not plainly sell: doubt, not proof."""
    names = {s.name: s.certainty for s in weighed.top}
    claims = max((c.certainty for c in cues if c.name == "familiar"), default=0.0) >= _SURE
    sells = names.get("business", 0) >= _LIKELY and names.get("vendor", 0) >= _LIKELY
    return (claims or "quotes-someone" in names) and not sells


def _false_reply(case: Case, asks: tuple[AskSpan, ...], weighed: Weighed) -> bool:
    """A reply to nothing, or an acquaintance nobody knows of, with something asked: never plainly kept."""
    names = {s.name for s in weighed.top}
    if case.past.thread.known or any(s.name in _KEPT and s.certainty >= _SURE for s in weighed.top):
        return False
    return "says-reply" in names or ("familiar" in names and bool(asks))


def _why_kept(weighed: Weighed, asks: tuple[AskSpan, ...]) -> str:
    for sign in weighed.top:
        if sign.name in _WHY_KEPT and sign.certainty >= _LIKELY:
            return (
                f"{_WHY_KEPT[sign.name]} (“{reasons.shortened(sign.quote)}”)"
                if sign.quote
                else _WHY_KEPT[sign.name]
            )
    return "asks little of you" if asks else "asks nothing of you that coldask can see"


def _kept(case: Case, asks: tuple[AskSpan, ...], probability: float, why: str) -> Opinion:
    return Opinion(Disposition.KEEP, probability, reasons.kept(case.mail, why, case.relation), None, "", asks)
