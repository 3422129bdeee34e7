"""A held mail as rows: written, read, and the short id it gets."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from classifier.witness import bare_subject
from models.address import canonical
from models.held import HeldMail, HeldRecipient, State
from models.letter import short_hash
from models.mail import Envelope, Mail
from models.verdict import OutgoingVerdict
from proxy.store.same_mail import envelope_key

# No letter or digit that looks like another: no i, l, o, 0, 1.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

Draw = Callable[[Sequence[str]], str]


def dump(verdict: OutgoingVerdict) -> str:
    """A verdict as JSON; lone surrogates from broken mail stay escaped, quotes stay short (promise 8)."""
    findings = tuple(f.model_copy(update={"quote": f.quote[:200]}) for f in verdict.findings)
    return json.dumps(verdict.model_copy(update={"findings": findings}).model_dump(mode="json"))


def read_verdict(text: str) -> OutgoingVerdict:
    return OutgoingVerdict.model_validate(json.loads(text))


def unused_id(db: sqlite3.Connection, draw: Draw) -> str:
    """A short id no held or warned mail has: four characters, more where chance keeps hitting taken ones."""
    for length in (4, 5, 6, 7, 8):
        for _ in range(20):
            candidate = "".join(draw(ALPHABET) for _ in range(length))
            if not db.execute(_TAKEN, (candidate, candidate)).fetchone():
                return candidate
    raise RuntimeError("no unused id was drawn; the source of randomness is broken")


_TAKEN = "SELECT 1 FROM held WHERE id = ? UNION ALL SELECT 1 FROM warned WHERE id = ?"


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
    subject = bare_subject(mail.subject)
    return short_hash(subject) if subject else 0


class Submission(NamedTuple):
    """What a client handed in, as judged."""

    account: str
    envelope: Envelope
    raw: bytes
    mail: Mail
    verdict: OutgoingVerdict
    options: tuple[str, ...]
    content_key: str


def insert(db: sqlite3.Connection, submission: Submission, now: datetime, draw: Draw) -> int:
    """Write it, every recipient held. Answers the row's number."""
    mail, envelope = submission.mail, submission.envelope
    number = db.execute(
        _INSERT,
        {
            "id": unused_id(db, draw),
            "account": submission.account,
            "sender": envelope.sender,
            "received_at": seconds(now),
            "subject": clean(mail.subject),
            "message_id": clean(mail.message_id) if mail.message_id else None,
            "verdict": dump(submission.verdict),
            "options": json.dumps(submission.options),
            "envelope_key": envelope_key(envelope.sender, envelope.recipients),
            "content_key": submission.content_key,
            "subject_key": subject_key(mail),
            "thread": json.dumps(thread_of(mail)),
            "raw": submission.raw,
        },
    ).lastrowid
    assert number is not None
    people = zip(envelope.recipients, blind_of(envelope, mail), strict=True)
    db.executemany(
        "INSERT INTO held_recipient (held, position, address, blind, state, changed_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [(number, i, address, blind, State.HELD, seconds(now)) for i, (address, blind) in enumerate(people)],
    )
    return number


_INSERT = """
INSERT INTO held (id, account, sender, received_at, subject, message_id, verdict, options, envelope_key,
  content_key, subject_key, thread, raw)
VALUES (:id, :account, :sender, :received_at, :subject, :message_id, :verdict, :options, :envelope_key,
  :content_key, :subject_key, :thread, :raw)
"""


def read(db: sqlite3.Connection, number: int) -> HeldMail:
    """The mail of that row, without its bytes."""
    row = db.execute(_SELECT, (number,)).fetchone()
    people = db.execute(_RECIPIENTS, (number,)).fetchall()
    return HeldMail(
        id=row[0],
        account=row[1],
        sender=row[2],
        received_at=datetime.fromtimestamp(row[3], UTC),
        subject=row[4],
        message_id=row[5],
        verdict=read_verdict(row[6]),
        submitted=row[7],
        narrowed=bool(row[8]),
        released_at=moment(row[9]),
        resent_at=moment(row[10]),
        superseded_at=moment(row[11]),
        expired_at=moment(row[12]),
        recipients=tuple(
            HeldRecipient(
                address=address, state=State(state), blind=bool(blind), reply=reply, maybe_sent=bool(maybe)
            )
            for address, state, blind, reply, maybe in people
        ),
    )


_SELECT = (
    "SELECT id, account, sender, received_at, subject, message_id, verdict, submitted, narrowed, "
    "released_at, resent_at, superseded_at, expired_at FROM held WHERE number = ?"
)
_RECIPIENTS = (
    "SELECT address, state, blind, reply, maybe_sent FROM held_recipient WHERE held = ? ORDER BY position"
)


def seconds(at: datetime) -> int:
    """As the store keeps a time: whole seconds since 1970, UTC."""
    return int(at.timestamp())


def moment(at: int | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)
