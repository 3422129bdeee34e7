"""Weighing what somebody introduced asks, or answered before: an introduction is no licence (article D)."""

from typing import Final

from classifier.judge import reasons
from classifier.judge.case import Case, Opinion
from classifier.judge.strangers import kept
from classifier.policy import MATRIX
from classifier.signals.agreement import in_letter
from classifier.signals.cues import find_cues
from classifier.signals.form import form
from models.finding import Ask, AskSpan, Effect
from models.past import Tie
from models.verdict import Disposition

_SURE: Final = 0.75  # of an ask, to file by it
_LIKELY: Final = 0.6  # … to doubt by it
_ENCLOSED: Final = 0.15  # what a résumé or a proposal enclosed adds
# What it takes off that the letter wants to buy, is about something already with the owner, or asks in no plain words
# where the owner's last mail invited asks.
_WANTED: Final = 0.4


def weigh_introduced(case: Case) -> Opinion:
    """Kept, unless the letter asks at once for contacts, a referral, a job, business or money."""
    asks, heard = case.wants(), case.mail.heard
    asks = asks if heard is None else in_letter(asks, heard, case.mail.own_text)
    heavy = [a for a in asks if MATRIX[a.ask][Tie.VOUCHED] is Effect.HOLD]
    ask = max(heavy, key=lambda a: a.certainty, default=None)
    certainty = _certainty(case, ask)
    introducer = _introducer(case)
    if certainty >= _SURE:
        reason = reasons.blown(case.mail, introducer, ask)
        return Opinion(
            Disposition.FILE, max(certainty, case.file_above), reason, ask, "blown-introduction", asks
        )
    if certainty >= _LIKELY:
        reason = reasons.unsure(case.mail, case.relation, ask, f"was introduced by {introducer}")
        return Opinion(Disposition.UNSURE, certainty, reason, ask, "blown-introduction", asks)
    return kept(case, asks, 0.05, f"was introduced to you by {introducer}")


def weigh_answered(case: Case, why: str) -> Opinion:
    """Somebody answered before: never filed; an ask that still needs more is `unsure`."""
    asks = case.wants()
    if case.past.thread.owner_wrote:  # what comes up in a conversation is no cold ask
        return kept(case, asks, 0.02, "writes in a thread that you write in")
    for ask in asks:
        if MATRIX[ask.ask][Tie.ANSWERED] is Effect.HOLD and ask.certainty >= _SURE:
            reason = reasons.unsure(case.mail, case.relation, ask)
            return Opinion(Disposition.UNSURE, 0.5, reason, ask, "cold-ask", asks)
    return kept(case, asks, 0.02, f"is {why}")


def _certainty(case: Case, ask: AskSpan | None) -> float:
    """How sure it is that the introduction is blown, 0..1."""
    certainty = ask.certainty if ask else 0.0
    if _enclosed(case):
        certainty = max(certainty, _LIKELY + 0.1) + _ENCLOSED
    wanted = ("buying", "hiring", "case")
    if any(c.name in wanted and c.certainty >= _SURE for c in find_cues(case.mail)) or (
        case.invited() and not case.asks_plainly()
    ):
        certainty -= _WANTED
    return min(certainty, 1.0)


def _enclosed(case: Case) -> bool:
    """Whether a résumé or a proposal comes along that the owner has not asked for."""
    mine = [i for i in case.past.invitations if i.whom == case.who]
    welcome = {e for i in mine for e in i.enclosures} | {a.value for i in mine for a in i.asks}
    shapes = form(case.mail, case.past.owner)
    return ("resume" in shapes and not welcome & {"resume", Ask.JOB.value}) or (
        "offer-enclosed" in shapes and Ask.BUSINESS.value not in welcome
    )


def _introducer(case: Case) -> str:
    introduction = case.past.introduction_of(case.who)
    if introduction is None:
        return "Somebody you know"
    known = case.past.relation(introduction.introducer).name
    return introduction.name or known or introduction.introducer
