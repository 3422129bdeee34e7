"""The ledger of the inbox: what was judged, what was filed where, and the journal of moves under way."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from models.correction import FiledMail, FiledState
from models.verdict import Disposition, IncomingVerdict
from proxy.store.database import Store

ID_LETTER = "i"  # before a ledger's number: no id of a held mail holds it
_COLUMNS = (
    "id, account, fingerprint, copy, message_id, sender, subject, at, state, verdict,"
    " folder, validity, uid, target, copied"
)


@dataclass(frozen=True)
class Judgement:
    """A mail as it was judged in its folder: what goes into the ledger."""

    account: str
    fingerprint: int
    copy: int  # knows this one delivered copy again (mailbox.fetch.copy_of)
    message_id: str | None
    sender: str  # canonical
    reply_to: tuple[str, ...]  # canonical
    subject: str
    at: datetime
    verdict: IncomingVerdict
    folder: str
    validity: int
    uid: int


@dataclass(frozen=True)
class Entry:
    """A row of the ledger: the mail, where it was found, and how far its move has come."""

    mail: FiledMail
    copy: int
    folder: str
    validity: int
    uid: int
    target: str
    copied: bool  # its copy lies in the target, the original is still to be removed

    @property
    def id(self) -> int:
        return self.mail.id

    @property
    def state(self) -> FiledState:
        return self.mail.state


async def record(store: Store, judgement: Judgement, state: FiledState, *, target: str = "") -> int:
    """Write a judgement down, synced; its id. The same mail in the same place keeps its row."""
    j = judgement
    row = (
        *(j.account, j.fingerprint, j.copy, j.message_id, j.sender, " ".join(j.reply_to)),
        *(j.subject if j.verdict.disposition is not Disposition.KEEP else "", int(j.at.timestamp())),
        *(
            j.verdict.disposition.value,
            state.value,
            j.verdict.model_dump_json(),
            j.folder,
            j.validity,
            j.uid,
            target,
        ),
    )

    def put(db: sqlite3.Connection) -> int:
        found = db.execute(
            "INSERT INTO judged (account, fingerprint, copy, message_id, sender, reply_to, subject, at,"
            " disposition, state, verdict, folder, validity, uid, target)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (account, folder, validity, uid) DO UPDATE SET"
            " state = excluded.state, target = excluded.target RETURNING id",
            row,
        ).fetchone()
        return int(found[0])

    return await store.write(put)


async def set_state(store: Store, entry: int, state: FiledState, *, copied: bool = False) -> None:
    """Where the mail is now. `copied`: the original is still to be removed."""

    def put(db: sqlite3.Connection) -> None:
        db.execute("UPDATE judged SET state = ?, copied = ? WHERE id = ?", (state.value, copied, entry))

    await store.write(put)


async def unfinished(store: Store, account: str) -> list[Entry]:
    """Moves that were begun, and originals that are still to be removed, oldest first."""
    return await _entries(
        store, "account = ? AND (state = ? OR copied) ORDER BY id", (account, FiledState.MOVING.value)
    )


async def unseen(store: Store, account: str) -> list[Entry]:
    """What was filed and has not been seen lying in Cold Asks yet."""
    return await _entries(
        store,
        "account = ?1 AND state = ?2 AND copy NOT IN (SELECT copy FROM lying WHERE account = ?1)",
        (account, FiledState.FILED.value),
    )


async def known(store: Store, account: str, fingerprint: int) -> list[Entry]:
    """What the ledger holds of this mail, newest first: one row for each copy that was delivered."""
    return await _entries(store, "account = ? AND fingerprint = ? ORDER BY id DESC", (account, fingerprint))


async def filed(store: Store, *, unsure: bool = False, since: datetime | None = None) -> list[FiledMail]:
    """What was filed as a cold ask (also what would have been, where the mode files nothing), newest first.

    `unsure`: instead, what stayed in the inbox as unsure. `since`: only what was judged from then on.
    """
    disposition = Disposition.UNSURE if unsure else Disposition.FILE
    values = (disposition.value, int(since.timestamp()) if since else 0)
    return [e.mail for e in await _entries(store, "disposition = ? AND at >= ? ORDER BY id DESC", values)]


async def find(store: Store, key: str) -> list[Entry]:
    """By id (`i12`), or by Message-ID with or without its angle brackets; newest first."""
    number = key.strip().lower().removeprefix(ID_LETTER)
    if key.strip()[:1].lower() == ID_LETTER and number.isdecimal() and len(number) < 19:
        return await _entries(store, "id = ?", (int(number),))
    name = key.strip().strip("<>")
    return await _entries(store, "message_id IN (?, ?) ORDER BY id DESC", (f"<{name}>", name))


async def forget_kept(store: Store, before: datetime) -> int:
    """Drop what is remembered of mail that was simply kept, from before a moment. How many rows."""

    def drop(db: sqlite3.Connection) -> int:
        return db.execute(
            "DELETE FROM judged WHERE disposition = ? AND state = ? AND at < ?",
            (Disposition.KEEP.value, FiledState.STAYED.value, int(before.timestamp())),
        ).rowcount

    return await store.write(drop)


async def _entries(store: Store, where: str, values: Sequence[object]) -> list[Entry]:
    def read(db: sqlite3.Connection) -> list[Entry]:
        rows = db.execute(f"SELECT {_COLUMNS} FROM judged WHERE {where}", values)  # noqa: S608  (our own words)
        return [_entry(row) for row in rows]

    return await store.run(read)


def _entry(row: Sequence[object]) -> Entry:
    (number, account, fingerprint, copy, message_id, sender, subject, at, state, verdict, *place) = row
    folder, validity, uid, target, copied = place
    mail = FiledMail.model_validate(
        {
            "id": number,
            "account": account,
            "fingerprint": fingerprint,
            "message_id": message_id,
            "sender": sender,
            "subject": subject,
            "filed_at": datetime.fromtimestamp(int(str(at)), UTC),
            "state": state,
            "verdict": IncomingVerdict.model_validate_json(str(verdict)),
        }
    )
    return Entry(
        mail, int(str(copy)), str(folder), int(str(validity)), int(str(uid)), str(target), bool(copied)
    )
