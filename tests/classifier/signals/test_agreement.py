"""Phrases and model together: the rows of kinds they are weighed by are those of the matrix."""

from itertools import product

from classifier.policy import MATRIX
from classifier.signals.agreement import rows_of
from models.finding import Ask
from models.past import Tie


def test_a_kind_is_weighed_with_those_that_the_matrix_lets_no_sooner() -> None:
    for one, other in product(Ask, Ask):
        as_much = all(MATRIX[other][tie].rank >= MATRIX[one][tie].rank for tie in Tie)
        assert (other in rows_of(one)) is as_much, (one, other)
