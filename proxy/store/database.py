"""The store's file: opened, migrated, locked, and written in whole transactions."""

import asyncio
import contextlib
import fcntl
import json
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

import aiosqlite

from classifier.signals.claims import known_by
from models.errors import StoreError
from proxy.store.rows import pack_refs, unpack_refs

P = ParamSpec("P")
T = TypeVar("T")

BUSY_SECONDS = 10.0


class StoreOutdated(StoreError):
    """The store is of an older coldask, and cannot be brought up to date by a reader."""


class StoreInUse(StoreError):
    """Another process holds the store as its one writer: waiting may help."""


class Store:
    """An open store. Make one with `await Store.open(path)`.

    Write only inside `async with store.transaction() as db:` or by `store.write(function)`: the connection is
    shared by all coroutines, and a lock keeps their transactions apart. Reading by `store.db` is free.
    """

    def __init__(self, db: aiosqlite.Connection, path: Path | None) -> None:
        self.db = db
        self.path = path
        self._writing = asyncio.Lock()

    @classmethod
    async def open(cls, path: Path | None, *, read_only: bool = False) -> "Store":
        """Open the store, made and migrated where needed; None is a store in memory.

        Raises StoreError: not there (read-only), not readable, damaged, or written by a newer coldask.
        """
        with _in_words(path):
            if path is not None and not read_only:
                _make_private(path)
            db = await aiosqlite.connect(
                _uri(path, read_only), uri=True, isolation_level=None, timeout=BUSY_SECONDS
            )
            store = cls(db, path)
            try:
                await store.run(_prepare, path is not None, read_only)
            except BaseException:
                await db.close()
                raise
            return store

    async def close(self) -> None:
        """Close the file; what was committed stays."""
        await self.db.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """One transaction: synced to disk when the block ends, undone when it raises. Raises StoreError."""
        async with self._writing:
            with _in_words(self.path):
                try:  # BEGIN inside: cancelled while it waits, it still runs, and must be undone
                    await self.db.execute("BEGIN IMMEDIATE")
                    yield self.db
                except BaseException:
                    await self.db.rollback()
                    raise
                await self.db.commit()

    async def run(
        self, work: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(connection, …)` on the store's thread: an awaited row costs twenty times a direct one."""
        with _in_words(self.path):
            # aiosqlite has no public way to run a function of ours on its thread; only this place reaches in.
            result: T = await self.db._execute(  # type: ignore[no-untyped-call]
                work, self.db._conn, *args, **kwargs
            )
            return result

    async def write(
        self, work: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(connection, …)` on the store's thread in one transaction. Raises StoreError."""

        def whole(connection: sqlite3.Connection) -> T:
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(connection, *args, **kwargs)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            return result

        async with self._writing:
            return await self.run(whole)

    async def scrub(self) -> None:
        """Rewrite the file without what was deleted, so that nothing of it can be read there. Raises StoreError."""

        def rewrite(connection: sqlite3.Connection) -> None:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

        async with self._writing:
            await self.run(rewrite)

    async def fact(self, key: str, default: Any = None) -> Any:
        """A small fact about the store itself (JSON), or `default`."""
        rows = list(await self.db.execute_fetchall("SELECT value FROM fact WHERE key = ?", (key,)))
        return json.loads(rows[0][0]) if rows else default

    async def set_fact(self, key: str, value: Any) -> None:
        """Keep a small fact; None forgets it."""

        def put(connection: sqlite3.Connection) -> None:
            if value is None:
                connection.execute("DELETE FROM fact WHERE key = ?", (key,))
            else:
                connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (key, json.dumps(value)))

        await self.write(put)


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the store as its one writer. Raises StoreError at once where another process holds it."""
    _make_private(path)
    file = path.with_name(path.name + ".lock")
    with _in_words(path):
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StoreInUse(
                f"The store {path} is in use by another coldask; wait for it to finish, or stop it."
            ) from None
        yield
    finally:
        os.close(handle)


def _make_private(path: Path) -> None:
    """The folder 0700 and the file 0600 from its first byte: it tells who knows whom."""
    with _in_words(path):
        if not path.parent.exists():
            path.parent.mkdir(parents=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(handle).st_mode & 0o077:
                os.fchmod(handle, 0o600)
        finally:
            os.close(handle)


def _uri(path: Path | None, read_only: bool) -> str:
    if path is None:
        return ":memory:"
    return path.absolute().as_uri() + ("?mode=ro" if read_only else "")


def _prepare(connection: sqlite3.Connection, on_disk: bool, read_only: bool) -> None:
    """Durable settings, then every migration that has not been recorded yet."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.create_function("packed", 1, lambda one: pack_refs((one,)), deterministic=True)
    connection.create_function("last_ref", 1, lambda refs: unpack_refs(refs)[-1], deterministic=True)
    connection.create_function("known_by", 2, _known_by, deterministic=True)
    if on_disk and not read_only:
        connection.execute("PRAGMA journal_mode = WAL")
        # NORMAL loses committed mail at power loss (promise 3).
        connection.execute("PRAGMA synchronous = FULL")
    if not read_only:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)"
        )
    done = {row[0] for row in connection.execute("SELECT number FROM migration")}
    shipped = dict(_migrations())
    if unknown := done - shipped.keys():
        raise StoreError(
            f"The store was written by a newer coldask (schema step {max(unknown)}); upgrade this one."
        )
    missing = sorted(shipped.keys() - done)
    if missing and read_only:
        raise StoreOutdated(
            "The store is from an older coldask; `coldask run` or `coldask learn` brings it up to date."
        )
    for number in missing:
        _migrate(connection, number, *shipped[number])


def _known_by(name: str, address: str) -> str:
    return json.dumps(sorted(known_by(name, address)))


def _migrations() -> Iterator[tuple[int, tuple[str, str]]]:
    for file in files("proxy.store").joinpath("schema").iterdir():
        if file.name.endswith(".sql"):
            yield int(file.name[:4]), (file.name, file.read_text("utf-8"))


def _migrate(connection: sqlite3.Connection, number: int, name: str, script: str) -> None:
    """One step, whole or not at all. `name` is our own file's, so it may stand in the script."""
    try:
        connection.executescript(
            f"BEGIN IMMEDIATE;\n{script}\n;INSERT INTO migration VALUES ({number}, '{name}');COMMIT;"  # noqa: S608
        )
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def _in_words(path: Path | None) -> Iterator[None]:
    """SQLite's and the system's errors as sentences for the user. Mistakes of ours pass through."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except sqlite3.OperationalError as e:
        if "locked" in str(e) or "busy" in str(e):
            raise StoreError(
                f"The store {path} is locked by another program; try again when it is done."
            ) from e
        if "unable to open" in str(e):
            raise StoreError(f"The store {path} cannot be opened; check that it exists and is yours.") from e
        if any(word in str(e) for word in ("readonly", "disk", "full")):
            raise StoreError(
                f"The store {path} cannot be written ({e}); check the disk and the file's mode."
            ) from e
        raise
    except sqlite3.DatabaseError as e:
        raise StoreError(
            f"The store {path} is damaged or no coldask store ({e}); restore a copy, or move it away and run "
            "`coldask learn`."
        ) from e
    except OSError as e:
        raise StoreError(f"The store {path} cannot be used: {e.strerror or e}.") from e
