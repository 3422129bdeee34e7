"""What the daily upkeep does: nothing waits for ever, and a clock that jumps expires nothing."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.held import State
from models.settings import Settings
from proxy.desk import Desk
from proxy.desk.upkeep import expire_held, forget_old_sends
from proxy.journal import Journal
from proxy.store.database import Store
from proxy.store.held import list_held, load
from proxy.store.letters import remember
from proxy.store.moves import supersede
from tests.proxy.held_samples import NOW, hold_one
from tests.proxy.store.letters import ANN, letter


@pytest.fixture
async def desk():
    settings = Settings.model_validate({"outgoing": {"notify_command": ["true"]}})
    async with await Store.open(None) as store:
        yield Desk(settings, Path(), store, lambda: NOW, Journal())


async def upkeep(desk: Desk, now: datetime) -> None:
    await expire_held(replace(desk, clock=lambda: now))


async def test_what_was_replaced_expires_too(desk: Desk) -> None:
    mail = await hold_one(desk.store)
    await supersede(desk.store, mail.id, NOW)
    for days in range(0, 32, 10):
        await upkeep(desk, NOW + timedelta(days=days, hours=1))
    await upkeep(desk, NOW + timedelta(days=31))
    assert (await load(desk.store, mail.id)).state is State.EXPIRED
    for days in range(40, 63, 10):
        await upkeep(desk, NOW + timedelta(days=days))
    await upkeep(desk, NOW + timedelta(days=62))
    assert await list_held(desk.store, closed=True) == []


async def test_a_clock_that_jumps_expires_nothing_at_once(desk: Desk) -> None:
    mail = await hold_one(desk.store)
    await upkeep(desk, NOW)
    await upkeep(desk, NOW + timedelta(days=365))  # a wrong clock, or a machine that lay in a drawer
    await upkeep(desk, NOW + timedelta(hours=1))
    assert (await load(desk.store, mail.id)).state is State.HELD
    await upkeep(desk, NOW + timedelta(days=29))
    await upkeep(desk, NOW + timedelta(days=31))
    assert (await load(desk.store, mail.id)).state is State.EXPIRED


async def test_sketches_of_sent_mail_go_after_fourteen_days(desk: Desk) -> None:
    await remember(desk.store, [letter(0, ANN, "bo@x.example", sketch=b"abcd")], went=NOW)
    kept = []
    for days in (0, 13, 14.1):
        await forget_old_sends(replace(desk, clock=lambda: NOW + timedelta(days=days)))  # noqa: B023
        kept.append(await desk.store.run(lambda db: db.execute("SELECT count(*) FROM sent").fetchone()[0]))
    assert kept == [1, 1, 0]


async def test_hashes_by_which_quotes_are_known_go_after_14_days(desk: Desk) -> None:
    said = letter(3, ANN, "bo@x.example").model_copy(update={"said": (1, 2, 3)})
    await remember(desk.store, [said])
    for days, left in ((13, 3), (15, 0)):
        later = said.date + timedelta(days=days)
        await forget_old_sends(replace(desk, clock=lambda later=later: later))
        assert len(list(await desk.store.db.execute_fetchall("SELECT hash FROM run"))) == left
