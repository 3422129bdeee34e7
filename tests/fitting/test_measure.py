"""Figures and batches: on numbers small enough to count."""

import random

import pytest

from fitting.batches import batches, rate
from fitting.measure import measured


def test_recall_is_counted_above_the_letters_that_may_be_wrongly_filed() -> None:
    kept = [i / 100 for i in range(100)]  # 0.00 … 0.99
    cold = [2.0, 0.985, 0.975, 0.5]
    found = measured(kept + cold, [False] * 100 + [True] * 4)
    assert found is not None
    assert found.recall == (0.25, 0.5, 0.75)  # above the best, the second and the third of those kept
    assert found.letters == 104
    assert found.auc == pytest.approx((100 + 99 + 98 + 50.5) / 400)
    assert "recall 0.25 with none wrongly filed" in str(found)


def test_one_verdict_alone_measures_nothing() -> None:
    assert measured([1.0, 2.0], [True, True]) is None
    assert measured([], []) is None


def test_batches_hold_every_document_once_and_no_more_than_they_may() -> None:
    lengths = [random.Random(3).randrange(3, 200) for _ in range(300)] + [5000]
    found = batches(lengths, 1024, random.Random(1))
    assert sorted(place for batch in found for place in batch) == list(range(301))
    assert all(len(b) == 1 or len(b) * max(lengths[p] for p in b) <= 1024 for b in found)
    assert found == batches(lengths, 1024, random.Random(1)) != batches(lengths, 1024, random.Random(2))


def test_the_rate_rises_then_falls_and_never_ends() -> None:
    rates = [rate(step, 100, 0.06) for step in range(100)]
    assert rates[0] < rates[3] < max(rates) == rates[6 - 1]
    assert rates[50] == pytest.approx(0.5)
    assert rates[-1] == pytest.approx(0.02)
