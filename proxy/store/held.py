"""Held mail as it lies in the store: kept, found again, read. How its recipients move stands in `moves`."""

import asyncio
import json
import secrets
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from models.errors import UsageError
from models.held import HeldMail, State
from models.mail import Envelope, Mail
from models.verdict import OutgoingVerdict
from proxy.store.database import Store
from proxy.store.held_row import Draw, Submission, dump, insert, read, seconds
from proxy.store.same_mail import content_key, envelope_key

RESEND_HOURS = 24
# The states in which a mail still waits, in one way or another: the same mail handed in again is this one.
OPEN = (State.HELD, State.RELEASING, State.UNSURE, State.SUPERSEDED)
# The states in which the user is to do something: what was replaced by a corrected mail is done with.
WAITING = (State.HELD, State.RELEASING, State.UNSURE)


async def hold(
    store: Store,
    *,
    account: str,
    envelope: Envelope,
    raw: bytes,
    mail: Mail,
    verdict: OutgoingVerdict,
    now: datetime,
    options: Sequence[str] = (),
    draw: Draw = secrets.choice,
) -> HeldMail:
    """Keep a mail, synced to disk when this returns. Raises StoreError: then nothing was kept.

    `raw` is what a release sends, byte for byte: Bcc and the like are gone from it already. `options` are
    the client's ESMTP parameters to MAIL. The same mail handed in again while it still waits finds its entry,
    which takes the new verdict and counts the submission; its bytes and recipients stay as they are. One that was
    replaced is done with: the mail is held anew, so that whatever is refused can be reviewed.
    """
    key = await _content_key(raw, mail)
    submission = Submission(account, envelope, raw, mail, verdict, tuple(options), key)

    def put(db: sqlite3.Connection) -> HeldMail:
        for number in _same(db, envelope, key):
            found = read(db, number)
            if found.state in WAITING and _whole(found):
                db.execute(
                    "UPDATE held SET submitted = submitted + 1, verdict = ? WHERE number = ?",
                    (dump(verdict), number),
                )
                return read(db, number)
        return read(db, insert(db, submission, now, draw))

    return await store.write(put)


def _whole(mail: HeldMail) -> bool:
    """Nobody was left out of it: no `--only`, no drop, no expiry. Else the same mail is a new one."""
    return not mail.narrowed and not {r.state for r in mail.recipients} & {State.DROPPED, State.EXPIRED}


async def find_same(
    store: Store, *, envelope: Envelope, raw: bytes, mail: Mail, now: datetime
) -> HeldMail | None:
    """The entry of this very mail: one that waits, or one released in full within 24 hours, not yet resent.

    Ask before judging. State RELEASED: `record_resend`, and answer 250 if that says True. UNSURE or
    RELEASING: the mail may have gone, do not send it. HELD or SUPERSEDED: judge it (permissions may have
    changed); `hold` finds the entry again, or makes one. After `--only`, `edit`, `drop` and expiry it is a new
    mail: None.
    """
    if not await store.run(lambda db: _by_envelope(db, envelope)):
        return None  # the usual case: no need to read the whole mail
    key = await _content_key(raw, mail)

    def look(db: sqlite3.Connection) -> HeldMail | None:
        for number in _same(db, envelope, key):
            found = read(db, number)
            if _whole(found) and (found.state in OPEN or _may_come_again(found, now)):
                return found
        return None

    return await store.run(look)


def _may_come_again(mail: HeldMail, now: datetime) -> bool:
    """Released in full, lately, and not resent yet."""
    if mail.released_at is None or mail.resent_at is not None:
        return False
    return now - mail.released_at <= timedelta(hours=RESEND_HOURS)


async def record_resend(store: Store, held_id: str, now: datetime) -> bool:
    """Record the one resend of a released mail; True the first time only."""

    def put(db: sqlite3.Connection) -> bool:
        changed = db.execute(
            "UPDATE held SET resent_at = ?, submitted = submitted + 1 "
            "WHERE id = ? AND resent_at IS NULL AND released_at IS NOT NULL",
            (seconds(now), held_id),
        )
        return changed.rowcount == 1

    return await store.write(put)


async def load(store: Store, held_id: str) -> HeldMail:
    """One held mail by its id, upper or lower case. Raises UsageError where there is none."""
    wanted = held_id.strip().lower()

    def look(db: sqlite3.Connection) -> HeldMail | None:
        row = db.execute("SELECT number FROM held WHERE id = ?", (wanted,)).fetchone()
        return read(db, row[0]) if row else None

    found = await store.run(look)
    if found is None:
        raise UsageError(f"There is no held mail {held_id!r}; `coldask held list --all` shows them all.")
    return found


async def find_held(store: Store, key: str) -> HeldMail | None:
    """By id or by Message-ID (angle brackets or not), the newest; None where nothing is held under it."""
    message_id = f"<{key.strip().strip('<>')}>"

    def look(db: sqlite3.Connection) -> HeldMail | None:
        row = db.execute(
            "SELECT number FROM held WHERE id = ? OR message_id = ? ORDER BY number DESC LIMIT 1",
            (key.strip().lower(), message_id),
        ).fetchone()
        return read(db, row[0]) if row else None

    return await store.run(look)


async def list_held(store: Store, *, closed: bool = False) -> list[HeldMail]:
    """What waits, oldest first; with `closed` also what is released, replaced, dropped and expired."""

    def look(db: sqlite3.Connection) -> list[HeldMail]:
        mails = [read(db, row[0]) for row in db.execute("SELECT number FROM held ORDER BY number").fetchall()]
        return [mail for mail in mails if closed or mail.state in WAITING]

    return await store.run(look)


async def mark_edited(store: Store, held_id: str) -> None:
    """This mail is not as a client handed it in: the user changed it."""
    await store.write(lambda db: db.execute("UPDATE held SET edited = 1 WHERE id = ?", (held_id,)))


async def edited(store: Store) -> frozenset[str]:
    """The ids of those the user changed."""
    query = "SELECT id FROM held WHERE edited = 1"
    return await store.run(lambda db: frozenset(row[0] for row in db.execute(query)))


async def raw_of(store: Store, held_id: str) -> tuple[bytes, tuple[str, ...]]:
    """The bytes a release sends, and the client's ESMTP parameters. Raises UsageError."""

    def look(db: sqlite3.Connection) -> tuple[bytes, str] | None:
        row: tuple[bytes, str] | None = db.execute(
            "SELECT raw, options FROM held WHERE id = ?", (held_id,)
        ).fetchone()
        return row

    found = await store.run(look)
    if found is None:
        raise UsageError(f"There is no held mail {held_id!r}.")
    return bytes(found[0]), tuple(json.loads(found[1]))


def _by_envelope(db: sqlite3.Connection, envelope: Envelope) -> list[int]:
    key = envelope_key(envelope.sender, envelope.recipients)
    rows = db.execute(
        "SELECT number FROM held WHERE envelope_key = ? ORDER BY number DESC", (key,)
    ).fetchall()
    return [row[0] for row in rows]


def _same(db: sqlite3.Connection, envelope: Envelope, key: str) -> list[int]:
    """Entries of the same mail, newest first."""
    query = "SELECT 1 FROM held WHERE number = ? AND content_key = ?"
    return [n for n in _by_envelope(db, envelope) if db.execute(query, (n, key)).fetchone()]


async def _content_key(raw: bytes, mail: Mail) -> str:
    """Off the event loop where the mail is large enough to be felt."""
    if len(raw) < 256 * 1024:
        return content_key(raw, mail.subject)
    return await asyncio.to_thread(content_key, raw, mail.subject)
