"""Held mail as it lies in the store: kept, found again, read. How its recipients move stands in `moves`."""

import asyncio
import json
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from models.address import canonical
from models.errors import UsageError
from models.held import HeldMail, HeldRecipient, State
from models.letter import short_hash
from models.mail import Envelope, Mail
from models.verdict import OutgoingVerdict
from proxy.store.database import Store
from proxy.store.same_mail import content_key, envelope_key, plain_subject

# No letter or digit that looks like another: no i, l, o, 0, 1.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
RESEND_HOURS = 24
# The states in which a mail still waits, in one way or another: the same mail handed in again is this one.
OPEN = (State.HELD, State.RELEASING, State.UNSURE, State.SUPERSEDED)

Draw = Callable[[Sequence[str]], str]

_COLUMNS = (
    "number, id, account, sender, received_at, subject, message_id, verdict, submitted, narrowed, "
    "released_at, resent_at, superseded_at, expired_at"
)


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

    `raw` is what a release sends, byte for byte: Bcc and the like are gone from it already. `options` are the
    client's ESMTP parameters to MAIL. The same mail handed in again while it still waits finds its entry, which
    takes the new verdict and counts the submission; its bytes and recipients stay as they are.
    """
    key = await _content_key(raw, mail)

    def put(db: sqlite3.Connection) -> HeldMail:
        for number in _same(db, envelope, key):
            found = _load(db, number)
            if found.state in OPEN and not found.narrowed and not any(_done(r) for r in found.recipients):
                db.execute(
                    "UPDATE held SET submitted = submitted + 1, verdict = ? WHERE number = ?", (dump(verdict), number)
                )
                return _load(db, number)
        return _load(db, _insert(db, account, envelope, raw, mail, verdict, now, options, key, draw))

    return await store.write(put)


def _done(recipient: HeldRecipient) -> bool:
    """The user let this one be, or time did."""
    return recipient.state in (State.DROPPED, State.EXPIRED)


async def find_same(store: Store, *, envelope: Envelope, raw: bytes, mail: Mail, now: datetime) -> HeldMail | None:
    """The entry of this very mail: one that waits, or one released in full within the last 24 hours and not yet resent.

    Ask before judging. State RELEASED: `record_resend` and answer 250 if that says True. UNSURE or RELEASING: the
    mail may have gone, do not send it. HELD or SUPERSEDED: judge it (permissions may have changed); `hold` finds
    the entry again by itself. After `--only`, `edit`, `drop` and expiry it is a new mail: None.
    """
    if not await store.run(lambda db: _by_envelope(db, envelope)):
        return None  # the usual case: no need to read the whole mail
    key = await _content_key(raw, mail)

    def look(db: sqlite3.Connection) -> HeldMail | None:
        for number in _same(db, envelope, key):
            found = _load(db, number)
            if found.narrowed or any(_done(r) for r in found.recipients):
                continue
            if found.state is not State.RELEASED:
                return found
            if found.released_at and not found.resent_at and now - found.released_at <= timedelta(hours=RESEND_HOURS):
                return found
        return None

    return await store.run(look)


async def record_resend(store: Store, held_id: str, now: datetime) -> bool:
    """Record the one resend of a released mail; True the first time only."""

    def put(db: sqlite3.Connection) -> bool:
        changed = db.execute(
            "UPDATE held SET resent_at = ?, submitted = submitted + 1 "
            "WHERE id = ? AND resent_at IS NULL AND released_at IS NOT NULL",
            (_seconds(now), held_id),
        )
        return changed.rowcount == 1

    return await store.write(put)


async def load(store: Store, held_id: str) -> HeldMail:
    """One held mail by its id, upper or lower case. Raises UsageError where there is none."""
    wanted = held_id.strip().lower()

    def look(db: sqlite3.Connection) -> HeldMail | None:
        row = db.execute("SELECT number FROM held WHERE id = ?", (wanted,)).fetchone()
        return _load(db, row[0]) if row else None

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
        return _load(db, row[0]) if row else None

    return await store.run(look)


async def list_held(store: Store, *, closed: bool = False) -> list[HeldMail]:
    """What waits, oldest first; with `closed` also what is released, dropped and expired."""

    def look(db: sqlite3.Connection) -> list[HeldMail]:
        mails = [_load(db, row[0]) for row in db.execute("SELECT number FROM held ORDER BY number").fetchall()]
        return [mail for mail in mails if closed or mail.state in OPEN]

    return await store.run(look)


async def raw_of(store: Store, held_id: str) -> tuple[bytes, tuple[str, ...]]:
    """The bytes a release sends, and the client's ESMTP parameters. Raises UsageError."""

    def look(db: sqlite3.Connection) -> tuple[bytes, str] | None:
        row: tuple[bytes, str] | None = db.execute("SELECT raw, options FROM held WHERE id = ?", (held_id,)).fetchone()
        return row

    found = await store.run(look)
    if found is None:
        raise UsageError(f"There is no held mail {held_id!r}.")
    return bytes(found[0]), tuple(json.loads(found[1]))


def dump(verdict: OutgoingVerdict) -> str:
    """A verdict as JSON; lone surrogates from broken mail stay escaped, quotes stay short (promise 8)."""
    findings = tuple(f.model_copy(update={"quote": f.quote[:200]}) for f in verdict.findings)
    return json.dumps(verdict.model_copy(update={"findings": findings}).model_dump(mode="json"))


def read_verdict(text: str) -> OutgoingVerdict:
    return OutgoingVerdict.model_validate(json.loads(text))


def unused_id(db: sqlite3.Connection, draw: Draw) -> str:
    """A short id no held or warned mail has. Four characters; one more where chance keeps hitting taken ones."""
    for length in (4, 5, 6, 7, 8):
        for _ in range(20):
            candidate = "".join(draw(ALPHABET) for _ in range(length))
            taken = db.execute(
                "SELECT 1 FROM held WHERE id = ? UNION ALL SELECT 1 FROM warned WHERE id = ?", (candidate, candidate)
            ).fetchone()
            if not taken:
                return candidate
    raise RuntimeError("no unused id was drawn; the source of randomness is broken")


def blind_of(envelope: Envelope, mail: Mail) -> tuple[bool, ...]:
    """For each envelope recipient: is it in neither To nor Cc?"""
    open_ones = {m.canonical for m in (*mail.to, *mail.cc)}
    return tuple(canonical(address) not in open_ones for address in envelope.recipients)


def clean(text: str) -> str:
    """Text SQLite can keep: lone surrogates replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def thread_of(mail: Mail) -> list[int]:
    """Hashes of the Message-IDs the mail answers."""
    return [short_hash(reference) for reference in mail.links.all[-50:]]


def subject_key(mail: Mail) -> int:
    subject = plain_subject(mail.subject)
    return short_hash(subject) if subject else 0


def _insert(
    db: sqlite3.Connection,
    account: str,
    envelope: Envelope,
    raw: bytes,
    mail: Mail,
    verdict: OutgoingVerdict,
    now: datetime,
    options: Sequence[str],
    key: str,
    draw: Draw,
) -> int:
    row = {
        "id": unused_id(db, draw),
        "account": account,
        "sender": envelope.sender,
        "received_at": _seconds(now),
        "subject": clean(mail.subject),
        "message_id": clean(mail.message_id) if mail.message_id else None,
        "verdict": dump(verdict),
        "options": json.dumps(list(options)),
        "envelope_key": envelope_key(envelope.sender, envelope.recipients),
        "content_key": key,
        "subject_key": subject_key(mail),
        "thread": json.dumps(thread_of(mail)),
        "raw": raw,
    }
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    number = db.execute(f"INSERT INTO held ({names}) VALUES ({marks})", row).lastrowid  # noqa: S608 - our own names
    assert number is not None
    blind = blind_of(envelope, mail)
    db.executemany(
        "INSERT INTO held_recipient (held, position, address, blind, state, changed_at) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (number, position, address, blind[position], State.HELD.value, _seconds(now))
            for position, address in enumerate(envelope.recipients)
        ],
    )
    return number


def _by_envelope(db: sqlite3.Connection, envelope: Envelope) -> list[int]:
    key = envelope_key(envelope.sender, envelope.recipients)
    rows = db.execute("SELECT number FROM held WHERE envelope_key = ? ORDER BY number DESC", (key,)).fetchall()
    return [row[0] for row in rows]


def _same(db: sqlite3.Connection, envelope: Envelope, key: str) -> list[int]:
    """Entries of the same mail, newest first."""
    numbers = _by_envelope(db, envelope)
    return [
        n for n in numbers if db.execute("SELECT 1 FROM held WHERE number = ? AND content_key = ?", (n, key)).fetchone()
    ]


async def _content_key(raw: bytes, mail: Mail) -> str:
    """Off the event loop where the mail is large enough to be felt."""
    if len(raw) < 256 * 1024:
        return content_key(raw, mail.subject)
    return await asyncio.to_thread(content_key, raw, mail.subject)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _load(db: sqlite3.Connection, number: int) -> HeldMail:
    row = db.execute(f"SELECT {_COLUMNS} FROM held WHERE number = ?", (number,)).fetchone()  # noqa: S608 - our own names
    people = db.execute(
        "SELECT address, state, blind, reply, maybe_sent FROM held_recipient WHERE held = ? ORDER BY position", (number,)
    )
    return HeldMail(
        id=row[1],
        account=row[2],
        sender=row[3],
        received_at=datetime.fromtimestamp(row[4], UTC),
        subject=row[5],
        message_id=row[6],
        verdict=read_verdict(row[7]),
        submitted=row[8],
        narrowed=bool(row[9]),
        released_at=_moment(row[10]),
        resent_at=_moment(row[11]),
        superseded_at=_moment(row[12]),
        expired_at=_moment(row[13]),
        recipients=tuple(
            HeldRecipient(address=p[0], state=State(p[1]), blind=bool(p[2]), reply=p[3], maybe_sent=bool(p[4]))
            for p in people
        ),
    )
