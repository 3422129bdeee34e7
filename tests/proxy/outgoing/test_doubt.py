"""Where a mail may have reached somebody, or nobody: no second copy, and no 250 that means nothing."""

from typing import Any

import pytest

from models.held import State
from models.verdict import Disposition, OutgoingVerdict
from proxy.desk import Desk
from proxy.desk.edit import held_edit
from proxy.outgoing.release import release
from proxy.store.held import list_held
from tests.proxy.outgoing.conftest import Build
from tests.proxy.outgoing.house import House
from tests.proxy.outgoing.test_flow import AGAIN, END, HOLD, MAIL, says

BOB, EVE = "bob@other.example", "eve@other.example"


async def held_of(house: House) -> list[Any]:
    return await list_held(house.store, closed=True)


async def let_go(house: House) -> Any:
    """Release what is held; its outcome."""
    [held] = await held_of(house)
    desk = house.listener.desk
    positions = range(len(held.recipients))
    account = desk.settings.accounts["work"]
    return await release(house.store, held, positions, account=account, clock=desk.clock)


@pytest.mark.parametrize("answer", [b"250 2.0.0 fine\r\n", b"354-go\r\n250 on\r\n", b"334 \r\n"])
async def test_a_provider_that_takes_data_without_asking_for_the_mail_has_not_taken_it(
    make_house: Build, answer: bytes
) -> None:
    house = await make_house()
    house.provider.answers["DATA"] = answer
    said = await (await house.client()).mail(MAIL + END)
    assert said.startswith("451 "), said
    assert house.provider.mails == []


async def test_a_release_that_got_no_further_than_data_sent_nothing(make_house: Build) -> None:
    house = await make_house(judging={"judge": HOLD})
    await (await house.client()).mail(MAIL + END)
    house.provider.answers["DATA"] = b"250 2.0.0 fine\r\n"
    outcome = await let_go(house)
    assert outcome.sent == [] and outcome.mail.state is State.HELD


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
async def test_an_answer_that_belongs_to_another_command_is_none(make_house: Build, command: str) -> None:
    house = await make_house()
    house.provider.answers[command] = b"354 go on\r\n"
    client = await house.client()
    answer = await client.say("MAIL FROM:<ann@example.org>")
    if command == "RCPT":
        answer = await client.say(f"RCPT TO:<{BOB}>")
    assert answer.startswith("451 "), answer


async def test_asked_for_more_after_the_dot_nobody_knows(make_house: Build) -> None:
    house = await make_house()
    house.provider.answers["DOT"] = b"354 go on\r\n"
    answer = await (await house.client()).mail(MAIL + END)
    assert answer.startswith("554-5.7.1 This mail may have gone"), answer
    assert [h.state for h in await held_of(house)] == [State.UNSURE]


async def test_who_has_it_already_gets_no_second_copy(make_house: Build) -> None:
    """Released, one recipient refused by the provider; the mail comes again and would pass now."""
    verdicts = iter([Disposition.HOLD, Disposition.PASS])

    def judge(*args: Any) -> OutgoingVerdict:
        verdict: OutgoingVerdict = says(next(verdicts))(*args)
        return verdict

    house = await make_house(judging={"judge": judge})
    client = await house.client()
    await client.mail(MAIL + END, BOB, EVE)
    house.provider.answers[f"RCPT TO:<{EVE}>"] = b"450 4.2.0 later\r\n"
    assert (await let_go(house)).sent == [BOB]
    house.provider.answers.clear()
    answer = await client.mail(AGAIN + END, BOB, EVE)
    [held] = await held_of(house)
    assert answer.startswith("554-5.7.1 Some of its recipients have this mail already."), answer
    assert answer.endswith(f"Kept as {held.id}: coldask held show {held.id}")
    assert len(house.provider.mails) == 1
    assert [r.state for r in held.recipients] == [State.RELEASED, State.HELD]


async def test_after_an_edit_the_first_mail_is_a_new_one(make_house: Build) -> None:
    from base64 import b64encode

    house = await make_house(judging={"judge": HOLD})
    client = await house.client()
    await client.mail(MAIL + END)
    [first] = await held_of(house)
    at = house.listener.desk
    desk = Desk(at.settings, at.config_dir, at.store, at.clock, at.journal)
    await held_edit(desk, first.id, b64encode(MAIL.replace(b"Hello", b"Dear")).decode())
    answer = await client.mail(AGAIN + END)
    held = await held_of(house)
    assert len(held) == 3 and f"Kept as {held[2].id}" in answer, answer
    assert held[2].state is State.HELD
