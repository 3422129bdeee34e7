"""Requests in unusual words: found in letters, not in errands; their matter tells the kind."""

import pytest

from classifier.signals.requests import find_request
from models.finding import Ask
from models.mail import Mail, Zone, ZoneKind


def letter(text: str, subject: str = "") -> Mail:
    return Mail(subject=subject, text=text, zones=(Zone(kind=ZoneKind.OWN, start=0, end=len(text)),))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("chef. watched your line for two hours. i scrub pots, i peel. when do i come in", Ask.JOB),
        ("A new curtain for our theatre is 3,400 euros. We collected half. You see where I'm going with this.",
         Ask.MONEY),
        ("We opened a kennel. Your reception gets asked about kennels. We'd be over the moon if the answer were us.",
         Ask.REFERRAL),
        ("We'd be tickled if you scribbled something in the enclosed copy.", Ask.FAVOUR),
    ],
)  # fmt: skip
def test_requests(text: str, kind: Ask) -> None:
    span = find_request(letter(text))
    assert span is not None
    assert span.ask is kind
    assert 0.5 <= span.certainty < 0.75  # never enough to hold a mail
    assert span.quote in text


@pytest.mark.parametrize(
    "text",
    [
        "Could you send me the invoice for order 4417?",
        "I left a green umbrella in your cab. Has somebody handed it in?",
        "Is the temperature in figure 2 before or after the wash?",
        "You left your scarf. I've hung it on the gate.",
        "We marry on 8 June. Could you do a cheese table for us, and what would it cost?",
        "The lambs are born, nine of them.",
        "",
    ],
)
def test_errands_and_plain_letters_request_nothing(text: str) -> None:
    assert find_request(letter(text)) is None
