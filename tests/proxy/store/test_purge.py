"""Removing what is stored: nothing of it is left, and nothing else is gone."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from models.correction import Correction, FiledState, Opinion
from models.held import Move, State
from models.letter import Event, EventKind
from models.mail import Envelope
from models.permission import Grant, Permission
from models.verdict import Disposition
from proxy.store import corrections, filed, permissions, positions, purge, splits, warned
from proxy.store.database import Store
from proxy.store.held import list_held
from proxy.store.letters import known_people, remember
from proxy.store.moves import move_all
from proxy.store.positions import Purpose
from tests.proxy.held_samples import MAX, NOW, OWNER, SUE, hold_one, raw_mail, verdict
from tests.proxy.store.letters import ANN, letter
from tests.proxy.store.letters import NOW as THEN
from tests.proxy.store.test_filed import judgement

HOME = "sue.lee@home.example"
QUOTE = "the walnut desk of my aunt"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A store that knows Sue (two addresses) and Max."""
    async with await Store.open(tmp_path / "coldask.db") as opened:
        asked = letter(10, ANN, SUE, name="Sue Lee")
        both = letter(9, ANN, MAX, cc=(SUE,))
        told = letter(
            400, MAX, ANN, events=(Event(kind=EventKind.INTRODUCTION, people=(SUE,), quote=QUOTE),)
        )  # fmt: skip
        answer = letter(8, SUE, ANN, name="Sue Lee", answers=asked, reply_to=HOME)
        await remember(opened, [asked, both, told, answer, letter(7, HOME, ANN)])
        await splits.join(opened, SUE, HOME, at=NOW, source="test")
        for who in (SUE, MAX):
            word = Correction(person=who, opinion=Opinion.COLD, at=NOW, source="test")
            await corrections.correct(opened, word)
            given = Permission(id=0, grant=Grant.PERSON, what=who, at=NOW, source="test")
            await permissions.give(opened, given)
            await filed.record(opened, judgement(sender=who, uid=1 if who == SUE else 2), FiledState.FILED)
            await warned.record_warning(
                opened, account="work", envelope=Envelope(sender=OWNER, recipients=(who,)), now=NOW,
                mail=_mail(), verdict=verdict(who, disposition=Disposition.WARN),
            )  # fmt: skip
        dropped = await hold_one(opened, SUE, raw=raw_mail(subject="dropped"))
        await move_all(opened, dropped.id, Move.DROP, NOW)
        await hold_one(opened, SUE, raw=raw_mail(subject="waits"))
        yield opened


def _mail():
    from classifier.reading.read import read_mail

    return read_mail(raw_mail())


async def test_a_person_is_removed_at_all_addresses_and_nobody_else(store: Store, tmp_path: Path) -> None:
    counted = await purge.purge_person(store, (SUE, HOME), trial=True)
    assert set(await known_people(store)) == {SUE, HOME, MAX}, "counting removes nothing"
    assert await purge.purge_person(store, (SUE, HOME), trial=False) == counted
    assert counted == {
        "mails of history": 3, "people": 2, "judgements of incoming mail": 1, "your words about people": 1,
        "your words on whose address is whose": 1, "permissions": 1, "held mails": 1, "warnings": 1,
    }  # fmt: skip
    assert await known_people(store) == [MAX]
    assert (await corrections.said_of(store, [SUE, MAX])).released == {MAX}
    assert [m.subject for m in await list_held(store, closed=True)] == ["waits"]
    raw = b"".join(f.read_bytes() for f in tmp_path.iterdir())
    assert QUOTE.encode() not in raw and HOME.encode() not in raw, "nor can it be read in the file"
    assert await purge.purge_person(store, (SUE, HOME), trial=True) == {}


async def test_from_before_a_day(store: Store) -> None:
    gone = await purge.purge_before(store, THEN - timedelta(days=300), trial=False)
    assert gone == {"mails of history": 1}
    assert set(await known_people(store)) == {SUE, HOME, MAX}
    gone = await purge.purge_before(store, NOW + timedelta(days=1), trial=False)
    assert list(gone.values()) == [4, 4, 2, 1, 2], gone
    assert [m.state for m in await list_held(store, closed=True)] == [State.HELD]
    assert len(await corrections.corrections_of(store)) == 2, "the user's word is no mail"


async def test_everything(store: Store) -> None:
    assert await purge.waiting(store) == 1
    for purpose in (Purpose.LEARN, Purpose.TEXTS, Purpose.LYING):
        await positions.begin_at(store, "work", "INBOX", purpose, validity=1, uid=7, now=NOW)
    await purge.purge_all(store, trial=False)
    for table in (*purge.TABLES, *purge.ALONG):
        rows = await store.run(lambda db, t=table: db.execute(f"SELECT count(*) FROM {t}").fetchone())
        assert rows == (0,), table


async def test_what_was_judged_is_not_to_be_judged_again(store: Store) -> None:
    begun = await positions.begin_at(store, "work", "INBOX", Purpose.WATCH, validity=1, uid=7, now=NOW)
    await purge.purge_all(store, trial=False)
    assert await positions.position(store, "work", "INBOX", Purpose.WATCH) == begun


async def test_what_lies_in_cold_asks_stays_known_without_a_word_of_it(store: Store, tmp_path: Path) -> None:
    seen = positions.Lying(7, 70, 700, "<seen@corp.example>", SUE)
    await positions.change_lying(store, "work", gone=(), come=[seen])
    await purge.purge_person(store, (SUE, HOME), trial=False)
    lying = await positions.lying(store, "work")
    assert [(m.message_id, m.sender) for m in lying] == [(None, "")] * 2
    assert lying[1] == positions.Lying(7, 70, 700, None, "")
    assert lying[0].uid < 0 and lying[0].fingerprint == judgement().fingerprint, "filed, not seen there yet"
    raw = b"".join(f.read_bytes() for f in tmp_path.iterdir())
    assert b"seen@corp.example" not in raw


async def test_every_table_has_its_place(store: Store) -> None:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    there = await store.run(lambda db: {row[0] for row in db.execute(query)})
    assert there == {*purge.TABLES, *purge.ALONG, "migration"}, "add a new table to proxy/store/purge.py"
