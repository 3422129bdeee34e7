"""Letters in a few veins, for tests of what a user's corrections teach. Everybody is invented."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from classifier.judge.incoming import learnable
from classifier.judge.taste import Lesson
from classifier.training.taste import Told
from models.address import Mailbox
from models.mail import Mail
from tests.classifier.judge.letters import letter, past

MONDAY: Final = datetime(2024, 6, 3, 9, tzinfo=UTC)

# What this keeper of a lighthouse is glad of: schools that want to come and see the lamp.
SCHOOLS: Final = (
    "Our third form is learning about lamps and lenses. Could the class come up the lighthouse one morning in June?",
    "I teach eleven-year-olds in Morvik. May we bring twenty pupils to the lighthouse after Easter to see the lamp turn?",
    "Would you show a class of nine-year-olds around the tower? The children have built lighthouses of cardboard.",
    "We are a small school on the other side of the sound. Could our pupils visit the lamp room on the 14th?",
    "My pupils wrote you letters about ships and storms. Would you have an hour to talk to the class about your tower?",
    "The school has a week of the sea in May. Could I bring the fifth form to the lighthouse, with two teachers?",
    "I am a trainee teacher and would love the children to climb your tower. Is there a day when a class may come?",
    "Could you spare an hour for our school? The pupils want to know how the lens of a lighthouse is cleaned.",
    "We would like to visit the lighthouse with the infants, fourteen children and a goat. Would Thursday suit you?",
    "Might a class of deaf children come and feel the fog horn? Their teacher, me, would bring sandwiches for all.",
    "Our pupils draw your lighthouse from the beach every year. Could the class see it from inside this time?",
    "Would you let a school group up the stairs? Twelve pupils, one teacher, and a promise that nobody touches the lamp.",
    "I teach physics in Tarnvik. Could I bring a class to see the old lens, and would you tell them of the storms?",
    "The children ask whether the lighthouse keeper is real. May the class visit and find out, some day in May?",
    "A teacher writes: would you have an hour for thirty pupils who study the sea and its lamps this term?",
    "Could our school come to your tower on the day of the open lighthouses, before the crowd? It is two classes.",
)
PITCHES: Final = (
    "We are an agency for search rankings and would like to book a call this week to show what we did for others.",
    "Our software fills calendars with qualified leads. Do you have fifteen minutes on Tuesday for a short demo?",
    "I noticed your company has no payroll partner. Could you connect me with whoever decides about such tools?",
    "We supply pallets at prices that your buyers will like. When can our sales director call you about an offer?",
    "Our platform cuts cloud bills by a third. Could we get on a call so that I can walk you through the savings?",
    "I help founders raise their first round. Would you be open to a quick chat about your funding plans?",
)
BUYERS: Final = (
    "Please send me a quotation for forty metres of rope, delivered to the north quay before the 12th.",
    "The lamp that I ordered from you in March arrived with a broken chimney. How do I return it?",
    "We want to hire your boat for a wedding of sixty guests. What does it cost for an afternoon?",
    "I would like to buy two of the blue jugs from your window. Do you take a cheque by post?",
)
THANKS: Final = (
    "Thank you for the tide tables. No reply needed, I only wanted you to know how much they helped us.",
    "The date on your notice board is wrong: the ferry leaves on the 9th. Greetings from a passing cyclist.",
)


def mail(text: str, sender: str = "someone@outside.example") -> Mail:
    return letter(text, subject="", sender=Mailbox(name="", address=sender))


def lesson(text: str, score: float | None = None) -> Lesson:
    """What is learned from a stranger's letter; with `score` as what the shipped model is made to think of it."""
    one = mail(text)
    found = learnable(one, past(who="someone@outside.example"))
    assert found is not None
    return found if score is None else Lesson(score, found.features)


def told(
    texts: Sequence[str],
    *,
    cold: bool,
    score: float,
    hours: float = 30,
    judged: bool = True,
    senders: int = 10_000,
) -> list[Told]:
    """The user's word on each of these, `hours` apart."""
    return [
        Told(lesson(text, score), cold, f"s{n % senders}@x{n % senders}.example", MONDAY + timedelta(hours=hours * n), judged)
        for n, text in enumerate(texts)
    ]  # fmt: skip
