"""How far each folder was read, and what lay in Cold Asks at the last look."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from proxy.store.database import Store

LEARNING = "learning"  # facts whose keys begin so: what a history is being read from, and how far
PASS = f"{LEARNING} history"  # of them: it is being read now, and whether the texts by now
# How far, each fact a row. Where a history is known, what an earlier reading left unfinished does not count.
BEING_READ = (
    f"SELECT value FROM fact WHERE key LIKE '{LEARNING} %' AND (EXISTS (SELECT 1 FROM fact WHERE key = '{PASS}')"  # noqa: S608  (constants)
    " OR NOT EXISTS (SELECT 1 FROM fact WHERE key = 'learned'))"
)


class Purpose(StrEnum):
    """Why a folder is read."""

    WATCH = "watch"  # its mail is judged
    LEARN = "learn"  # its mail is remembered by its header
    TEXTS = "texts"  # … and by what happened in its text
    LYING = "lying"  # what lies in it is compared with the last look


@dataclass(frozen=True)
class Position:
    """A place in a folder: numbers are true under one UIDVALIDITY only."""

    validity: int
    uid: int  # the last one read
    since: datetime  # when coldask first looked; mail delivered before was there before


@dataclass(frozen=True)
class Lying:
    """One mail in Cold Asks, as the last look saw it."""

    uid: int
    fingerprint: int
    copy: int
    message_id: str | None
    sender: str  # canonical
    subject: str = ""  # while it is new; not kept


async def position(store: Store, account: str, folder: str, purpose: Purpose) -> Position | None:
    """Where reading stopped, or None where it never began."""

    def read(db: sqlite3.Connection) -> Position | None:
        row = db.execute(
            "SELECT validity, uid, since FROM position WHERE account = ? AND folder = ? AND purpose = ?",
            (account, folder, purpose.value),
        ).fetchone()
        return Position(row[0], row[1], datetime.fromtimestamp(row[2], UTC)) if row else None

    return await store.run(read)


async def begin_at(
    store: Store, account: str, folder: str, purpose: Purpose, *, validity: int, uid: int, now: datetime
) -> Position:
    """Begin (again) after `uid`. When coldask first looked stays as it was."""

    def put(db: sqlite3.Connection) -> Position:
        row = db.execute(
            "INSERT INTO position VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account, folder, purpose)"
            " DO UPDATE SET validity = excluded.validity, uid = excluded.uid RETURNING since",
            (account, folder, purpose.value, validity, uid, int(now.timestamp())),
        ).fetchone()
        return Position(validity, uid, datetime.fromtimestamp(row[0], UTC))

    return await store.write(put)


async def advance(
    store: Store, account: str, folder: str, purpose: Purpose, *, validity: int, uid: int
) -> None:
    """All up to `uid` has been read. Never steps back, and never under another UIDVALIDITY."""

    def put(db: sqlite3.Connection) -> None:
        db.execute(
            "UPDATE position SET uid = max(uid, ?)"
            " WHERE account = ? AND folder = ? AND purpose = ? AND validity = ?",
            (uid, account, folder, purpose.value, validity),
        )

    await store.write(put)


async def start_over(store: Store) -> None:
    """Read everything again for history; what is known stays, a mail counts once."""

    def put(db: sqlite3.Connection) -> None:
        purposes = (Purpose.LEARN.value, Purpose.TEXTS.value)
        db.execute("UPDATE position SET uid = 0 WHERE purpose IN (?, ?)", purposes)

    await store.write(put)


async def lying(store: Store, account: str) -> list[Lying]:
    """What lay in the account's Cold Asks at the last look."""

    def read(db: sqlite3.Connection) -> list[Lying]:
        rows = db.execute(
            "SELECT uid, fingerprint, copy, message_id, sender FROM lying WHERE account = ? ORDER BY uid",
            (account,),
        )
        return [Lying(*row) for row in rows]

    return await store.run(read)


async def change_lying(store: Store, account: str, *, gone: Sequence[int], come: Sequence[Lying]) -> None:
    """Take the last look's picture to the present one."""

    def put(db: sqlite3.Connection) -> None:
        db.executemany("DELETE FROM lying WHERE account = ? AND uid = ?", [(account, uid) for uid in gone])
        db.executemany(
            "INSERT OR REPLACE INTO lying VALUES (?, ?, ?, ?, ?, ?)",
            [(account, m.uid, m.fingerprint, m.copy, m.message_id, m.sender) for m in come],
        )

    if gone or come:
        await store.write(put)
