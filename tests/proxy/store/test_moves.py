"""Moves in the store: by compare-and-set, from two sides at once, and after a crash."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from models.errors import UsageError
from models.held import MOVES, Move, State
from proxy.store.database import Store
from proxy.store.held import list_held, load, raw_of
from proxy.store.moves import claim, expire, mark_dot_sent, move_all, recover, settle
from tests.proxy.held_samples import LIV, MAX, NOW, SUE, hold_one


@pytest.fixture
async def store(tmp_path: Path):
    async with await Store.open(tmp_path / "coldask.db") as opened:
        yield opened


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("move", list(Move))
async def test_the_store_moves_exactly_as_the_table_says(store: Store, state: State, move: Move) -> None:
    mail = await hold_one(store)
    async with store.transaction() as db:
        await db.execute("UPDATE held_recipient SET state = ?", (state,))
    after = await settle(store, mail.id, move, {0: "words"}, NOW)
    assert after.state is MOVES.get((state, move), state)
    assert after.recipients[0].maybe_sent is ((state, move) == (State.RELEASING, Move.LOST))


async def test_of_two_claims_at_once_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "coldask.db"
    async with await Store.open(path) as one, await Store.open(path) as other:
        mail = await hold_one(one, SUE, MAX)
        results = await asyncio.gather(
            *(claim(s, mail.id, [0, 1], NOW, narrowed=False) for s in (one, other, one, other)),
            return_exceptions=True,
        )
        assert [type(r) for r in results if r is not None] == [UsageError] * 3
        assert (await load(other, mail.id)).state is State.RELEASING


async def test_a_claim_takes_all_or_none(store: Store) -> None:
    mail = await hold_one(store, SUE, MAX)
    await claim(store, mail.id, [1], NOW, narrowed=True)
    with pytest.raises(UsageError, match="another command"):
        await claim(store, mail.id, [0, 1], NOW, narrowed=False)
    assert [r.state for r in (await load(store, mail.id)).recipients] == [State.HELD, State.RELEASING]


async def test_after_a_crash_what_may_have_gone_is_unsure_and_the_rest_held(store: Store) -> None:
    before = await hold_one(store, SUE)
    after = await hold_one(store, MAX)
    untouched = await hold_one(store, LIV)
    await claim(store, before.id, [0], NOW, narrowed=False)
    await claim(store, after.id, [0], NOW, narrowed=False)
    await mark_dot_sent(store, after.id, [0])
    found = {mail.id: mail for mail in await recover(store, NOW)}
    assert found.keys() == {before.id, after.id}
    assert found[before.id].state is State.HELD
    assert found[after.id].state is State.UNSURE
    assert (await load(store, untouched.id)).state is State.HELD
    assert await recover(store, NOW) == []


async def test_that_a_mail_may_have_gone_is_never_forgotten(store: Store) -> None:
    mail = await hold_one(store)
    await claim(store, mail.id, [0], NOW, narrowed=False)
    await settle(store, mail.id, Move.LOST, {0: "gone"}, NOW)
    await claim(store, mail.id, [0], NOW, narrowed=False)
    again = await settle(store, mail.id, Move.REFUSED, {0: "not there"}, NOW)
    assert again.state is State.HELD
    assert again.recipients[0].maybe_sent


async def test_a_second_claim_starts_without_a_dot(store: Store) -> None:
    mail = await hold_one(store)
    await claim(store, mail.id, [0], NOW, narrowed=False)
    await mark_dot_sent(store, mail.id, [0])
    await settle(store, mail.id, Move.REFUSED, {0: "552 too big"}, NOW)
    await claim(store, mail.id, [0], NOW, narrowed=False)
    (found,) = await recover(store, NOW)
    assert found.state is State.HELD


async def test_a_drop_can_be_taken_back(store: Store) -> None:
    mail = await hold_one(store, SUE, MAX)
    assert await move_all(store, mail.id, Move.DROP, NOW) == 2
    assert await list_held(store) == []
    assert [m.state for m in await list_held(store, closed=True)] == [State.DROPPED]
    assert await move_all(store, mail.id, Move.UNDO, NOW) == 2
    assert (await load(store, mail.id)).state is State.HELD


async def test_old_mail_expires_stays_for_as_long_again_and_goes(store: Store) -> None:
    old = await hold_one(store, SUE)
    young = await hold_one(store, MAX, now=NOW + timedelta(days=10))
    assert await expire(store, 30, NOW + timedelta(days=29)) == []
    (expired,) = await expire(store, 30, NOW + timedelta(days=31))
    assert (expired.id, expired.state) == (old.id, State.EXPIRED)
    assert (await raw_of(store, old.id))[0]
    await expire(store, 30, NOW + timedelta(days=59))
    assert (await load(store, young.id)).state is State.EXPIRED
    assert (await load(store, old.id)).state is State.EXPIRED
    await expire(store, 30, NOW + timedelta(days=62))
    assert [m.id for m in await list_held(store, closed=True)] == [young.id]


async def test_a_drop_taken_back_late_does_not_expire_at_once(store: Store) -> None:
    mail = await hold_one(store)
    await move_all(store, mail.id, Move.DROP, NOW + timedelta(days=20))
    await move_all(store, mail.id, Move.UNDO, NOW + timedelta(days=29))
    assert await expire(store, 30, NOW + timedelta(days=31)) == []


async def test_what_is_unsure_never_expires_by_itself(store: Store) -> None:
    mail = await hold_one(store)
    await claim(store, mail.id, [0], NOW, narrowed=False)
    await settle(store, mail.id, Move.LOST, {0: "gone"}, NOW)
    assert await expire(store, 30, NOW + timedelta(days=400)) == []
    assert (await load(store, mail.id)).state is State.UNSURE
