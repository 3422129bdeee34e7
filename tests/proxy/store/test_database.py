"""The store's file: private, migrated, whole transactions, one writer, readable errors."""

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from models.errors import StoreError
from proxy.store.database import Store, StoreInUse, lock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "coldask.db"


async def test_the_file_and_its_folder_are_private(path: Path) -> None:
    async with await Store.open(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_an_open_mode_is_narrowed(path: Path) -> None:
    path.parent.mkdir()
    path.touch(0o644)
    async with await Store.open(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_facts_survive_closing(path: Path) -> None:
    async with await Store.open(path) as store:
        await store.set_fact("learned", {"at": "now"})
    async with await Store.open(path) as store:
        assert await store.fact("learned") == {"at": "now"}
        await store.set_fact("learned", None)
        assert await store.fact("learned", "gone") == "gone"


async def test_commits_are_synced(path: Path) -> None:
    async with await Store.open(path) as store:
        modes = [
            await store.run(lambda db, p=p: db.execute(f"PRAGMA {p}").fetchone()[0])
            for p in ("journal_mode", "synchronous")
        ]
    assert modes == ["wal", 2]


async def test_a_transaction_that_raises_leaves_nothing(path: Path) -> None:
    async with await Store.open(path) as store:
        with pytest.raises(ZeroDivisionError):
            async with store.transaction() as db:
                await db.execute("INSERT INTO fact VALUES ('a', '1')")
                raise ZeroDivisionError
        assert await store.fact("a") is None


async def test_transactions_of_two_coroutines_stay_apart(path: Path) -> None:
    async with await Store.open(path) as store:
        inside = asyncio.Event()

        async def fails() -> None:
            async with store.transaction() as db:
                await db.execute("INSERT INTO fact VALUES ('lost', '1')")
                inside.set()
                await asyncio.sleep(0.02)
                raise ZeroDivisionError

        async def works() -> None:
            await inside.wait()
            await store.set_fact("kept", 1)

        results = await asyncio.gather(fails(), works(), return_exceptions=True)
        assert isinstance(results[0], ZeroDivisionError)
        assert (await store.fact("lost"), await store.fact("kept")) == (None, 1)


async def test_a_cancelled_transaction_is_undone(path: Path) -> None:
    async with await Store.open(path) as store:

        async def slow() -> None:
            async with store.transaction() as db:
                await db.execute("INSERT INTO fact VALUES ('lost', '1')")
                await asyncio.sleep(10)

        task = asyncio.create_task(slow())
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await store.set_fact("kept", 1)
        assert await store.fact("lost") is None


async def test_a_newer_store_is_refused_with_words(path: Path) -> None:
    async with await Store.open(path):
        pass
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO migration VALUES (9999, '9999_future.sql')")
    db.close()
    with pytest.raises(StoreError, match="newer coldask"):
        await Store.open(path)


async def test_a_damaged_store_is_refused_with_words(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database " * 300)
    with pytest.raises(StoreError, match="damaged or no coldask store"):
        await Store.open(path)


async def test_read_only_neither_makes_nor_writes(path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        await Store.open(path, read_only=True)
    assert not path.exists()
    async with await Store.open(path) as store:
        await store.set_fact("a", 1)
    async with await Store.open(path, read_only=True) as store:
        assert await store.fact("a") == 1
        with pytest.raises(StoreError):
            await store.set_fact("a", 2)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_a_file_of_somebody_else_is_refused_with_words(path: Path) -> None:
    path.parent.mkdir()
    path.touch(0o000)
    with pytest.raises(StoreError, match="cannot be used"):
        await Store.open(path)


async def test_a_migration_is_whole_or_not_at_all(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from proxy.store import database

    shipped = dict(database._migrations())
    monkeypatch.setattr(
        database,
        "_migrations",
        lambda: iter([*shipped.items(), (9000, ("9000_bad.sql", "CREATE TABLE x (a); NONSENSE;"))]),
    )
    with pytest.raises(sqlite3.OperationalError):
        await Store.open(path)
    monkeypatch.setattr(database, "_migrations", lambda: iter(shipped.items()))
    async with await Store.open(path) as store:
        tables = await store.run(
            lambda db: db.execute("SELECT name FROM sqlite_master WHERE name = 'x'").fetchall()
        )
    assert tables == []


def test_one_writer_at_a_time(path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, pathlib; from proxy.store.database import lock\n"
            "with lock(pathlib.Path(sys.argv[1])):\n    print('held', flush=True); sys.stdin.read()",
            str(path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreInUse), lock(path):
            pass
        holder.kill()
        holder.wait()
        with lock(path):  # a killed holder leaves nothing behind
            pass
    finally:
        holder.kill()
        holder.communicate()


async def test_a_store_in_memory_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with await Store.open(None) as store:
        await store.set_fact("a", 1)
    assert list(tmp_path.iterdir()) == []
