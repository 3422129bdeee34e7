"""The one table: the matrix of the etiquette, caps by certainty, and the user's word."""

from datetime import UTC, datetime

import pytest

from classifier.policy import DEFAULTS, MATRIX, cap, dispose
from models.address import canonical
from models.finding import Ask, Effect, Remark
from models.past import Past, Relation, Tie

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
