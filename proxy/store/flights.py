"""Mail on its way: written before the final dot, struck out once the client has its answer.

What is left after a crash, or after a client that hung up, is known again when the same mail is handed in.
"""

import asyncio
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.mail import Envelope, Mail
from proxy.store.database import Store
from proxy.store.same_mail import content_key, envelope_key

KEPT = timedelta(hours=24)  # how long a mail whose end nobody heard of is remembered


@dataclass(frozen=True)
class Flight:
    """A mail whose end a client has not heard of."""

    number: int
    run: str  # which run of the service sent it
    taken: bool  # the provider said that it took it


async def begin_flight(
    store: Store, *, envelope: Envelope, raw: bytes, mail: Mail, now: datetime, run: str
) -> int | None:
    """Write down that the final dot is about to be sent; synced when this returns. Raises StoreError.

    None where the very same mail is on its way already, by another session of this run.
    """
    who = envelope_key(envelope.sender, envelope.recipients)
    what = await _what(raw, mail)

    def put(db: sqlite3.Connection) -> int | None:
        db.execute("DELETE FROM flight WHERE began_at < ?", (_seconds(now - KEPT),))
        other = "SELECT 1 FROM flight WHERE envelope_key = ? AND content_key = ? AND run = ? AND taken = 0"
        if db.execute(other, (who, what, run)).fetchone():
            return None
        return db.execute(
            "INSERT INTO flight (envelope_key, content_key, began_at, run, taken) VALUES (?, ?, ?, ?, 0)",
            (who, what, _seconds(now), run),
        ).lastrowid

    return await store.write(put)


async def end_flight(store: Store, number: int) -> None:
    """The client knows its end, or the provider did not take it."""

    def put(db: sqlite3.Connection) -> None:
        db.execute("DELETE FROM flight WHERE number = ?", (number,))

    await store.write(put)


async def mark_taken(store: Store, number: int) -> None:
    """The provider took it, and nobody was there to be told."""

    def put(db: sqlite3.Connection) -> None:
        db.execute("UPDATE flight SET taken = 1 WHERE number = ?", (number,))

    await store.write(put)


async def find_flight(
    store: Store, *, envelope: Envelope, raw: bytes, mail: Mail, now: datetime
) -> Flight | None:
    """The newest flight of this very mail within the last day."""
    who = envelope_key(envelope.sender, envelope.recipients)

    def look(db: sqlite3.Connection) -> list[tuple[int, str, int, str]]:
        query = (
            "SELECT number, run, taken, content_key FROM flight WHERE envelope_key = ? AND began_at >= ? "
            "ORDER BY number DESC"
        )
        return db.execute(query, (who, _seconds(now - KEPT))).fetchall()

    rows = await store.run(look)
    if not rows:
        return None  # the usual case: no need to read the whole mail
    what = await _what(raw, mail)
    return next((Flight(n, run, bool(taken)) for n, run, taken, key in rows if key == what), None)


async def _what(raw: bytes, mail: Mail) -> str:
    """The key of the content; off the event loop where the mail is large enough to be felt."""
    if len(raw) < 256 * 1024:
        return content_key(raw, mail.subject)
    return await asyncio.to_thread(content_key, raw, mail.subject)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
