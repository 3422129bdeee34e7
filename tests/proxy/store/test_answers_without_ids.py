"""Answers without In-Reply-To in the shapes of real mail programs: known by subject or quote, against what was sent."""

from datetime import UTC, datetime

import pytest

from classifier.reading.read import read_mail
from classifier.witness import witness
from models.mail import Mail
from models.past import Owner, Tie
from proxy.store.database import Store
from proxy.store.letters import past_for, remember

ANN, TOVE = "ann@quay.example", "tove@lindfisk.example"
OWNER = Owner(addresses=frozenset({ANN}))
NOW = datetime(2019, 6, 1, tzinfo=UTC)
ASKED = (
    "the harbour board has asked me how many crates of herring your three boats could land between March and May, "
    "and whether the ice house would hold them over a weekend. Could you let me know by Thursday?"
)
MINE = f"Dear Tove,\n\n{ASKED}\n\nAnn\n"
WRAPPED = """> the harbour board has asked me how many crates of herring your three
> boats could land between March and May, and whether the ice house
> would hold them over a weekend. Could you let me know by Thursday?
"""
OUTLOOK = f"""Forty a day in March, fewer in May.

Tove

-----Original Message-----
From: Ann Quay [mailto:ann@quay.example]
Sent: Monday, 4 March 2019 09:00
To: Tove Lind
Subject: Herring quota

{MINE}"""
RULE = f"""See below.

________________________________
From: Ann Quay <ann@quay.example>
Sent: Monday, March 4, 2019 9:00 AM
To: Tove Lind <tove@lindfisk.example>
Subject: Herring quota

{MINE}"""
GERMAN = f"""Vierzig.

Von: Ann Quay <ann@quay.example>
Gesendet: Montag, 4. März 2019 09:00
An: Tove Lind <tove@lindfisk.example>
Betreff: Herring quota

{MINE}"""
NOTES = f"""Forty a day

Ann Quay
04/03/2019 09:00
To: Tove Lind/LF
cc:
Subject: Herring quota

{MINE}"""
GMAIL = f"Forty.\n\nOn Mon, Mar 4, 2019 at 9:00 AM Ann Quay <ann@quay.example> wrote:\n\n> Dear Tove,\n>\n{WRAPPED}"
APPLE = f"Forty.\n\nSent from my iPhone\n\n> On 4 Mar 2019, at 09:00, Ann Quay wrote:\n> \n> {ASKED}\n"
INSIDE = (
    "> the harbour board has asked me how many crates of herring your three boats could land between March and\n\n"
    "forty\n\n> and whether the ice house would hold them over a weekend.\n\ntwo days\n"
)


def mail(sender: str, to: str, day: int, subject: str, body: str) -> Mail:
    return read_mail(
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: {day} Mar 2019 09:00:00 +0000\n"
        f"Message-ID: <{day}.{sender}>\nContent-Type: text/plain; charset=utf-8\n\n{body}".encode()
    )


async def tie_after(subject: str, body: str, day: int = 5) -> Tie:
    letters = [mail(ANN, TOVE, 4, "Herring quota", MINE), mail(TOVE, ANN, day, subject, body)]
    async with await Store.open(None) as store:
        await remember(store, [witness(m, OWNER, stand_in=NOW) for m in letters])
        return (await past_for(store, Mail(), [TOVE], owner=OWNER, now=NOW)).tie(TOVE)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        *((s, "Forty a day.\n") for s in (
            "Re: Herring quota", "RE: [EXT] herring quota", "AW: Herring quota", "SV: Herring quota",
            "R: Herring quota", "Antwort: Herring quota", "Re[2]: Herring quota", "回复：Herring quota",
            "[lindfisk #221] Re: Herring quota", "RES: Herring quota", "Crates (was: Herring quota)",
        )),
        ("crates", OUTLOOK),
        ("ice and boats", RULE),
        ("Heringe", GERMAN),
        ("numbers", NOTES),
        ("our boats", GMAIL),
        ("fish", APPLE),
        ("answers inside", INSIDE),
    ],
)  # fmt: skip
async def test_an_answer_is_known_without_ids(subject: str, body: str) -> None:
    assert await tie_after(subject, body) is Tie.ANSWERED


@pytest.mark.parametrize(
    ("subject", "body", "day"),
    [
        ("Re: our call last week", "As discussed, our ice machines are 20% off.\n", 6),
        ("Re: brochure", "Following up.\n\nOn Mon, Ann wrote:\n> Yes please send me your brochure about the ice machines you sell up north\n", 6),
        ("Catalogue", "Our new catalogue is out, have a look at page nine.\n", 24),
        ("Price list (was: our call)", "It is attached.\n", 6),
        ("rope", OUTLOOK.replace(ASKED, "the rope is in the shed behind the blue boat where you left it after the race"), 6),
    ],
)  # fmt: skip
async def test_a_claim_that_nothing_bears_out_is_no_answer(subject: str, body: str, day: int) -> None:
    assert await tie_after(subject, body, day) is Tie.ONE_SIDED
