"""The strongest reasons in a letter's text come out with the verdict, in words, saying which way they speak."""

from classifier.judge.because import MOST, because
from classifier.judge.incoming import judge_incoming
from classifier.judge.weighing import Sign, points, points_of_all
from models.past import Tie
from tests.classifier.judge.letters import letter, past

TEXT = "We supply pallets. Could you introduce me to the person who decides about them at your firm?"


def test_every_sign_of_weight_has_words() -> None:
    silent = [
        name for name in points_of_all() if abs(points(Sign(name))) >= 0.5 and not because([Sign(name)])
    ]
    assert silent == []


def test_each_says_which_way_it_speaks_with_its_words_and_no_more_than_some() -> None:
    signs = [
        Sign("introduction", 0.9, "introduce me"),
        Sign("buying", 0.9),
        Sign("crowd"),
        Sign("unheard-of"),
    ]
    assert because(signs) == (
        "asks for an introduction (“introduce me”), which speaks for a cold ask",
        "wants to buy from you, which speaks against a cold ask",
    )
    assert len(because([Sign(name) for name in points_of_all()])) == MOST


def test_a_strangers_letter_comes_with_them_and_a_friends_has_none() -> None:
    verdict = judge_incoming(letter(TEXT), past())
    assert any("asks for an introduction (“" in reason for reason in verdict.because)
    assert judge_incoming(letter(TEXT), past(Tie.ESTABLISHED)).because == ()
