"""What closes a matter, and what only has the words."""

import pytest

from classifier.signals.refusals import find_refusal
from models.mail import Mail, Zone, ZoneKind


def refusal(text: str) -> str:
    return find_refusal(Mail(text=text, zones=(Zone(kind=ZoneKind.OWN, start=0, end=len(text)),)))


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, but we are not interested.",
        "Please stop emailing me.",
        "Take me off your list.",
        "Do not contact me again",
        "No, thanks. We have a supplier.",
        "I must decline.",
    ],
)
def test_a_no_is_heard(text: str) -> None:
    assert refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "If you are not interested just tell me.",
        "Are you not interested in the flat any more?",
        "Please stop by on Sunday!",
        "He was not interested, so the boat is yours.",
        "Do you have any interest in the old desk?",
    ],
)
def test_the_words_alone_are_no_refusal(text: str) -> None:
    assert refusal(text) == ""


def test_a_long_letter_closes_nothing() -> None:
    assert refusal("We talked about the garden. " * 40 + "I am not interested in lawns.") == ""
