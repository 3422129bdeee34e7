"""The one table: what becomes of a rule's evidence, by rule, ask, tie, certainty and the user's word."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from models.finding import Ask, Effect, Finding, Remark
from models.past import Past, Tie

P, W, H = Effect.PASS, Effect.WARN, Effect.HOLD

_ROWS: Final[dict[tuple[Ask, ...], tuple[Effect, ...]]] = {
    # Etiquette, section 2. Columns: unknown, one-sided, vouched, answered, established, trusted.
    (Ask.TIME,): (W, W, P, P, P, P),
    (Ask.ADVICE, Ask.FAVOUR): (W, W, W, P, P, P),
    (Ask.CONTACTS, Ask.INTRODUCTION, Ask.JOB, Ask.BUSINESS, Ask.MONEY): (H, H, H, W, P, P),
    (Ask.REFERRAL, Ask.TESTIMONIAL): (H, H, H, H, W, P),
    (Ask.RECRUIT, Ask.PETITION): (H, H, H, W, P, P),  # count as business
}

MATRIX: Final[Mapping[Ask, Mapping[Tie, Effect]]] = {
    ask: dict(zip(Tie, row, strict=True)) for asks, row in _ROWS.items() for ask in asks
}

# A rule's default effect; "matrix": the cell of the ask and the tie decides, person by person.
DEFAULTS: Final[Mapping[str, Effect | Literal["matrix"]]] = {
    "ask-before-report": W,
    "blind-blast": H,
    "blown-introduction": H,
    "broadcast-subject": Effect.NOTE,
    "early-resume": H,
    "exposed-crowd": W,
    "faceless-letter": Effect.NOTE,
    "fill-in-referral": H,
    "forgotten-introducer": W,
    "hollow-offer": W,
    "job-broadcast": H,
    "leftover-placeholder": H,
    "lingering-introducer": Effect.NOTE,
    "me-first-letter": W,
    "name-drop-ask": H,
    "nobody-in-particular": Effect.NOTE,
    "one-by-one-blast": H,
    "paid-referral": W,
    "premature-ask": "matrix",
    "pressured-referral": W,
    "serial-asks": W,
    "stacked-asks": Effect.NOTE,
    "target-list": W,
    "thin-acquaintance": W,
    "unanswered-nag": H,
    "unasked-introduction": W,
    "unused-allow": Effect.NOTE,
    "vague-ask": W,
    "vouched-stranger": W,
    "words-in-their-mouth": H,
}

# What judgement of incoming mail calls its finding.
COLD_ASK: Final = "cold-ask"

# Low certainty never holds (etiquette, section 2): (below this certainty, this effect at most).
CAPS: Final[tuple[tuple[float, Effect], ...]] = ((0.5, Effect.NOTE), (0.75, Effect.WARN))


def cap(certainty: float) -> Effect:
    """The strongest effect that evidence of this certainty (0..1) can carry."""
    return next((effect for below, effect in CAPS if certainty < below), Effect.HOLD)


def weaker(one: Effect, other: Effect) -> Effect:
    return min(one, other, key=lambda e: e.rank)


def dispose(
    rule: str,
    remark: Remark,
    past: Past,
    overrides: Mapping[str, Effect] | None = None,
    everyone: Sequence[str] = (),
) -> list[Finding]:
    """What becomes of one remark: no finding, one, or where the matrix decides one an effect.

    `overrides` is the user's word for a rule: "off" removes it; another effect takes the place of the
    default, but never reaches above what the certainty allows, nor to a person whose cell says pass.
    Whom the user allowed it for is left out; where nobody is left, it is noted. `everyone`: the mail's
    recipients, who all must be allowed where a remark names nobody.
    """
    wish = (overrides or {}).get(rule)
    if wish is Effect.OFF:
        return []
    ceiling = weaker(cap(remark.certainty), remark.ceiling)
    groups: dict[Effect, list[str]] = {}
    default = DEFAULTS.get(rule, Effect.NOTE)
    if default == "matrix":
        assert remark.ask is not None, f"{rule} is weighed by the matrix and needs an ask"
        for person in remark.people:
            groups.setdefault(MATRIX[remark.ask][past.tie(person)], []).append(person)
    else:
        groups[default] = list(remark.people)
    findings: dict[Effect, list[str]] = {}
    for effect, people in groups.items():
        if effect is not Effect.PASS:
            findings.setdefault(weaker(wish or effect, ceiling), []).extend(people)
    fields = remark.model_dump(exclude={"ceiling", "people"})
    made = [
        Finding(rule=rule, effect=effect, people=_among(frozenset(people), remark), **fields)
        for effect, people in findings.items()
        if effect.rank > Effect.PASS.rank
    ]
    return _unless_allowed(made, past, everyone) if past.permissions else made


def _among(people: frozenset[str], remark: Remark) -> tuple[str, ...]:
    """These of a remark's people, in its order."""
    return tuple(p for p in remark.people if p in people)


def _unless_allowed(findings: Sequence[Finding], past: Past, everyone: Sequence[str]) -> list[Finding]:
    """Findings without the people the user allowed them for; one note where that leaves nothing."""
    kept: list[Finding] = []
    noted: list[Finding] = []
    for finding in findings:
        given = {p: past.permission(finding.rule, p) for p in finding.people or everyone}
        rest = tuple(p for p, permission in given.items() if permission is None)
        by = next((permission for permission in given.values() if permission is not None), None)
        if finding.effect is Effect.NOTE or by is None or (rest and not finding.people):
            kept.append(finding)
        elif rest:
            kept.append(finding.model_copy(update={"people": rest}))
        elif not finding.people and not (by.for_all or by.rule):
            kept.append(
                finding
            )  # to allow a person is no word on what is not about people: a blank left open
        else:
            noted.append(finding.model_copy(update={"effect": Effect.NOTE, "advice": by.words}))
    return kept or noted[:1]
