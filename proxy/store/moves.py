"""How held recipients move: along models.held.MOVES only, by compare-and-set, synced on return."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from models.address import canonical
from models.errors import UsageError
from models.held import MOVES, HeldMail, Move, State
from models.mail import Envelope, Mail
from proxy.store.database import Store
from proxy.store.held import load
from proxy.store.held_row import seconds, subject_key, thread_of

# From where a release can start.
RELEASABLE = tuple(state for state, move in MOVES if move is Move.CLAIM)


def _step(
    db: sqlite3.Connection, number: int, position: int, move: Move, now: int, reply: str | None = None
) -> bool:
    """Compare and set: True where the recipient stood where this move can start."""
    for (state, possible), after in MOVES.items():
        if possible is not move:
            continue
        changed = db.execute(
            "UPDATE held_recipient SET state = ?, changed_at = ?, reply = coalesce(?, reply), "
            "dot_sent = CASE WHEN ? THEN 0 ELSE dot_sent END, maybe_sent = maybe_sent OR ? "
            "WHERE held = ? AND position = ? AND state = ?",
            (after, now, reply, move is Move.CLAIM, move is Move.LOST, number, position, state),
        )
        if changed.rowcount == 1:
            return True
    return False


async def claim(
    store: Store, held_id: str, positions: Sequence[int], now: datetime, *, narrowed: bool
) -> None:
    """Take these recipients for a release, all or none. Raises UsageError where another release was faster.

    `narrowed`: the user left recipients out.
    """

    def take(db: sqlite3.Connection) -> None:
        number = _number(db, held_id)
        for position in positions:
            if not _step(db, number, position, Move.CLAIM, seconds(now)):
                raise UsageError(
                    f"{held_id} was just released, dropped or changed by another command; look with "
                    f"`coldask held show {held_id}`."
                )
        if narrowed:
            db.execute("UPDATE held SET narrowed = 1 WHERE number = ?", (number,))

    await store.write(take)


async def mark_dot_sent(store: Store, held_id: str, positions: Sequence[int]) -> None:
    """From here on the provider may have the mail: a crash leaves these recipients unsure."""

    def mark(db: sqlite3.Connection) -> None:
        number = _number(db, held_id)
        for position in positions:
            changed = db.execute(
                "UPDATE held_recipient SET dot_sent = 1 WHERE held = ? AND position = ? AND state = ?",
                (number, position, State.RELEASING),
            )
            if changed.rowcount != 1:
                raise UsageError(f"{held_id} was taken from this release by another one.")

    await store.write(mark)


async def settle(
    store: Store, held_id: str, move: Move, replies: Mapping[int, str], now: datetime
) -> HeldMail:
    """Move each position of `replies`, with the provider's words; one that cannot move stays."""

    def put(db: sqlite3.Connection) -> None:
        number = _number(db, held_id)
        for position, reply in replies.items():
            _step(db, number, position, move, seconds(now), reply[:1000])
        _note_full_release(db, number, now)

    await store.write(put)
    return await load(store, held_id)


async def move_all(store: Store, held_id: str, move: Move, now: datetime) -> int:
    """Drop or undo: move every recipient that can. How many moved."""

    def put(db: sqlite3.Connection) -> int:
        return _step_all(db, _number(db, held_id), move, now)

    return await store.write(put)


async def supersede(store: Store, held_id: str, now: datetime) -> None:
    """Mark one mail: an edited one takes its place, and the same mail handed in again is a new one."""

    def put(db: sqlite3.Connection) -> None:
        number = _number(db, held_id)
        if _step_all(db, number, Move.SUPERSEDE, now):
            query = "UPDATE held SET superseded_at = ?, narrowed = 1 WHERE number = ?"
            db.execute(query, (seconds(now), number))

    await store.write(put)


async def mark_superseded(store: Store, *, envelope: Envelope, mail: Mail, now: datetime) -> tuple[str, ...]:
    """A mail passed: mark what it corrects, for the recipients in common. Answers the ids marked.

    Same sender, and the thread or the subject. Whom the later mail did not go to waits on.
    """
    people = {canonical(a) for a in envelope.recipients}
    refs, subject = set(thread_of(mail)), subject_key(mail)

    def put(db: sqlite3.Connection) -> tuple[str, ...]:
        marked = []
        for number, held_id, sender, thread, key in db.execute(_WAITING, (State.HELD,)).fetchall():
            alike = (subject and subject == key) or refs & set(json.loads(thread))
            if canonical(sender) != canonical(envelope.sender) or not alike:
                continue
            rows = db.execute(
                "SELECT position, address FROM held_recipient WHERE held = ?", (number,)
            ).fetchall()
            common = [position for position, address in rows if canonical(address) in people]
            if sum(_step(db, number, position, Move.SUPERSEDE, seconds(now)) for position in common):
                db.execute("UPDATE held SET superseded_at = ? WHERE number = ?", (seconds(now), number))
                marked.append(held_id)
        return tuple(marked)

    if not await _any_in(store, State.HELD):
        return ()
    return await store.write(put)


async def _any_in(store: Store, state: State) -> bool:
    """Does anybody stand there? Most mails correct nothing, most starts recover nothing."""
    query = "SELECT 1 FROM held_recipient WHERE state = ? LIMIT 1"
    return await store.run(lambda db: db.execute(query, (state,)).fetchone() is not None)


_WAITING = (
    "SELECT DISTINCT number, id, sender, thread, subject_key "
    "FROM held JOIN held_recipient ON held = number WHERE state = ?"
)


async def recover(store: Store, now: datetime) -> list[HeldMail]:
    """After a crash: releases under way become unsure where the dot may have left, else held again.

    Call it where no release can be under way: the service at its start, a command under the store's lock.
    """

    def put(db: sqlite3.Connection) -> list[str]:
        rows = db.execute(
            "SELECT id, number, position, dot_sent FROM held_recipient JOIN held ON held = number "
            "WHERE state = ?",
            (State.RELEASING,),
        ).fetchall()
        for _, number, position, dot_sent in rows:
            move, words = (Move.LOST, _LOST) if dot_sent else (Move.REFUSED, _STOPPED)
            _step(db, number, position, move, seconds(now), words)
        return list(dict.fromkeys(row[0] for row in rows))

    if not await _any_in(store, State.RELEASING):
        return []
    return [await load(store, held_id) for held_id in await store.write(put)]


_LOST = "coldask was stopped before the provider's answer came"
_STOPPED = "coldask was stopped before the mail was sent"


async def claim_copy(store: Store, held_id: str, now: datetime) -> bool:
    """True for the one release that is to put a copy into Sent."""

    def take(db: sqlite3.Connection) -> bool:
        query = "UPDATE held SET copied_at = ? WHERE id = ? AND copied_at IS NULL"
        return db.execute(query, (seconds(now), held_id)).rowcount == 1

    return await store.write(take)


async def give_copy_back(store: Store, held_id: str) -> None:
    """The copy could not be made: the next release tries."""
    query = "UPDATE held SET copied_at = NULL WHERE id = ?"
    await store.write(lambda db: db.execute(query, (held_id,)))


async def expire(store: Store, keep_days: int, now: datetime) -> list[HeldMail]:
    """Expire what was held too long; forget what closed as long ago again. Answers the newly expired."""
    old = seconds(now - timedelta(days=keep_days))

    def put(db: sqlite3.Connection) -> list[str]:
        rows = db.execute(
            "SELECT DISTINCT number, id FROM held JOIN held_recipient ON held = number "
            "WHERE state IN (?, ?) AND received_at <= ? AND changed_at <= ? ORDER BY number",
            (State.HELD, State.SUPERSEDED, old, old),
        ).fetchall()
        for number, _ in rows:
            _step_all(db, number, Move.EXPIRE, now)
            db.execute("UPDATE held SET expired_at = ? WHERE number = ?", (seconds(now), number))
        _forget(db, old)
        return [row[1] for row in rows]

    return [await load(store, held_id) for held_id in await store.write(put)]


def _forget(db: sqlite3.Connection, old: int) -> None:
    """Remove mails whose recipients all reached an end that long ago, and warnings of that age."""
    closed = (State.RELEASED, State.DROPPED, State.EXPIRED)
    db.execute(
        "DELETE FROM held WHERE number NOT IN "
        "(SELECT held FROM held_recipient WHERE state NOT IN (?, ?, ?) OR changed_at > ?)",
        (*closed, old),
    )
    db.execute("DELETE FROM warned WHERE at <= ?", (old,))


def _step_all(db: sqlite3.Connection, number: int, move: Move, now: datetime) -> int:
    rows = db.execute("SELECT position FROM held_recipient WHERE held = ?", (number,))
    positions = [row[0] for row in rows.fetchall()]
    return sum(_step(db, number, position, move, seconds(now)) for position in positions)


def _note_full_release(db: sqlite3.Connection, number: int, now: datetime) -> None:
    db.execute(
        "UPDATE held SET released_at = ? WHERE number = ? AND released_at IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM held_recipient WHERE held = ? AND state <> ?)",
        (seconds(now), number, number, State.RELEASED),
    )


def _number(db: sqlite3.Connection, held_id: str) -> int:
    row = db.execute("SELECT number FROM held WHERE id = ?", (held_id,)).fetchone()
    if row is None:
        raise UsageError(f"There is no held mail {held_id!r}; `coldask held list --all` shows them all.")
    return int(row[0])
