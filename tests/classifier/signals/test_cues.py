"""Cues: what a stranger's sentences do, and the same words where nobody asks anything."""

import pytest

from classifier.signals.cues import find_cues
from classifier.signals.wants import find_wants
from models.finding import Ask
from tests.classifier.judge.letters import letter


def surest(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for cue in find_cues(letter(text, subject="")):
        found[cue.name] = max(found.get(cue.name, 0), cue.certainty)
    return found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pitch", "Want me to send the audit over?"),
        ("pitch", "I've pencilled you in for the 14th."),
        ("pitch", "Say the word and a crew is there on Monday."),
        ("meeting", "Do you have twenty minutes on Friday?"),
        ("meeting", "When can I ring you?"),
        ("links", "Could you add our guide to your resources page?"),
        ("guests", "He would be a great guest for your show."),
        ("brain", "I'd love to pick your brain over lunch."),
        (
            "recruit",
            "The role is exactly your profile, and if you're happy where you are, who's restless?",
        ),
        ("survey", "It would help if you could fill in this short survey for my thesis."),
        ("job", "Would there be a corner in your workshop for me?"),
        ("candidates", "I have four nurses registered who are immediately available, whom shall I line up?"),
        ("donation", "Whatever you can spare, however small, goes on coal."),
        ("invest", "We are raising a seed round of two million."),
        ("petition", "Will you sign the open letter?"),
        ("introduction", "A word from you would open that door."),
        ("contacts", "Who signs off on flooring at your place?"),
        ("referral", "Hand them one of our cards and tell them to ask for Colin."),
        ("testimonial", "Could you leave us a five-star review?"),
        ("buying", "How much would you charge for two of them?"),
        ("buying", "Are you taking on new patients?"),
        ("case", "My order no. 118 arrived with one cup broken."),
        ("press", "I'm a reporter at the Courier and on deadline."),
        ("office", "Please have ready the records for the inspection of your premises."),
        ("security", "Your bucket can be listed without credentials."),
        ("nothing", "No need to reply, I just wanted to say thanks."),
        ("warm", "How was your trip, and how are the kids?"),
        ("mailing", "To unsubscribe, click here."),
    ],
)
def test_a_cue_is_found(name: str, text: str) -> None:
    assert surest(text).get(name, 0) >= 0.5


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("introduction", "A man at the fair asked me if I could introduce him to my brother."),
        ("introduction", "You said that nobody owes an introduction to anybody."),
        ("job", "My father came to you for a job in 1980."),
        ("petition", "The signature on page 3 is missing."),
        ("pitch", "The free entrance is round the corner."),
        ("donation", "The sponsor of the bill resigned."),
        ("buying", "The price of freedom is eternal vigilance."),
        ("nothing", "There is nothing like a good kiln."),
        ("meeting", "We ended up talking for twenty minutes about bees."),
    ],
)
def test_a_look_alike_is_not(name: str, text: str) -> None:
    assert surest(text).get(name, 0) < 0.5


def test_a_quote_is_a_part_of_the_own_text() -> None:
    text = "Dear Ines,\n\nyou know the buyers. Could you possibly\nintroduce me to one of them?\n\nRufus"
    (ask,) = [a for a in find_wants(letter(text)) if a.ask is Ask.INTRODUCTION]
    assert ask.quote in " ".join(text.split())
    assert text[ask.start : ask.end].startswith("Could") or "introduce" in text[ask.start : ask.end]


def test_the_subject_hints_and_is_never_quoted() -> None:
    cues = find_cues(letter("Hello Ines.", subject="Could you introduce me to Agneta?"))
    assert [(c.name, c.quote) for c in cues if c.name == "introduction"] == [("introduction", "")]
    assert find_wants(letter("Hello Ines.", subject="Could you introduce me to Agneta?")) == ()


def test_a_story_goes_on_in_small_letters() -> None:
    told = "She asked me for it.\n\nwe could meet?\n\ndo you have twenty minutes on Friday?"
    asked = "She was there.\n\nwe could meet?\n\ndo you have twenty minutes on Friday?"
    fresh = "She asked me for it.\n\nWe could meet?\n\nDo you have twenty minutes on Friday?"
    assert surest(told)["meeting"] < surest(asked)["meeting"] == surest(fresh)["meeting"]


@pytest.mark.parametrize(
    ("text", "buys"),
    [
        ("Could I buy you a coffee and pick your brain for half an hour?", False),
        ("May I buy you lunch one day next week?", False),
        ("Could we buy you a drink after your talk?", False),
        ("Could I buy two of the oak stools?", True),
        ("May we buy the second-hand press you had in the window?", True),
        ("Can I order the blue one for my sister?", True),
    ],
)
def test_who_treats_the_reader_to_a_coffee_is_no_buyer(text: str, buys: bool) -> None:
    assert ("buying" in surest(text)) == buys
