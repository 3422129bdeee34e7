"""A small mailing warms nobody; who answers it does something of their own."""

from models.letter import Letter
from models.mail import Mail
from models.past import Past, Tie
from proxy.store.database import Store
from proxy.store.letters import past_for, remember
from tests.proxy.store.letters import ANN, NOW, OWNER, letter

BO, ZOE, MO = "bo@x.example", "zoe@y.example", "mo@z.example"
CHOIR = {"choir": frozenset({BO, ZOE, MO})}


async def after(*letters: Letter, lists: dict[str, frozenset[str]] = CHOIR) -> Past:
    async with await Store.open(None) as store:
        await remember(store, letters)
        return await past_for(store, Mail(), [BO, ZOE], owner=OWNER, now=NOW, lists=lists)


def mailing(days_ago: float) -> Letter:
    return letter(days_ago, ANN, BO, cc=(ZOE, MO))


async def test_a_mailing_to_three_after_their_letter_answers_nobody() -> None:
    theirs = letter(20, BO, ANN)
    assert (await after(theirs, mailing(19))).tie(BO) is Tie.ONE_SIDED
    assert (await after(theirs, mailing(19), lists={})).tie(BO) is Tie.ANSWERED


async def test_who_answers_the_mailing_is_known() -> None:
    sent = mailing(20)
    found = await after(sent, letter(19, BO, ANN, answers=sent))
    assert (found.tie(BO), found.tie(ZOE)) == (Tie.ANSWERED, Tie.ONE_SIDED)


async def test_a_letter_to_one_reader_is_a_letter() -> None:
    assert (await after(letter(20, BO, ANN), letter(19, ANN, BO))).tie(BO) is Tie.ANSWERED
