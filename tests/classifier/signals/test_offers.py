"""What gives, offers or wishes asks nothing; what takes, or pitches, is no offer."""

import pytest

from classifier.reading.read import read_mail
from classifier.signals.asks import find_cold_asks
from classifier.signals.offers import offers_something
from models.finding import Ask
from models.heard import Heard, Said


@pytest.mark.parametrize(
    "words",
    [
        "Tell me where to post it.",
        "Shall I bring it or post it?",
        "If you'll give me an address, they'll go by registered post at my cost.",
        "I'll leave a pair at your gate.",
        "They're yours.",
        "The children drew you the enclosed.",
        "Would you like an introduction to her?",
        "And should an introduction to the county engineer be useful, she was my trainee, only say so.",
        "Shall I put you two in touch?",
        "Happy to introduce you to my printer.",
        "I wish I knew somebody like you here.",
        "You may suggest two people as third reviewer, as the form says.",
    ],
)
def test_giving_offering_wishing(words: str) -> None:
    assert offers_something(words)


@pytest.mark.parametrize(
    "words",
    [
        "Tell me whom to write to.",
        "Could you introduce me to her?",
        "Shall I bring my portfolio on Monday?",
        "If you'll give me an hour, I'll show you the figures.",
        "I'd run the first workshop for your team for nothing.",
        "Can I send you a sample?",
        "I should like to be thanked on it, and for that I'd need you to have tried one: where shall I send it?",
        "I wish you would speak to her about me.",
        "An introduction to her would be useful to me.",
        "Your prices are yours to set.",
        "May I introduce myself to your buyer?",
    ],
)
def test_taking_and_pitching(words: str) -> None:
    assert not offers_something(words)


def test_what_an_ear_alone_hears_in_an_offer_is_no_ask() -> None:
    text = "Dear Paula Kerr, we have a red glove here with your name in it. Tell me where to post it.\n"
    mail = read_mail(f"From: a@poe.example\nTo: p@kerr.example\nSubject: glove\n\n{text}".encode())
    start = mail.own_text.index("Tell me")
    said = Said(start=start, end=start + 25, asks=0.9, kinds=((Ask.INTRODUCTION, 0.8),))
    heard = mail.model_copy(update={"heard": Heard(ear="encoder", cold=4.0, sentences=(said,))})
    assert find_cold_asks(heard) == ()
    other = text.replace("Tell me where to post it.", "Tell me how to reach her.")
    mail = read_mail(f"From: a@poe.example\nTo: p@kerr.example\nSubject: glove\n\n{other}".encode())
    assert find_cold_asks(
        mail.model_copy(update={"heard": Heard(ear="encoder", cold=4.0, sentences=(said,))})
    )
