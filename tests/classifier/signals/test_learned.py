"""The sentence model as it ships: what it hears, what it leaves, and that its figures are its own."""

import pytest

from classifier.signals.grams import TRAITS, grams, traits
from classifier.signals.learned import ask_probability
from classifier.signals.sentences import plain
from models.finding import Ask

ASKS = (
    "Could you put me in touch with whoever buys rope at your brother's yard?",
    "Would you have half an hour next week to look over my plan for the mill?",
    "I need someone to vouch for me, and I was hoping you would write a few lines.",
)
NONE = (
    "The ferry was late again and the goats were sick.",
    "Thank you for the plums, they arrived whole.",
    "Minutes of the meeting are attached.",
)


@pytest.mark.parametrize("text", ASKS)
def test_asks_are_likelier_than_not(text: str) -> None:
    asks, kinds = ask_probability(plain(text))
    assert asks > 0.5
    assert set(kinds) == set(Ask)
    assert all(0 <= p <= asks for p in kinds.values())


@pytest.mark.parametrize("text", NONE)
def test_what_asks_nothing_is_unlikely(text: str) -> None:
    assert ask_probability(plain(text))[0] < 0.5


@pytest.mark.parametrize("text", ["", "?", "word " * 5000, "жуки", "<" * 300])
def test_any_text_has_a_probability(text: str) -> None:
    assert 0 <= ask_probability(plain(text))[0] <= 1


def test_traits_are_as_many_as_said_and_grams_see_parts_of_words() -> None:
    assert len(traits(plain("Could you help me?"))) == TRAITS
    one, two = grams(plain("introduce")), grams(plain("introduces"))
    assert len(one & two) > 5
    assert one != two
