"""Phrases and model together: the rows of kinds they are weighed by are those of the matrix."""

from itertools import product

import pytest

from classifier.policy import MATRIX, cap
from classifier.signals.agreement import PLAIN, in_letter, rows_of, span_of
from models.finding import Ask, Effect
from models.heard import Heard, Said
from models.past import Tie


def test_a_kind_is_weighed_with_those_that_the_matrix_lets_no_sooner() -> None:
    for one, other in product(Ask, Ask):
        as_much = all(MATRIX[other][tie].rank >= MATRIX[one][tie].rank for tie in Tie)
        assert (other in rows_of(one)) is as_much, (one, other)


TEXT = "We flash the July figures on Tuesday. The chart shows both books."
COLD = 12.0  # log-odds of a letter that sounds cold all through


def heard_in(asks: float, *kinds: tuple[Ask, float]) -> Heard:
    end = TEXT.index(".") + 1
    return Heard(ear="encoder", cold=COLD, sentences=(Said(start=0, end=end, asks=asks, kinds=kinds),))


def test_a_cold_letter_makes_no_ask_of_a_sentence_in_which_none_is_heard() -> None:
    heard = heard_in(0.44, (Ask.BUSINESS, 0.3))
    span = span_of(Ask.BUSINESS, 0.4, heard.sentences[0], TEXT)
    assert [cap(a.certainty) for a in in_letter((span,), heard, TEXT)] == [Effect.NOTE]


def test_what_asks_nobody_knows_what_never_holds() -> None:
    heard = heard_in(0.97, (Ask.BUSINESS, 0.4), (Ask.FAVOUR, 0.38))
    assert [cap(a.certainty) for a in in_letter((), heard, TEXT)] == [Effect.WARN]


def test_a_cold_letter_makes_surer_what_is_heard_plainly() -> None:
    heard = heard_in(0.97, (Ask.BUSINESS, 0.93))
    span = span_of(Ask.BUSINESS, 0.6, heard.sentences[0], TEXT)
    assert [cap(a.certainty) for a in in_letter((span,), heard, TEXT)] == [Effect.HOLD]


@pytest.mark.parametrize(("said", "effect"), [(0.6, Effect.NOTE), (PLAIN, Effect.HOLD)])
def test_a_letter_that_sounds_warm_asks_a_stranger_for_what_it_says_plainly_and_no_more(
    said: float, effect: Effect
) -> None:
    heard = heard_in(0.97, (Ask.BUSINESS, 0.93)).model_copy(update={"cold": -0.5})
    span = span_of(Ask.BUSINESS, said, heard.sentences[0], TEXT)
    assert [cap(a.certainty) for a in in_letter((span,), heard, TEXT)] == [effect]
