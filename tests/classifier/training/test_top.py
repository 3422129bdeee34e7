"""The top layer: the same letters give the same bytes, what helps gets weight, thresholds follow the costs."""

from random import Random

import numpy as np
import pytest

from classifier.judge.incoming import opened
from classifier.training.top import Heard, Seen, fit, heard, seen, thresholds
from models.heard import Heard as HeardLetter
from models.heard import Said
from tests.classifier.judge.letters import letter, past

TEXT = "We met at the fair. Could you introduce me to your brother at the bank? The plums were good."


def some(count: int, seed: int = 1) -> list[Seen]:
    """Letters whose points tell a little and whose ear tells much."""
    dice = Random(seed)
    made = []
    for number in range(count):
        wanted = number % 2 == 0
        points, cold = dice.gauss(0.8 if wanted else -0.8, 2), dice.gauss(2 if wanted else -2, 1.5)
        made.append(Seen(points, cold, wanted, f"author{number % 7}"))
    return made


def sentences(count: int, seed: int = 2) -> list[Heard]:
    dice = Random(seed)
    made = []
    for number in range(count):
        true = number % 3 == 0
        made.append(
            Heard(0.9 if true and dice.random() < 0.5 else 0.0, dice.gauss(1 if true else -2, 1), true)
        )
    return made


def test_the_same_letters_give_the_same_bytes() -> None:
    one, two = (fit("core", some(120), sentences(90)) for _ in range(2))
    assert one == two and one.document() == two.document()
    assert one.mix.cold > one.mix.points > 0
    assert one.agreement is not None and one.agreement.phrase > 0 and one.agreement.heard > 0
    assert 0 < one.unsure_above <= one.file_above < 1 and 0 < one.cost < 0.5


def test_other_letters_give_other_weights() -> None:
    assert fit("core", some(120), []).document() != fit("core", some(120, seed=9), []).document()
    assert fit("core", some(120), []).agreement is None


def test_too_few_letters_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="20 strangers' letters of each verdict"):
        fit("core", some(30), [])


def test_thresholds_weigh_a_wrong_filing_ten_times() -> None:
    probabilities = np.array([0.99, 0.95, 0.9, 0.9, 0.4, 0.1, 0.05])
    wanted = np.array([True, True, True, False, True, False, False])
    file_above, unsure_above, cost = thresholds(probabilities, wanted)
    assert 0.9 < file_above <= 0.95 and 0.1 < unsure_above <= 0.4
    assert cost == pytest.approx(0.2 * 3 / 7, abs=1e-5)


def test_a_letter_gives_its_points_what_was_heard_and_its_sentences() -> None:
    start = TEXT.index("Could")
    asking = Said(start=start, end=TEXT.index(" The plums"), asks=0.9, kinds=(("introduction", 0.8),))
    other = Said(start=TEXT.index("The plums"), end=len(TEXT), asks=0.05, kinds=(("time", 0.03),))
    known = HeardLetter(ear="core", cold=1.25, sentences=(asking, other))
    mail = letter(TEXT).model_copy(update={"heard": known})
    case = opened(mail, past())
    assert case is not None
    one = seen(case, wanted=True, group="author1")
    assert one.cold == 1.25 and one.points > 0 and one.wanted
    first, *_, last = heard(mail, [("introduction", "introduce me to your brother")])
    assert first.true and first.phrase > 0.5 and first.heard > 1
    assert not last.true and last.phrase == 0 and last.heard < -2
    assert list(heard(letter(TEXT), [])) == []
