"""Removing what is stored: of a person, of the time before a day, or all of it. The user's wish, never a schedule."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Final

from models.address import canonical
from models.held import State
from proxy.store.database import Store
from proxy.store.positions import Purpose

CLOSED: Final = (State.RELEASED.value, State.DROPPED.value, State.EXPIRED.value)

# What each table holds, as the user is told. A test names a table of the schema that stands in neither list.
TABLES: Final = {
    "letter": "mails of history", "person": "people", "judged": "judgements of incoming mail",
    "correction": "your words about people", "person_word": "your words on whose address is whose",
    "permission": "permissions", "held": "held mails", "warned": "warnings",
}  # fmt: skip
# Beside them, told by the tables they belong to.
ALONG: Final = (
    "other", "event", "concerned", "called", "name_word", "run", "quoting", "sent", "held_recipient", "lying", "flight",
    "position", "fact", "lesson", "taste",
)  # fmt: skip


class _Trial(Exception):
    """The end of a count: nothing is to stay deleted."""


async def purge_person(store: Store, addresses: Collection[str], *, trial: bool) -> dict[str, int]:
    """Remove what is stored about a person (canonical addresses); how many of each kind. `trial`: count only.

    Held mail that waits stays: it is the user's own, and nobody has got it yet.
    """
    return await _run(store, lambda db: _person(db, tuple(addresses)), trial)


async def purge_before(store: Store, moment: datetime, *, trial: bool) -> dict[str, int]:
    """Remove mail and judgements from before `moment` (aware); the user's words and permissions in force stay."""
    return await _run(store, lambda db: _before(db, int(moment.timestamp())), trial)


async def purge_all(store: Store, *, trial: bool) -> dict[str, int]:
    """Remove everything, held mail too."""
    return await _run(store, _all, trial)


async def waiting(store: Store) -> int:
    """How many held mails have recipients who may still get them."""
    query = f"SELECT count(DISTINCT held) FROM held_recipient WHERE state NOT IN {_marks(CLOSED)}"  # noqa: S608  (question marks)
    return await store.run(lambda db: int(db.execute(query, CLOSED).fetchone()[0]))


async def _run(store: Store, work: Callable[[sqlite3.Connection], None], trial: bool) -> dict[str, int]:
    gone: Counter[str] = Counter()

    def put(db: sqlite3.Connection) -> None:
        before = _counts(db)
        work(db)
        gone.update(before)
        gone.subtract(_counts(db))
        if trial:
            raise _Trial

    try:
        await store.write(put)
    except _Trial:
        pass
    else:
        await store.scrub()
    return {TABLES[table]: number for table, number in gone.items() if number}


# What lies in Cold Asks stays known by its hashes, or the next look would take it for a move of the user's. What was
# filed and has not been seen there yet has no number there: a negative one, gone with the next look, stands for it.
_FILED_UNSEEN: Final = (
    "INSERT OR IGNORE INTO lying SELECT account, -id, fingerprint, copy, NULL, '' FROM judged WHERE state = 'filed'"
    " AND NOT EXISTS (SELECT 1 FROM lying l WHERE l.account = judged.account AND l.copy = judged.copy)"
)
_OF_A_PERSON: Final = (
    "DELETE FROM letter WHERE sender IN purged_id",
    "DELETE FROM event WHERE (letter, number) IN"
    " (SELECT letter, number FROM concerned WHERE person IN purged_id)",
    "DELETE FROM letter WHERE id IN (SELECT letter FROM other WHERE person IN purged_id)"
    " AND id NOT IN (SELECT letter FROM other WHERE person NOT IN purged_id)",
    "DELETE FROM other WHERE person IN purged_id",
    "UPDATE letter SET reply_to = NULL WHERE reply_to IN purged_id",
    "DELETE FROM called WHERE person IN purged_id",
    "DELETE FROM person WHERE id IN purged_id",
    f"{_FILED_UNSEEN} AND sender IN purged",
    "DELETE FROM judged WHERE sender IN purged",
    "UPDATE lying SET message_id = NULL, sender = '' WHERE sender IN purged",
    "DELETE FROM correction WHERE person IN purged",
    "DELETE FROM person_word WHERE address IN purged OR other IN purged",
    "DELETE FROM permission WHERE grant_ = 'person' AND what IN purged",
    "DROP TABLE purged_id",
    "DROP TABLE purged",
)


def _person(db: sqlite3.Connection, addresses: tuple[str, ...]) -> None:
    db.execute("CREATE TEMP TABLE purged (address TEXT PRIMARY KEY)")
    db.executemany("INSERT INTO purged VALUES (?)", [(a,) for a in addresses])
    db.execute("CREATE TEMP TABLE purged_id AS SELECT id FROM person WHERE address IN purged")
    for sql in _OF_A_PERSON:
        db.execute(sql)
    wanted = set(addresses)
    for number, people in db.execute("SELECT number, recipients FROM warned").fetchall():
        if wanted & {canonical(p) for p in json.loads(people)}:
            db.execute("DELETE FROM warned WHERE number = ?", (number,))
    for number in _closed(db):
        rows = db.execute("SELECT address FROM held_recipient WHERE held = ?", (number,))
        if wanted & {canonical(row[0]) for row in rows}:
            db.execute("DELETE FROM held WHERE number = ?", (number,))


def _before(db: sqlite3.Connection, moment: int) -> None:
    for sql in (
        "DELETE FROM letter WHERE date < ?",
        f"{_FILED_UNSEEN} AND at < ?",
        "DELETE FROM judged WHERE at < ? AND state <> 'moving'",
        "DELETE FROM warned WHERE at < ?",
        "DELETE FROM flight WHERE began_at < ?",
        "DELETE FROM correction WHERE undone_at < ?",
        "DELETE FROM permission WHERE undone_at < ?1 OR until < ?1",
    ):
        db.execute(sql, (moment,))
    for number in _closed(db):
        db.execute("DELETE FROM held WHERE number = ? AND received_at < ?", (number, moment))
    db.execute(
        "DELETE FROM person WHERE id NOT IN (SELECT person FROM other) AND id NOT IN (SELECT sender FROM letter)"
        " AND id NOT IN (SELECT person FROM concerned)"
        " AND id NOT IN (SELECT reply_to FROM letter WHERE reply_to IS NOT NULL)"
    )
    db.execute("DELETE FROM called WHERE person NOT IN (SELECT id FROM person)")


def _all(db: sqlite3.Connection) -> None:
    """How far an inbox was judged stays, a number: what lies in it is not to be judged a second time."""
    db.execute("DELETE FROM position WHERE purpose <> ?", (Purpose.WATCH.value,))
    for table in (t for t in (*ALONG, *TABLES) if t != "position"):
        db.execute(f"DELETE FROM {table}")  # noqa: S608  (a constant)


def _closed(db: sqlite3.Connection) -> list[int]:
    """Held mails with an end for every recipient."""
    return [
        row[0]
        for row in db.execute(
            "SELECT number FROM held WHERE number NOT IN"  # noqa: S608  (question marks)
            f" (SELECT held FROM held_recipient WHERE state NOT IN {_marks(CLOSED)})",
            CLOSED,
        )
    ]


def _counts(db: sqlite3.Connection) -> dict[str, int]:
    return {t: int(db.execute(f"SELECT count(*) FROM {t}").fetchone()[0]) for t in TABLES}  # noqa: S608  (constants)


def _marks(values: Iterable[object]) -> str:
    return f"({', '.join('?' for _ in values)})"
