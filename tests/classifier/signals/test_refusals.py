"""What closes a matter, and what only has the words."""

import pytest

from classifier.signals.refusals import Refused, find_refusal
from models.mail import Mail, Zone, ZoneKind


def refusal(text: str) -> Refused | None:
    return find_refusal(Mail(text=text, zones=(Zone(kind=ZoneKind.OWN, start=0, end=len(text)),)))


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, but we are not interested.",
        "Please stop emailing me.",
        "Take me off your list.",
        "Do not contact me again",
        "I'd rather you didn't write again.",
        "I would prefer it if you did not contact us any more.",
        "Leave me alone.",
        "I don’t want to hear from you again.",
        "No further emails, please.",
        "This is my last answer to you.",
    ],
)
def test_what_closes_the_matter_is_firm(text: str) -> None:
    found = refusal(text)
    assert found is not None and found.firm


@pytest.mark.parametrize(
    "text",
    [
        "No, thanks. We have a supplier.",
        "I must decline.",
        "Thanks, but no.",
        "I’m afraid that is not for us.",
        "We're all set here.",
        "I'm sorry, I can't help you with that.",
    ],
)
def test_a_polite_no_is_heard(text: str) -> None:
    found = refusal(text)
    assert found is not None and not found.firm


@pytest.mark.parametrize(
    "text",
    [
        "If you are not interested just tell me.",
        "Are you not interested in the flat any more?",
        "Please stop by on Sunday!",
        "I'd rather you didn't pay the boy in advance.",
        "He asked us to leave him alone with the piano.",
        "Do you not want to hear from her?",
        "There were no further emails from the council.",
        "He was not interested, so the boat is yours.",
        "Do you have any interest in the old desk?",
    ],
)
def test_the_words_alone_are_no_refusal(text: str) -> None:
    assert refusal(text) is None


def test_a_long_letter_closes_nothing() -> None:
    assert refusal("We talked about the garden. " * 40 + "I am not interested in lawns.") is None
