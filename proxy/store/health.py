"""Is the store whole? SQLite's own look at it, within a time limit, and what it holds."""

import fcntl
import os
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from models.errors import StoreError


@dataclass(frozen=True)
class Health:
    """`faults`: what SQLite found; `unfinished`: the time was up before it had seen everything."""

    faults: tuple[str, ...]
    unfinished: bool
    letters: int
    held: int
    learned: bool


def look_at_store(path: Path, seconds: float) -> Health:
    """Look at a store without changing it. Blocks, `seconds` at most for the check.

    Raises StoreError where it is so damaged that nothing can be read.
    """
    until = time.monotonic() + seconds
    try:
        connection = sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True, timeout=5.0)
        try:
            counts = [_one(connection, f"SELECT count(*) FROM {table}") for table in ("letter", "held")]  # noqa: S608
            learned = _one(connection, "SELECT count(*) FROM fact WHERE key = 'learned' AND value <> 'null'")
            connection.set_progress_handler(lambda: time.monotonic() > until, 100_000)
            faults, unfinished = _faults(connection)
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise StoreError(f"The store {path} is damaged ({error}).") from error
    return Health(faults, unfinished, counts[0], counts[1], bool(learned))


def is_locked(path: Path) -> bool:
    """Some process holds the store as its one writer. Takes and makes nothing that lasts."""
    try:
        handle = os.open(path.with_name(path.name + ".lock"), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def _faults(connection: sqlite3.Connection) -> tuple[tuple[str, ...], bool]:
    try:
        rows = connection.execute("PRAGMA quick_check(5)").fetchall()
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            return (), True
        raise
    return tuple(str(row[0]) for row in rows if row[0] != "ok"), False


def _one(connection: sqlite3.Connection, query: str) -> int:
    found: int = connection.execute(query).fetchone()[0]
    return found
