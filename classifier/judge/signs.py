"""The evidence in a stranger's letter, gathered: asks, cues, form and what the history adds."""

from collections.abc import Sequence
from typing import Final

from classifier.judge.case import Case
from classifier.judge.claims import Claim
from classifier.judge.weighing import Sign
from classifier.policy import MATRIX
from classifier.signals.cues import Cue
from classifier.signals.form import form
from classifier.signals.introductions import find_introduction
from classifier.signals.wants import find_wants
from models.finding import Ask, AskSpan, Effect
from models.past import Tie

# Cues that the asks themselves stand for already.
_COUNTED: Final = ("job", "pitch", "meeting", "brain", "guests", "recruit", "donation", "petition")


def gather(case: Case, asks: Sequence[AskSpan], cues: Sequence[Cue], claim: Claim | None) -> list[Sign]:
    """All signs of one letter, each as often as it is found."""
    signs = [Sign(a.ask.value, a.certainty, a.quote) for a in asks]
    signs.extend(Sign(c.name, c.certainty, c.quote) for c in cues if c.name not in _COUNTED)
    shapes = form(case.mail, case.past.owner)
    if "not-to-reader" in shapes:  # who writes to everybody is warm to nobody
        signs = [s for s in signs if s.name != "warm"]
    signs.extend(map(Sign, shapes))
    signs.extend(map(Sign, _of_history(case, claim)))
    if any(s.name == "unanswered-wish" for s in signs) and shapes & {"short", "says-reply"}:
        signs.append(Sign("bump"))
    return signs


def brought_along(case: Case) -> AskSpan | None:
    """An introduction by somebody below `established` is an ask by the introducer (etiquette, readings)."""
    found = find_introduction(case.mail, tuple(case.past.owner.addresses))
    if found is None or any(case.past.tie(p.address).at_least(Tie.ANSWERED) for p in found.people):
        return None
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
