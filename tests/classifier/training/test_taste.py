"""Learning from corrections: ten help with what is alike, a hundred false ones turn nothing, and nobody weighs more."""

from math import log
from random import Random

import pytest

from classifier.judge.taste import EVERY, MOST, MOST_ABOVE, Taste, bucket, unpacked
from classifier.judge.weighing import FILE_ABOVE
from classifier.training.taste import DAY, HOUR, PENALTY, UNKNOWN, Told, background_of, learn, weigh_lessons
from tests.classifier.training.veins import BUYERS, PITCHES, SCHOOLS, THANKS, lesson, told

FILED = log(FILE_ABOVE / (1 - FILE_ABOVE)) + 0.2  # log-odds just enough to be filed
CLEAR = FILED + MOST + 0.2  # … that are clear
WORDS = (
    *("anchor", "barley", "candle", "dovecot", "ember", "furnace", "gravel", "hammock", "icicle", "juniper"),
    *("kettle", "lantern", "meadow", "nettle", "orchard", "pebble", "quarry", "rudder", "saddle", "thimble"),
    *("umbrella", "velvet", "walnut", "yarrow", "zither", "bramble", "cobbler", "drizzle", "eider", "fiddle"),
)


def shifts(taste: Taste, texts: tuple[str, ...]) -> list[float]:
    return [taste.shift(lesson(text).features) for text in texts]


def filed(taste: Taste, texts: tuple[str, ...], score: float) -> int:
    """How many are filed, were the shipped model to give each of them this score."""
    above = log(taste.file_above / (1 - taste.file_above))
    return sum(score + shift >= above for shift in shifts(taste, texts))


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def test_ten_corrections_help_with_letters_of_that_kind_and_leave_the_others() -> None:
    taste = learn(told(SCHOOLS[:10], cold=False, score=FILED)).taste
    unseen = SCHOOLS[10:]
    assert filed(taste, unseen, FILED) <= 1  # all six were filed before
    assert mean(shifts(taste, unseen)) < -0.4
    assert mean(shifts(taste, PITCHES)) > mean(shifts(taste, unseen)) / 2
    assert filed(taste, PITCHES, CLEAR) == len(PITCHES)


def test_ten_letters_moved_in_help_too_and_the_mail_that_matters_stays() -> None:
    taste = learn(told(SCHOOLS[:10], cold=True, score=-0.5)).taste
    assert mean(shifts(taste, SCHOOLS[10:])) > 0.5
    assert mean(shifts(taste, BUYERS + THANKS)) < mean(shifts(taste, SCHOOLS[10:])) / 2
    assert filed(taste, BUYERS + THANKS, -2.0) == 0


def test_more_corrected_mails_are_judged_as_the_user_said() -> None:
    learned = learn(told(SCHOOLS[:10], cold=False, score=FILED))
    assert learned.right_before == 0 and learned.right_now >= 9


def test_nothing_said_changes_nothing() -> None:
    learned = learn([])
    assert learned.taste.file_above == FILE_ABOVE and learned.weight == 0
    assert set(shifts(learned.taste, PITCHES)) == {0.0}


def test_the_same_words_give_the_same_taste() -> None:
    words = told(SCHOOLS[:6], cold=False, score=2.0)
    assert learn(words).taste == learn(words).taste


def test_no_single_correction_moves_more_than_its_weight() -> None:
    one = told(SCHOOLS[:1], cold=False, score=30.0)
    taste = learn(one).taste
    assert shifts(taste, SCHOOLS[:1]) == [-MOST]  # itself, as far as anything goes
    assert all(abs(shift) < 0.5 / PENALTY for shift in shifts(taste, SCHOOLS[1:] + PITCHES + BUYERS))


def flood(count: int, *, alike: bool, seed: int = 5) -> tuple[str, ...]:
    """Letters a flooder writes: one text with other names, or words thrown together around a pitch."""
    dice = Random(seed)
    if alike:
        return tuple(f"{dice.choice(PITCHES)} Yours, {dice.choice(WORDS).title()}" for _ in range(count))
    return tuple(f"{' '.join(dice.sample(WORDS, 12))}. {dice.choice(PITCHES)}" for _ in range(count))


@pytest.mark.parametrize(
    ("alike", "hours", "judged", "senders"),
    [
        (True, 30.0, True, 10_000),  # one text from a hundred addresses, over months
        (False, 0.002, True, 10_000),  # other words each time, moved in a few minutes
        (False, 30.0, True, 1),  # one sender's
        (False, 0.1, False, 10_000),  # moved by a rule of another program, never judged in the inbox
    ],
)
def test_a_hundred_false_corrections_do_not_turn_the_model(
    alike: bool, hours: float, judged: bool, senders: int
) -> None:
    words = told(
        flood(100, alike=alike), cold=False, score=FILED, hours=hours, judged=judged, senders=senders
    )
    taste = learn(words).taste
    assert filed(taste, PITCHES, CLEAR) == len(PITCHES)  # what was clear stays clear
    poison = [Told(w.lesson, True, w.sender, w.at, w.judged) for w in told(flood(100, alike=alike), cold=True, score=-2.0,
              hours=hours, judged=judged, senders=senders)]  # fmt: skip
    turned = learn(poison).taste
    assert filed(turned, BUYERS + THANKS, -1.0) == 0
    assert mean(shifts(turned, SCHOOLS)) < 0.6


def test_the_weights_are_bounded_by_sender_likeness_hour_and_day() -> None:
    def total(words: list[Told]) -> float:
        kernel = [[1.0 if a is b else 0.0 for b in words] for a in words]
        return sum(weigh_lessons(words, kernel))

    texts = SCHOOLS[:12]
    assert total(told(texts, cold=True, score=0)) == 12
    assert total(told(texts, cold=True, score=0, senders=1)) < 2
    assert total(told(texts, cold=True, score=0, hours=0)) == pytest.approx(HOUR)
    assert total(told(texts, cold=True, score=0, hours=1.9)) == pytest.approx(DAY + 0, abs=2.1)
    assert total(told(texts, cold=True, score=0, hours=0, judged=False)) == pytest.approx(HOUR * UNKNOWN)
    same = told(texts, cold=True, score=0)
    assert sum(weigh_lessons(same, [[1.0] * 12 for _ in same])) < 2


def test_the_threshold_rises_for_whoever_moves_much_back() -> None:
    dice = Random(3)
    nothing_alike = tuple(f"The {' '.join(dice.sample(WORDS, 6))} for you." for _ in range(12))
    above = learn(told(nothing_alike, cold=False, score=FILED + MOST)).taste.file_above
    assert FILE_ABOVE < above <= MOST_ABOVE


def test_what_every_letter_has_is_no_part_of_the_background() -> None:
    data = background_of([lesson(text).features for text in SCHOOLS])
    assert unpacked(data) and bucket(EVERY) not in unpacked(data)
