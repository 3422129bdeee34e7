"""The user's permissions: given, listed, taken back, and those that concern one mail."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple

from classifier.signals.copies import is_copy, sketch_of
from classifier.signals.permission import MARKER
from models.letter import short_hash
from models.mail import Mail
from models.permission import PERSON_RULES, Grant, Permission
from proxy.store.database import Store

_COLUMNS = "id, grant_, what, rule, at, until, source, reason"


class Given(NamedTuple):
    """A permission as listed: what was allowed, and whether it was taken back."""

    permission: Permission
    undone_at: datetime | None = None


async def give(
    store: Store, permission: Permission, *, keys: Sequence[int] = (), sketch: bytes = b""
) -> Permission:
    """Keep a permission; the same one given before gives way to it. Its id is the store's.

    `keys`: by which a mail is known again (`keys_of`); `sketch`: by which near-copies of a letter are.
    """
    p = permission

    def put(db: sqlite3.Connection) -> Permission:
        db.execute(
            "DELETE FROM permission WHERE grant_ = ? AND what = ? AND rule = ? AND undone_at IS NULL",
            (p.grant.value, p.what, p.rule),
        )
        number = db.execute(
            "INSERT INTO permission (grant_, what, rule, keys, sketch, at, until, source, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (p.grant.value, p.what, p.rule, json.dumps(list(keys)), sketch, _seconds(p.at),
             None if p.until is None else _seconds(p.until), p.source, p.reason),
        ).lastrowid  # fmt: skip
        return _read(db.execute(f"SELECT {_COLUMNS} FROM permission WHERE id = ?", (number,)).fetchone())  # noqa: S608  (a constant)

    return await store.write(put)


async def permissions(store: Store, *, undone: bool = False) -> list[Given]:
    """All that were given, oldest first; with `undone` also those that were taken back."""

    def look(db: sqlite3.Connection) -> list[Given]:
        rows = db.execute(
            f"SELECT {_COLUMNS}, undone_at FROM permission WHERE ? OR undone_at IS NULL ORDER BY id",  # noqa: S608  (a constant)
            (undone,),
        )
        return [Given(_read(row[:-1]), _moment(row[-1])) for row in rows]

    return await store.run(look)


async def undo(store: Store, numbers: Sequence[int], *, at: datetime) -> int:
    """Take these back; how many were there to take back."""

    def put(db: sqlite3.Connection) -> int:
        query = "UPDATE permission SET undone_at = ?, sketch = NULL WHERE id = ? AND undone_at IS NULL"
        return sum(db.execute(query, (_seconds(at), number)).rowcount for number in numbers)

    return await store.write(put)


async def forget_sketches(store: Store, now: datetime) -> None:
    """What a campaign's letters are known by is kept no longer than the campaign (interface, promise 8)."""
    query = "UPDATE permission SET sketch = NULL WHERE until <= ? AND sketch IS NOT NULL"
    await store.write(lambda db: db.execute(query, (_seconds(now),)))


def allowed_at(db: sqlite3.Connection, addresses: Sequence[str], moment: int) -> int | None:
    """When the user last allowed the person of these addresses whole, so for incoming mail too; None: never."""
    marks, rules = ", ".join("?" * len(addresses)), ", ".join("?" * len(PERSON_RULES))
    row = db.execute(
        f"SELECT max(at) FROM permission WHERE grant_ = ? AND what IN ({marks}) AND rule IN ({rules})"  # noqa: S608  (only question marks)
        " AND undone_at IS NULL AND (until IS NULL OR until > ?)",
        (Grant.PERSON.value, *addresses, *PERSON_RULES, moment),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def permissions_for(
    db: sqlite3.Connection,
    mail: Mail,
    persons: Mapping[str, Sequence[str]],
    lists: Mapping[str, frozenset[str]],
    moment: int,
) -> tuple[Permission, ...]:
    """Those in force at the moment that concern this mail, oldest first.

    `persons`: everybody it names, canonical, with all addresses of that person.
    """
    rows = db.execute(
        f"SELECT {_COLUMNS}, keys, sketch FROM permission WHERE undone_at IS NULL"  # noqa: S608  (a constant)
        " AND (until IS NULL OR until > ?) ORDER BY at, id",
        (moment,),
    ).fetchall()
    known = _Known(mail)
    found = []
    for *row, keys, sketch in rows:
        one = _read(row)
        if one.grant is Grant.PERSON:
            people = frozenset(who for who, theirs in persons.items() if one.what in theirs)
            one = one.model_copy(update={"people": people})
        elif one.grant is Grant.LIST:
            one = one.model_copy(update={"people": lists.get(one.what, frozenset())})
        if known.is_meant(one, keys, sketch):
            found.append(one)
    return tuple(found)


class _Known:
    """By what a mail is known, made where it is asked for: most stores hold no permission for a mail."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    def is_meant(self, permission: Permission, keys: str, sketch: bytes | None) -> bool:
        """Whether a permission concerns this mail, or somebody it names."""
        if permission.grant is Grant.MAIL:
            return not self.keys.isdisjoint(json.loads(keys))
        if permission.grant is Grant.CAMPAIGN:
            return is_copy(self.sketch, sketch) if sketch else False
        return permission.grant is Grant.RULE or bool(permission.people)

    @cached_property
    def keys(self) -> frozenset[int]:
        return keys_of(self._mail)

    @cached_property
    def sketch(self) -> bytes:
        return sketch_of(self._mail)


def keys_of(mail: Mail) -> frozenset[int]:
    """By which a mail is known again when it is handed in anew: its Message-ID, and what a reader sees of it."""
    sender = mail.senders[0].canonical if mail.senders else ""
    enclosed = [f"{a.name} {a.size}" for a in mail.attachments]
    words = [sender, " ".join(MARKER.sub(" ", mail.subject).split()), " ".join(mail.text.split()), *enclosed]
    seen = short_hash("\n".join(words))
    return frozenset({seen, short_hash(mail.message_id)} if mail.message_id else {seen})


def _read(row: Sequence[object]) -> Permission:
    number, grant, what, rule, at, until, source, reason = row
    return Permission.model_validate(
        {
            "id": number, "grant": grant, "what": what, "rule": rule, "at": _moment(at),
            "until": _moment(until), "source": source, "reason": reason,
        }
    )  # fmt: skip


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _moment(at: object) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(int(str(at)), UTC)
