"""Weighing a letter from somebody unknown or one-sided: does it ask what only a relationship carries?"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from classifier.judge import reasons
from classifier.judge.because import because
from classifier.judge.calls import answered_call
from classifier.judge.case import Case, Opinion
from classifier.judge.claims import Claim, claimed_introducer
from classifier.judge.signs import brought_along, gather
from classifier.judge.weighing import UNSURE_ABOVE, Sign, Weighed, weigh
from classifier.signals.cues import Cue, find_cues
from models.finding import Ask, AskSpan
from models.verdict import Disposition

_SURE: Final = 0.75
_LIKELY: Final = 0.5
_MET: Final = 0.6  # of a claim to have met
_DENIED: Final = 0.7  # of saying that nothing is wanted
_OFTEN: Final = 4  # mails; fewer are a pitch and its bumps
_DOUBTED: Final = 0.8  # the most that is thought of a mail that something speaks against filing
_SELLERS: Final = (Ask.BUSINESS, Ask.TIME)  # what sellers ask
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


def weigh_stranger(case: Case) -> Opinion:
    """Asks, traits and reasons to keep, added up; where it is filed the reason quotes the heaviest ask."""
    asks, cues = case.wants(), find_cues(case.mail)
    if (call := answered_call(case.mail, case.past, cues)) is not None:
        return kept(
            case, asks, 0.05, f"answers what you asked of everybody (“{reasons.shortened(call.quote)}”)"
        )
    if not asks and case.asks_a_mailbox_for_its_own():
        return kept(case, asks, 0.05, "asks for what the mailbox they wrote to is there for")
    asks = _with_brought(case, asks)
    claim = claimed_introducer(case.mail, case.past)
    weighed = weigh(gather(case, asks, cues, claim), case.mail.heard)
    if case.taste is not None:
        weighed = case.taste.applied(weighed, case.mail)
    return replace(_by_weight(case, asks, cues, claim, weighed), because=because(weighed.top))


def _by_weight(
    case: Case, asks: tuple[AskSpan, ...], cues: Sequence[Cue], claim: Claim | None, weighed: Weighed
) -> Opinion:
    ask = _heaviest(asks, weighed)
    if ask is None and weighed.probability >= UNSURE_ABOVE and (ask := case.faint()) is not None:
        asks = (ask,)
    extra = _extra(case, cues, claim)
    probability = weighed.probability
    if probability >= case.file_above and _speaks_against(case, claim, ask, cues, weighed):
        probability = min(probability, _DOUBTED, case.file_above)
    elif probability >= case.file_above:
        reason = reasons.cold(case.mail, case.relation, ask, extra)
        return Opinion(Disposition.FILE, probability, reason, ask, "cold-ask", asks)
    if probability >= UNSURE_ABOVE or _never_plainly_kept(case, asks, weighed):
        reason = reasons.unsure(case.mail, case.relation, ask, extra)
        return Opinion(Disposition.UNSURE, max(probability, UNSURE_ABOVE), reason, ask, "cold-ask", asks)
    return kept(case, asks, probability, _why_kept(weighed, asks))


def signs_of(case: Case) -> list[Sign]:
    """All signs of a stranger's letter, as `weigh_stranger` weighs them."""
    asks = _with_brought(case, case.wants())
    return gather(case, asks, find_cues(case.mail), claimed_introducer(case.mail, case.past))


def _with_brought(case: Case, asks: tuple[AskSpan, ...]) -> tuple[AskSpan, ...]:
    """The asks, after that of somebody who brings a third person along."""
    brought = brought_along(case)
    return asks if brought is None else (brought, *asks)


def kept(case: Case, asks: tuple[AskSpan, ...], probability: float, why: str) -> Opinion:
    """It stays; `why` follows the sender's name."""
    return Opinion(Disposition.KEEP, probability, reasons.kept(case.mail, why, case.relation), None, "", asks)


def _heaviest(asks: Sequence[AskSpan], weighed: Weighed) -> AskSpan | None:
    order = {sign.name: place for place, sign in reversed(list(enumerate(weighed.top)))}
    return min(asks, key=lambda a: (order.get(a.ask.value, len(order)), -a.certainty), default=None)


def _extra(case: Case, cues: Sequence[Cue], claim: Claim | None) -> str:
    if claim:
        return f"says that {claim.name} sends them: {claim.standing}"
    if case.relation.refused:
        return f"you said no on {case.relation.refused:%d %B %Y}"
    if any(c.name == "familiar" and c.certainty >= _LIKELY for c in cues):
        return "speaks of an acquaintance that your mail does not show"
    return ""


def _speaks_against(
    case: Case, claim: Claim | None, ask: AskSpan | None, cues: Sequence[Cue], weighed: Weighed
) -> bool:
    """What makes a likely cold ask doubtful: an established introducer, having met, a crowd, no ask in so many
    words by somebody who writes often (whom the owner may well answer by telephone).
    """
    names = {s.name: s.certainty for s in weighed.top}
    followed_up = "unanswered-wish" in names or "refused" in names
    if claim is not None and claim.established:
        return True
    if case.relation.received >= _OFTEN and not case.asks_plainly() and "refused" not in names:
        return True
    if ask is None:
        return not followed_up
    sells = names.get("vendor", 0) >= _LIKELY
    if "crowd" in names and not sells:
        return True
    if followed_up or (sells and names.get("business", 0) >= _SURE):
        return False
    met = any(c.name == "familiar" and c.certainty >= _MET for c in cues)
    answers = "says-reply" in names and not sells and not _answers_itself(case)
    return met or "quotes-someone" in names or answers


def _answers_itself(case: Case) -> bool:
    """Whether the thread that a mail says to answer is known, and nobody but its sender wrote in it."""
    thread = case.past.thread
    return thread.known and not thread.owner_wrote and thread.people == {case.who}


def _never_plainly_kept(case: Case, asks: Sequence[AskSpan], weighed: Weighed) -> bool:
    """Who says that they want nothing, or sells, and asks in so many words, is not believed (hostile padding)."""
    denies = any(s.name == "nothing" and s.certainty >= _DENIED for s in weighed.top)
    sells = any(s.name == "vendor" and s.certainty >= _SURE for s in weighed.top)
    plainly = (denies and case.asks_plainly()) or (sells and case.asks_plainly(_SELLERS))
    return plainly or _false_reply(case, asks, weighed)


def _false_reply(case: Case, asks: Sequence[AskSpan], weighed: Weighed) -> bool:
    """A reply to nothing, or an acquaintance nobody knows of and something asked: never plainly kept."""
    names = {s.name for s in weighed.top}
    if case.past.thread.known or any(s.name in _WHY_KEPT and s.certainty >= _SURE for s in weighed.top):
        return False
    return "says-reply" in names or ("familiar" in names and bool(asks))


def _why_kept(weighed: Weighed, asks: Sequence[AskSpan]) -> str:
    for sign in weighed.top:
        if sign.name in _WHY_KEPT and sign.certainty >= _LIKELY:
            words = f" (“{reasons.shortened(sign.quote)}”)" if sign.quote else ""
            return _WHY_KEPT[sign.name] + words
    return "asks little of you" if asks else "asks nothing of you that coldask can see"
