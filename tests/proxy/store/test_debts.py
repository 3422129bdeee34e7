"""Help owed: opened by what somebody gave, settled by thanks and a report, as of any moment."""

from datetime import timedelta

import pytest

from models.finding import Ask
from models.letter import Event, EventKind, Help, Letter
from models.mail import Mail
from models.past import Debt
from proxy.store.database import Store
from proxy.store.letters import past_for, remember
from tests.proxy.store.letters import ANN, NOW, OWNER, letter

BO = "bo@x.example"
NAMES = Event(kind=EventKind.HELP, help=Help.NAMES, quote="talk to Petra, she buys flour", firm=True)
ADVICE = Event(kind=EventKind.HELP, help=Help.ADVICE, quote="I would start small")
THANKS, REPORT = Event(kind=EventKind.THANKS), Event(kind=EventKind.REPORT)
ASKED = Event(kind=EventKind.ASK, asks=(Ask.ADVICE,), quote="what would you do")


async def debts(*letters: Letter, days_ago: float = 0) -> tuple[Debt, ...]:
    async with await Store.open(None) as store:
        await remember(store, [*letters[::-1], letter(60, ANN, BO)])
        past = await past_for(store, Mail(), [BO], owner=OWNER, now=NOW - timedelta(days=days_ago))
    return past.debts


async def test_names_given_are_owed_thanks_and_a_report() -> None:
    given = letter(30, BO, ANN, events=(NAMES,))
    (debt,) = await debts(given)
    assert (debt.who, debt.kind, debt.date, debt.quote) == (BO, Help.NAMES, given.date, NAMES.quote)
    assert (debt.thanked, debt.settled, debt.message_id) == (None, None, given.message_id)


async def test_thanks_alone_settle_nothing() -> None:
    thanked, told = letter(29, ANN, BO, events=(THANKS,)), letter(9, ANN, BO, events=(REPORT,))
    given = letter(30, BO, ANN, events=(NAMES,))
    (debt,) = await debts(given, thanked)
    assert (debt.thanked, debt.settled) == (thanked.date, None)
    (debt,) = await debts(given, thanked, told)
    assert debt.settled == told.date
    (debt,) = await debts(given, thanked, told, days_ago=20)
    assert debt.settled is None, "not yet, three weeks ago"


async def test_what_was_said_before_or_to_others_settles_nothing() -> None:
    before = letter(31, ANN, BO, events=(THANKS, REPORT))
    others = letter(9, ANN, "zoe@y.example", events=(THANKS, REPORT))
    (debt,) = await debts(before, letter(30, BO, ANN, events=(NAMES,)), others)
    assert (debt.thanked, debt.settled) == (None, None)


@pytest.mark.parametrize(("asked_days_ago", "owed"), [(40, 1), (200, 0), (20, 0)])
async def test_advice_is_help_to_one_who_asked_before(asked_days_ago: float, owed: int) -> None:
    found = await debts(
        letter(asked_days_ago, ANN, BO, events=(ASKED,)), letter(30, BO, ANN, events=(ADVICE,))
    )
    assert len(found) == owed


async def test_an_introduction_to_the_owner_is_help() -> None:
    made = Event(kind=EventKind.INTRODUCTION, people=("zoe@y.example",), quote="meet Zoe")
    (debt,) = await debts(letter(30, BO, ANN, events=(made,)))
    assert (debt.kind, debt.quote) == (Help.INTRODUCTION, "meet Zoe")


async def test_the_same_words_twice_are_one_debt_and_a_strangers_are_none() -> None:
    assert len(await debts(letter(30, BO, ANN, events=(NAMES,)), letter(20, BO, ANN, events=(NAMES,)))) == 1
    async with await Store.open(None) as store:
        await remember(store, [letter(30, BO, ANN, events=(NAMES,))])
        assert (await past_for(store, Mail(), [BO], owner=OWNER, now=NOW)).debts == ()
