"""Learning from a mailbox on disk: resumable, idempotent, and every unreadable mail named."""

from pathlib import Path

import pytest

from models.mail import Mail
from models.past import Owner, Past
from proxy.history import learn as learning
from proxy.history.learn import Tally, learn_source
from proxy.history.sources import open_source
from proxy.store.database import Store
from proxy.store.letters import known_people, past_for

OWNER = Owner(addresses=frozenset({"ann@quay.example"}))


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "BATCH", 3)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """Ten mails: five people write, Ann answers each."""
    path = tmp_path / "box"
    with path.open("wb") as file:
        for i in range(10):
            who = f"p{i // 2}@x.example"
            sender, to = ("ann@quay.example", who) if i % 2 else (who, "ann@quay.example")
            reply = f"In-Reply-To: <{i - 1}@x.example>\n" if i % 2 else ""
            file.write(
                f"From x Mon Jan {i + 1:2} 10:00:00 2024\n"
                f"From: {sender}\nTo: {to}\nSubject: note {i // 2}\n"
                f"Date: {i + 1} Jan 2024 10:00:00 +0000\nMessage-ID: <{i}@x.example>\n"
                f"{reply}\nhello\n\n".encode()
            )
    return path


async def learned(store: Store, path: Path) -> Tally:
    return [tally async for tally in learn_source(store, open_source(path), OWNER)][-1]


async def state(store: Store) -> Past:
    from datetime import UTC, datetime

    people = await known_people(store)
    return await past_for(store, Mail(), people, owner=OWNER, now=datetime(2024, 6, 1, tzinfo=UTC))


async def test_reads_everything_once(box: Path) -> None:
    async with await Store.open(None) as store:
        first = await learned(store, box)
        before = await state(store)
        again = await learned(store, box)
        assert (first.read, first.new, again.read, again.new) == (10, 10, 10, 0)
        assert await state(store) == before
        assert len(before.relations) == 5


@pytest.mark.parametrize("batches", [1, 2, 3])
async def test_stopped_anywhere_it_goes_on_there_and_ends_the_same(
    box: Path, tmp_path: Path, batches: int
) -> None:
    async with await Store.open(None) as store:
        await learned(store, box)
        whole = await state(store)
    async with await Store.open(tmp_path / "s" / "db") as store:
        reading = learn_source(store, open_source(box), OWNER)
        for _ in range(batches):
            await anext(reading)
        await reading.aclose()
    async with await Store.open(tmp_path / "s" / "db") as store:
        tally = await learned(store, box)
        assert (tally.read, tally.new) == (10, 10)
        assert await state(store) == whole


async def test_where_the_last_mail_read_has_gone_it_begins_again(box: Path) -> None:
    async with await Store.open(None) as store:
        reading = learn_source(store, open_source(box), OWNER)
        await anext(reading)
        await reading.aclose()
        box.write_bytes(b"From x" + box.read_bytes().partition(b"\n\nFrom x")[2])  # the first mail deleted
        await learned(store, box)
        assert len((await state(store)).relations) == 5


async def test_unreadable_mail_is_counted_and_named(tmp_path: Path) -> None:
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / "1700000001.a:2,").write_bytes(b"From: bo@x.example\nTo: ann@quay.example\n\nhello\n")
    (tmp_path / "cur" / "1700000002.b:2,").write_bytes(b"\x00\x01\x02 no mail at all")
    async with await Store.open(None) as store:
        tally = await learned(store, tmp_path)
    assert (tally.read, tally.new, tally.unreadable) == (2, 1, 1)
    assert tally.named[0][0].endswith("1700000002.b:2,")
    assert tally.named[0][1]


async def test_mails_without_a_date_stand_where_they_lie(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / "1700000001.a:2,").write_bytes(b"From: bo@x.example\nTo: ann@quay.example\n\nhello\n")
    async with await Store.open(None) as store:
        await learned(store, tmp_path)
        assert (await state(store)).relation("bo@x.example").first == datetime.fromtimestamp(1700000001, UTC)
