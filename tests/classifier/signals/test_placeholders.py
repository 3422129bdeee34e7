"""Blanks that a writer forgot, against those that a form leaves to its reader."""

import pytest

from classifier.policy import cap
from classifier.reading.read import read_mail
from classifier.signals.placeholders import find_placeholders
from models.finding import Effect


def blanks(text: str) -> list[str]:
    mail = read_mail(f"From: a@poe.example\nTo: k@brandt.example\nSubject: paper\n\n{text}\n".encode())
    return [p.quote for p in find_placeholders(mail)]


@pytest.mark.parametrize(
    "text",
    [
        "Dear Karl,\n\ncomplete what is left open and bring it on Friday.\n\nI empower ____ to sell the van at ____.",
        "Dear Karl,\n\nthe lines are for you, mine are done.\n\nBetween Ann Poe and Karl, living at ______, is agreed:",
        "Dear Karl,\n\nput your own in where I set brackets:\n\n[Name] runs [number] rounds for the lifeboat.",
        "Dear Karl,\n\nyou enter the names and sign.\n\nThe boat goes from ______ to ______.",
        "Dear Karl,\n\nbring the slip on Monday.\n\nWe, ______, allow our son to go to ______ by train.",
        "Dear Karl,\n\nplease add your data.\n\nI release Dr Roe towards [company] from [date] on.",
        "Dear Karl,\n\nhere's the membership form.\n\nKarl Brandt joins from ______ on, paying from ______ .",
        "Dear Karl,\n\nfor your bank:\n\nI hereby authorise the guild to take 12 euros from ______ each month.",
        "Dear Karl,\n\nan INSERT IGNORE is quicker there, and the slot reads INSERT TOKEN, not INSERT CASH.",
        "Dear Karl,\n\nthe order of (service) manuals is on its way, and the file NAME will be shown.",
        "Dear Karl,\n\nthey sent me this, 'Dear Sir, we at [Company] admire you', and want an answer.",
    ],
)
def test_left_to_the_reader(text: str) -> None:
    assert blanks(text) == []


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("Dear Karl,\n\nas agreed we deliver to ______ and you sign the order.", "to ______"),
        ("Dear [Name],\n\nplease fill in the blanks below.\n\nI live at ______.", "[Name]"),
        ("Dear ______,\n\nplease complete and send back.\n\nI live at ______.", "Dear ______,"),
        ("Dear Karl,\n\nplease fill in the enclosed form for [Company].", "[Company]"),
        (
            "Dear Karl,\n\nwe at [Company] look forward to it.\n\nFill in the gaps and sign: I, ______",
            "[Company]",
        ),
        ("Dear Karl,\n\nfill in the gaps for {{company}} and sign.", "{{company}}"),
        ("Dear Karl,\n\nplease sign the declaration for [Company].", "[Company]"),
        ("Dear Karl,\n\ncould you add your name to the list for [Company]?", "[Company]"),
    ],
)
def test_forgotten(text: str, blank: str) -> None:
    assert blank in blanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for the coat. It is not about PRICE, it is about whether it fits.",
        "The minutes are enclosed. Next meeting: 3 May, 7 pm, room [TBC].",
        "We watched the film of the XXX Olympiad with the children.",
    ],
)
def test_what_may_be_meant_as_it_stands_holds_nothing(text: str) -> None:
    mail = read_mail(
        f"From: a@poe.example\nTo: k@brandt.example\nSubject: hello\n\nDear Karl,\n\n{text}\n".encode()
    )
    assert all(cap(p.certainty) is not Effect.HOLD for p in find_placeholders(mail))


def test_a_text_full_of_blanks_is_told_by_the_first() -> None:
    found = blanks("Dear Karl,\n\n" + "[name] " * 20_000)  # took 20 seconds when each was compared with all
    assert set(found) == {"[name]"}
    assert len(found) == 100
