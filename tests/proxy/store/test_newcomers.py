"""A first mail from an address nobody knows: whose it is may be shown by its name, with its domain or its thread."""

import pytest

from models.address import Mailbox
from models.letter import Event, EventKind, Letter
from models.mail import Mail, ThreadLinks
from models.past import Past, Tie
from proxy.store.database import Store
from proxy.store.letters import past_for, remember
from tests.proxy.store.letters import ANN, NOW, OWNER, letter

BO, HOME = "b.fox@work.example", "bo.fox@post.example"
MADE = Event(kind=EventKind.INTRODUCTION, people=(BO,), quote="meet Bo")


def friend(who: str) -> list[Letter]:
    found: list[Letter] = []
    for days in (120, 60):
        first = letter(days, ANN, who)
        second = letter(days - 0.1, who, ANN, answers=first)
        found += [first, second, letter(days - 0.2, ANN, who, answers=second)]
    return found


def introduction() -> Letter:
    return letter(2, "mo@x.example", ANN, cc=(BO,), events=(MADE,), names={BO: "Bo Fox"})


async def past(letters: list[Letter], who: str, name: str, answers: str = "") -> Past:
    mail = Mail(
        senders=(Mailbox(name=name, address=who),),
        to=(Mailbox(name="", address=ANN),),
        links=ThreadLinks(in_reply_to=(answers,)) if answers else ThreadLinks(),
    )
    async with await Store.open(None) as store:
        await remember(store, letters)
        return await past_for(store, mail, [who], owner=OWNER, now=NOW)


async def test_whoever_answers_their_introduction_from_home_is_the_introduced() -> None:
    made = introduction()
    found = await past([*friend("mo@x.example"), made], HOME, "Bo Fox", made.message_id or "")
    assert found.tie(HOME) is Tie.VOUCHED
    assert [(j.address, j.why) for j in found.relation(HOME).also] == [
        (BO, f"this mail answers the one that introduced {BO}, under the same name")
    ]


@pytest.mark.parametrize(
    ("who", "name", "answers"),
    [
        (HOME, "Bo Fox", False),  # the name alone
        ("zoe@post.example", "Zoe Hart", True),  # the thread alone
        ("info@post.example", "Bo Fox", True),  # a mailbox of many
    ],
)
async def test_less_than_both_shows_nobody(who: str, name: str, answers: bool) -> None:
    made = introduction()
    found = await past([*friend("mo@x.example"), made], who, name, made.message_id or "" if answers else "")
    assert found.tie(who) is Tie.UNKNOWN


async def test_a_new_address_at_the_same_organisation_under_the_same_full_name() -> None:
    letters = [
        one.model_copy(update={"names": {"mo@x.example": "Mo Adeyemi"}}) for one in friend("mo@x.example")
    ]
    assert (await past(letters, "mo@lab.x.example", "Mo Adeyemi")).tie("mo@lab.x.example") is Tie.ESTABLISHED
    assert (await past(letters, "mo@lab.x.example", "Mo Adler")).tie("mo@lab.x.example") is Tie.UNKNOWN
    assert (await past(letters, "mo@y.example", "Mo Adeyemi")).tie("mo@y.example") is Tie.UNKNOWN
