"""The evidence in a stranger's letter, gathered: asks, cues, form and what the history adds."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from classifier.judge.case import Case
from classifier.judge.claims import Claim
from classifier.judge.weighing import Sign
from classifier.policy import MATRIX
from classifier.signals.cues import Cue
from classifier.signals.custom import find_custom
from classifier.signals.form import form
from classifier.signals.introductions import find_introduction
from classifier.signals.wants import find_wants
from models.address import domain_of
from models.finding import Ask, AskSpan, Effect
from models.past import Tie

_LIKELY: Final = 0.6
_SURE: Final = 0.8
_MANY: Final = 1.4  # certainties of a seller's cues together, against which nobody is a customer
# What a customer, an authority or a reporter of a hole asks for belongs to the matter: they keep what they ask.
_WHOLE: Final = ("buying", "office", "security")
_ALONG: Final = tuple(a.value for a in (Ask.CONTACTS, Ask.INTRODUCTION, Ask.TIME, Ask.ADVICE, Ask.FAVOUR, Ask.JOB,
                                        Ask.BUSINESS, Ask.TESTIMONIAL, Ask.REFERRAL))  # fmt: skip
_BELONGS: Final = 0.35
_NO_CUSTOM: Final = (
    "vendor",
    "links",
    "recruit",
    "candidates",
    "survey",
    "guests",
    "invest",
    "donation",
    "petition",
)
# Cues that the asks themselves stand for already.
_COUNTED: Final = ("job", "pitch", "meeting", "brain", "guests", "recruit", "donation", "petition")


def gather(case: Case, asks: Sequence[AskSpan], cues: Sequence[Cue], claim: Claim | None) -> list[Sign]:
    """All signs of one letter, each as often as it is found."""
    signs = [Sign(a.ask.value, a.certainty, a.quote) for a in asks]
    signs.extend(Sign(c.name, c.certainty, c.quote) for c in cues if c.name not in _COUNTED)
    signs.extend(_custom(case, cues))
    if any(_sure_of(name, signs) for name in _WHOLE):
        signs = [replace(s, certainty=s.certainty * _BELONGS) if s.name in _ALONG else s for s in signs]
    shapes = form(case.mail, case.past.owner)
    if "not-to-reader" in shapes:  # who writes to everybody is warm to nobody
        signs = [s for s in signs if s.name != "warm"]
    signs.extend(map(Sign, shapes))
    signs.extend(map(Sign, _of_history(case, claim)))
    if any(s.name == "unanswered-wish" for s in signs) and shapes & {"short", "says-reply"}:
        signs.append(Sign("bump"))
    return signs


def _custom(case: Case, cues: Sequence[Cue]) -> list[Sign]:
    """That the writer comes as a customer; a seller's, recruiter's or researcher's voice takes it away."""
    certainty, quote = find_custom(case.mail.own_text)
    others = [c.certainty for c in cues if c.name in _NO_CUSTOM]
    if certainty < max(_LIKELY, *others, 0.0) or sum(others) >= _MANY:
        return []
    return [Sign("buying", certainty, quote)]


def _sure_of(name: str, signs: Sequence[Sign]) -> bool:
    """Whether the signs of this name together leave little doubt."""
    ranked = sorted((s.certainty for s in signs if s.name == name), reverse=True)
    return sum(c * share for c, share in zip(ranked, (1.0, 0.3, 0.2), strict=False)) >= _SURE


def brought_along(case: Case) -> AskSpan | None:
    """An introduction by somebody below `established` is an ask by the introducer (etiquette, readings)."""
    found = find_introduction(case.mail, tuple(case.past.owner.addresses))
    if found is None or any(case.past.tie(p.address).at_least(Tie.ANSWERED) for p in found.people):
        return None
    if any(domain_of(m.address) == domain_of(p.address) for m in case.mail.senders for p in found.people):
        return None  # their own colleague is on the matter with them
    return AskSpan(ask=Ask.INTRODUCTION, certainty=0.6, quote=found.quote)


def _of_history(case: Case, claim: Claim | None) -> list[str]:
    past = case.past
    facts = {
        "claims-introducer": claim is not None,
        "role-mailbox": bool(case.lifted()),
        "invited": any(a.ask in case.invited() for a in find_wants(case.mail)),
        "refused": case.relation.refused is not None,
        "filed-before": past.filed_before > 0,
        "unanswered-wish": any(w.who == case.who and _cold(w.asks) for w in past.wishes),
    }
    return [name for name, true in facts.items() if true]


def _cold(asks: Sequence[Ask]) -> bool:
    return any(MATRIX[a][Tie.ONE_SIDED] is not Effect.PASS for a in asks)
