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
        "Would you like me to sit you two at one table?",
        "Do you want us to ask the verger for you?",
        "Should I put in a good word for you with the dean?",
        "Would it be of use if I named you to the choir?",
        "Shall I hold the last two for you till Saturday?",
        "May I have the plates scanned for you?",
        "I could bring them round to your shop after work.",
        "My sister would be pleased to hold the banner.",
        "If you are short of drivers, I have a car and five seats.",
        "I could come on the hike as a second steward.",
        "If nobody else has come forward, I keep the gate.",
        "You're most welcome to borrow the ladder.",
        "Say the word and I write to all of you.",
        "She'd be glad if you rang.",
        "We can lend you the urns.",
        "Shall my brother bring it tomorrow?",
        "Shall we have you both to lunch?",
        "Would you mind if I told her that you keep bees?",
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
        "Would you like me to send our price list?",
        "Would you like to bring me together with her?",
        "Would it help if I showed you around our platform?",
        "Would it help if I sent you a quote?",
        "Would you like us to cut your costs by half?",
        "Could you put in a good word for me with the dean?",
        "If you are short of drivers, could you hire me?",
        "My wife would be glad to meet your director.",
        "I'd be happy to be named to your buyer.",
        "We'd be delighted to welcome you as a customer.",
        "Shall I come by and show you?",
        "You are welcome to recommend me to the board.",
        "I could come along to your meeting with her.",
        "He would be glad if you hired him.",
    ],
)
def test_taking_and_pitching(words: str) -> None:
    assert not offers_something(words)


@pytest.mark.parametrize(
    "words",
    [
        "I enclose an essay of 700 words, as your rules for entries ask.",
        "Attached are three poems for your winter issue.",
        "We submit the abstract for the workshop, anonymised.",
        "For publication, should you see fit: the bridge is closed again.",
        "In reply to your call for choirs: our recording.",
    ],
)
def test_a_submission_is_one_but_for_work_and_money(words: str) -> None:
    assert offers_something(words, Ask.BUSINESS)
    assert not offers_something(words, Ask.JOB)


@pytest.mark.parametrize(
    "words",
    [
        "I attach my novel; would you write a line for its cover?",
        "I attach our catalogue for your consideration.",
        "Could you print my story in your next issue, as your guidelines say?",
        "We would like to place an article with a link on your page.",
        "In answer to your call, our price is 900.",
    ],
)
def test_no_submission(words: str) -> None:
    assert not offers_something(words, Ask.BUSINESS)


@pytest.mark.parametrize(
    "words",
    [
        "Could you book us in for the 14th?",
        "Please put my sister down for two Saturdays.",
        "Pencil me in, please.",
        "Count us in.",
        "Would you keep one of the cradles for us?",
        "We'd like to hire you for the wedding.",
        "The parish has accepted your estimate, so please begin when it is dry.",
        "I'll take the smaller two at 40.",
        "What would you charge for a new lid?",
        "Please renew our membership and send me the bill.",
        "How do we pay?",
    ],
)
def test_an_order_wants_the_readers_trade(words: str) -> None:
    assert offers_something(words, Ask.BUSINESS)
    assert not offers_something(words, Ask.INTRODUCTION)


@pytest.mark.parametrize(
    "words",
    [
        "Please book our training for your people.",
        "I'd like to book a call with you on Monday.",
        "Book me as your new colleague.",
        "Our estimate is attached, please accept it by Monday.",
        "Please reserve a stand at our fair.",
        "We would like to order your attention for five minutes.",
        "Put me in touch with your buyer.",
        "You could take twenty of them to try.",
    ],
)
def test_no_order(words: str) -> None:
    assert not offers_something(words, Ask.BUSINESS)


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
