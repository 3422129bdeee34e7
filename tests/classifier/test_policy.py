"""The one table: the matrix of the etiquette, caps by certainty, and the user's word."""

from datetime import UTC, datetime

import pytest

from classifier.policy import DEFAULTS, MATRIX, cap, dispose
from models.address import canonical
from models.finding import Ask, Effect, Remark
from models.past import Past, Relation, Tie
from models.permission import Grant, Permission

PEOPLE = {f"{tie.value}@x.example": tie for tie in Tie}
PAST = Past(
    now=datetime(2024, 5, 14, tzinfo=UTC),
    relations={canonical(a): Relation(tie=tie) for a, tie in PEOPLE.items()},
)


def remark(**fields: object) -> Remark:
    return Remark.model_validate({"message": "m", "advice": "a", "people": tuple(PEOPLE), **fields})


# Etiquette, section 2, as printed there: unknown, one-sided, vouched, answered, established, trusted.
PRINTED = {
    "time": "warn warn pass pass pass pass",
    "advice favour": "warn warn warn pass pass pass",
    "contacts introduction job business money recruit petition": "hold hold hold warn pass pass",
    "referral testimonial": "hold hold hold hold warn pass",
}


def test_matrix_is_the_etiquettes() -> None:
    printed = {kind: row.split() for kinds, row in PRINTED.items() for kind in kinds.split()}
    assert {a.value: [MATRIX[a][t].value for t in Tie] for a in Ask} == printed


def test_people_are_grouped_by_effect_and_those_who_pass_are_left_out() -> None:
    found = {
        f.effect: f.people
        for f in dispose("premature-ask", remark(ask=Ask.INTRODUCTION, certainty=0.9), PAST, {})
    }
    assert found == {
        Effect.HOLD: ("unknown@x.example", "one-sided@x.example", "vouched@x.example"),
        Effect.WARN: ("answered@x.example",),
    }


@pytest.mark.parametrize(
    ("certainty", "strongest"),
    [(0.2, "note"), (0.49, "note"), (0.5, "warn"), (0.74, "warn"), (0.75, "hold"), (1.0, "hold")],
)
def test_certainty_caps(certainty: float, strongest: str) -> None:
    assert cap(certainty).value == strongest
    effects = {f.effect.value for f in dispose("blind-blast", remark(certainty=certainty), PAST, {})}
    assert effects == {strongest}


@pytest.mark.parametrize(
    ("wish", "certainty", "effects"),
    [
        (Effect.OFF, 0.9, set()),
        (Effect.NOTE, 0.9, {"note"}),
        (Effect.WARN, 0.9, {"warn"}),
        (Effect.HOLD, 0.9, {"hold"}),
        (Effect.HOLD, 0.6, {"warn"}),  # never above what the certainty allows
    ],
)
def test_the_users_word(wish: Effect, certainty: float, effects: set[str]) -> None:
    found = dispose("premature-ask", remark(ask=Ask.TIME, certainty=certainty), PAST, {"premature-ask": wish})
    assert {f.effect.value for f in found} == effects
    assert {p for f in found for p in f.people} <= {"unknown@x.example", "one-sided@x.example"}


def test_a_ceiling_of_the_evidence_holds() -> None:
    found = dispose("blind-blast", remark(ceiling=Effect.WARN), PAST, {})
    assert [f.effect for f in found] == [Effect.WARN]


def test_every_default_is_an_effect_that_shows() -> None:
    assert all(v == "matrix" or v in (Effect.NOTE, Effect.WARN, Effect.HOLD) for v in DEFAULTS.values())


SUE, MAX = "Sue@corp.example", "max@firm.example"
GIVEN = datetime(2024, 5, 2, tzinfo=UTC)


def allowing(grant: Grant, *people: str, rule: str = "", reason: str = "") -> Past:
    given = Permission(
        id=1, grant=grant, people=frozenset(map(canonical, people)), rule=rule, at=GIVEN, reason=reason
    )
    return Past(now=datetime(2024, 5, 14, tzinfo=UTC), permissions=(given,))


@pytest.mark.parametrize(
    ("past", "effects"),
    [
        (allowing(Grant.PERSON, SUE), {"hold": (MAX,)}),
        (allowing(Grant.PERSON, SUE, rule="premature-ask"), {"hold": (MAX,)}),
        (allowing(Grant.PERSON, SUE, rule="blind-blast"), {"hold": (SUE, MAX)}),
        (allowing(Grant.PERSON, SUE, MAX), {"note": (SUE, MAX)}),
        (allowing(Grant.LIST, SUE, MAX), {"note": (SUE, MAX)}),
        (allowing(Grant.RULE, rule="premature-ask"), {"note": (SUE, MAX)}),
        (allowing(Grant.RULE, rule="vague-ask"), {"hold": (SUE, MAX)}),
        (allowing(Grant.MAIL), {"note": (SUE, MAX)}),
        (allowing(Grant.CAMPAIGN, rule="one-by-one-blast"), {"hold": (SUE, MAX)}),
    ],
)
def test_whom_the_user_allowed_is_left_out(past: Past, effects: dict[str, tuple[str, ...]]) -> None:
    asked = remark(ask=Ask.INTRODUCTION, people=(SUE, MAX))
    assert {f.effect.value: f.people for f in dispose("premature-ask", asked, past)} == effects


@pytest.mark.parametrize(
    ("past", "effect"),
    [
        (allowing(Grant.PERSON, SUE), "hold"),  # an open blank is not about her
        (allowing(Grant.PERSON, SUE, rule="leftover-placeholder"), "hold"),  # it goes to Max too
        (allowing(Grant.PERSON, SUE, MAX, rule="leftover-placeholder"), "note"),
        (allowing(Grant.RULE, rule="leftover-placeholder"), "note"),
        (allowing(Grant.MAIL), "note"),
    ],
)
def test_a_remark_about_nobody_needs_everybody_allowed_for_that_rule(past: Past, effect: str) -> None:
    (found,) = dispose("leftover-placeholder", remark(people=()), past, None, (SUE, MAX))
    assert found.effect.value == effect


def test_what_was_allowed_says_when_and_why() -> None:
    past = allowing(Grant.PERSON, SUE, reason="she asked me to")
    (found,) = dispose("premature-ask", remark(ask=Ask.JOB, people=(SUE,)), past)
    assert found.advice == "You allowed it on 2024-05-02 (she asked me to)."
