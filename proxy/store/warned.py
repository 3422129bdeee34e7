"""Mail that passed with a warning: who, whom, when and why. Its subject and text are not kept."""

import json
import secrets
import sqlite3
from datetime import UTC, datetime

from models.held import WarnedMail
from models.mail import Envelope, Mail
from models.verdict import OutgoingVerdict
from proxy.store.database import Store
from proxy.store.held_row import Draw, blind_of, clean, dump, read_verdict, unused_id


async def record_warning(
    store: Store,
    *,
    account: str,
    envelope: Envelope,
    mail: Mail,
    verdict: OutgoingVerdict,
    now: datetime,
    draw: Draw = secrets.choice,
) -> WarnedMail:
    """Keep that a mail went out with a warning, or in observe mode although it would have been held."""
    blind = tuple(
        a for a, hidden in zip(envelope.recipients, blind_of(envelope, mail), strict=True) if hidden
    )

    def put(db: sqlite3.Connection) -> WarnedMail:
        warned = WarnedMail(
            id=unused_id(db, draw),
            account=account,
            sender=envelope.sender,
            at=datetime.fromtimestamp(int(now.timestamp()), UTC),
            message_id=clean(mail.message_id) if mail.message_id else None,
            recipients=envelope.recipients,
            blind=blind,
            verdict=verdict,
        )
        db.execute(
            "INSERT INTO warned (id, account, sender, at, message_id, recipients, blind, verdict) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                warned.id,
                account,
                warned.sender,
                int(now.timestamp()),
                warned.message_id,
                json.dumps(warned.recipients),
                json.dumps(blind),
                dump(verdict),
            ),
        )
        return warned

    return await store.write(put)


async def list_warned(store: Store) -> list[WarnedMail]:
    """All of them, oldest first."""
    query = f"{_SELECT} ORDER BY number"
    return await store.run(lambda db: [_read(row) for row in db.execute(query).fetchall()])


async def find_warned(store: Store, key: str) -> WarnedMail | None:
    """By id or by Message-ID (angle brackets or not), the newest."""
    message_id = f"<{key.strip().strip('<>')}>"

    def look(db: sqlite3.Connection) -> WarnedMail | None:
        row = db.execute(
            f"{_SELECT} WHERE id = ? OR message_id = ? ORDER BY number DESC LIMIT 1",
            (key.strip().lower(), message_id),
        ).fetchone()
        return _read(row) if row else None

    return await store.run(look)


_SELECT = "SELECT id, account, sender, at, message_id, recipients, blind, verdict FROM warned"


def _read(row: tuple[str, str, str, int, str | None, str, str, str]) -> WarnedMail:
    return WarnedMail(
        id=row[0],
        account=row[1],
        sender=row[2],
        at=datetime.fromtimestamp(row[3], UTC),
        message_id=row[4],
        recipients=tuple(json.loads(row[5])),
        blind=tuple(json.loads(row[6])),
        verdict=read_verdict(row[7]),
    )
