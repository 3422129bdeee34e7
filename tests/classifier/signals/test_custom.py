"""Who comes as a customer, and who only speaks of one."""

import pytest

from classifier.signals.custom import find_custom


@pytest.mark.parametrize(
    "text",
    [
        "Our gate has rusted through. Could you come and measure it, and what would your fee be?",
        "Would you act for us against the insurer? Should you be too busy, please name a colleague.",
        "We run a small choir. What do you charge, and could you teach us on Mondays?",
    ],
)
def test_a_need_and_the_readers_trade_are_custom(text: str) -> None:
    certainty, quote = find_custom(text)
    assert certainty >= 0.75
    assert quote in text


@pytest.mark.parametrize(
    "text",
    [
        "We help firms like yours to save a third of their costs. Could you spare ten minutes?",
        "Could you introduce me to your head of purchasing? We sell the best gaskets in Turin.",
        "I have read your book with pleasure.",
        "",
    ],
)
def test_a_pitch_is_none(text: str) -> None:
    assert find_custom(text) == (0.0, "")
