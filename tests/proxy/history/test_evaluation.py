"""The figures of labelled mail, each checked by hand on a few mails."""

import pytest

from models.verdict import Disposition
from proxy.history.evaluation import Evaluation, Graded, cost_of, evaluations

FILE, UNSURE, KEEP = Disposition.FILE, Disposition.UNSURE, Disposition.KEEP


def graded(
    wanted: bool, disposition: Disposition, probability: float = 0.5, kind: str = "", *accepted: str
) -> Graded:
    return Graded(
        id="x", wanted=wanted, label="file" if wanted else "keep", accepted=accepted, kind=kind, tie="unknown",
        disposition=disposition, probability=probability, reason="", sender="", subject="", text="",
    )  # fmt: skip


MAILS = (
    graded(True, FILE, 0.95, "pitch"),
    graded(True, FILE, 0.92, "pitch"),
    graded(False, FILE, 0.91, "buyer"),
    graded(True, UNSURE, 0.6, "odd", "unsure"),
    graded(True, KEEP, 0.05, "odd"),
    graded(False, UNSURE, 0.4, "buyer"),
    graded(False, KEEP, 0.02, "buyer"),
    graded(False, KEEP, 0.01, "thanks"),
)


def test_the_figures_are_those_counted_by_hand() -> None:
    found = Evaluation(MAILS)
    assert (found.wanted, found.stopped, found.hits) == (4, 3, 2)
    assert found.precision == pytest.approx(2 / 3) and found.recall == 0.5
    assert found.f1 == pytest.approx(4 / 7)
    assert found.cost == pytest.approx((10 + 0.2 + 1 + 0.2) / 8)
    assert found.average_precision == pytest.approx((1 + 1 + 3 / 4 + 4 / 6) / 4)


def test_the_misses_are_the_wrong_ones_surest_first_and_an_accepted_doubt_is_none() -> None:
    found = Evaluation((*MAILS, graded(False, FILE, 0.99)))
    assert [m.probability for m in found.wrong] == [0.99, 0.91]
    assert [m.probability for m in found.missed] == [0.05]


@pytest.mark.parametrize(
    ("mail", "cost"),
    [(graded(True, FILE), 0), (graded(False, FILE), 10), (graded(True, KEEP), 1), (graded(False, KEEP), 0),
     (graded(True, UNSURE), 0.2), (graded(False, UNSURE), 0.2)],
)  # fmt: skip
def test_what_each_verdict_costs(mail: Graded, cost: float) -> None:
    assert cost_of(mail) == cost


def test_kinds_come_with_what_became_of_them_those_to_be_filed_first() -> None:
    kinds = {k.name: (k.mails, k.right, dict(k.became)) for k in Evaluation(MAILS).kinds()}
    assert list(kinds) == ["odd", "pitch", "buyer", "thanks"]
    assert kinds["odd"] == (2, 1, {UNSURE: 1, KEEP: 1})
    assert kinds["buyer"] == (3, 1, {FILE: 1, UNSURE: 1, KEEP: 1})


def test_certainty_is_compared_with_what_was_true() -> None:
    bins = Evaluation(MAILS).reliability
    last = bins[-1]
    assert (last.low, last.high, last.mails) == (0.9, 1.0, 3)
    assert last.mean == pytest.approx((0.95 + 0.92 + 0.91) / 3) and last.share == pytest.approx(2 / 3)
    assert sum(b.mails for b in bins) == len(MAILS)
    honest = Evaluation(tuple(graded(i < 7, FILE, 0.7) for i in range(10)))
    assert honest.calibration_error == pytest.approx(0)
    assert Evaluation((graded(True, KEEP, 1.0),)).reliability[0].high == 1.0


def test_the_curve_walks_through_every_threshold() -> None:
    points = Evaluation(MAILS).curve
    assert [p.threshold for p in points] == sorted((m.probability for m in MAILS), reverse=True)
    assert points[1].recall == 0.5 and points[1].precision == 1.0
    assert points[1].cost == pytest.approx(2 / 8) and points[-1].cost == pytest.approx(40 / 8)


def test_nothing_to_count_is_no_failure() -> None:
    nothing = Evaluation(())
    assert (nothing.precision, nothing.recall, nothing.f1, nothing.cost) == (None, None, None, None)
    assert nothing.curve == [] and nothing.reliability == [] and nothing.calibration_error is None
    assert Evaluation((graded(False, KEEP),)).curve == []


def test_directions_are_kept_apart() -> None:
    hold = graded(True, Disposition.HOLD)._replace(rules=("vague-ask",), found=("vague-ask", "stacked-asks"))
    found = evaluations([*MAILS, hold])
    assert list(found) == ["incoming", "outgoing"]
    assert found["outgoing"].rules_right == (1, 1) and len(found["incoming"].mails) == 8
    assert list(evaluations(MAILS)) == ["incoming"]
