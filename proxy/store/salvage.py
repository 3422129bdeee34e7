"""Held mail out of a damaged store: whatever can still be read, mail by mail, from a copy of the file."""

import contextlib
import shutil
import sqlite3
import struct
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from classifier.reading.read import read_mail
from models.errors import StoreError
from proxy.store.same_mail import content_key

_PAGE: Final = 4096  # bytes; what SQLite makes, and we never change it
_BEYOND: Final = 100  # numbers tried after the last that is known of


class Salvaged(NamedTuple):
    """One mail. `whole`: its text is what was held, by the key kept beside it."""

    id: str
    account: str
    sender: str
    received_at: datetime
    recipients: list[dict[str, Any]]  # address, state; empty where they could not be read
    raw: bytes
    whole: bool


def salvage(path: Path) -> tuple[list[Salvaged], int]:
    """All held mails that can be read, and how many more there were. The store is not touched.

    Raises StoreError where nothing can be read at all.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="coldask-", dir=path.parent) as folder:
            copy = Path(folder) / "copy.db"
            shutil.copyfile(path, copy)
            with contextlib.suppress(FileNotFoundError):  # what was not moved into the file yet
                shutil.copyfile(path.with_name(path.name + "-wal"), copy.with_name("copy.db-wal"))
            _mend_header(copy)
            with contextlib.closing(sqlite3.connect(copy)) as db:
                numbers = _numbers(db)
                found = [mail for number in numbers if (mail := _mail(db, number)) is not None]
                last = max(numbers, default=0)
                found += [m for n in range(last + 1, last + 1 + _BEYOND) if (m := _mail(db, n)) is not None]
    except OSError as error:
        raise StoreError(f"The store {path} cannot be copied: {error.strerror or error}.") from error
    if not found and not numbers:
        raise StoreError(f"No held mail can be read out of {path}.")
    return found, max(0, len(numbers) - len(found))


def _mend_header(copy: Path) -> None:
    """A header that is gone or tells another length than the file has is written anew (sqlite.org/fileformat)."""
    size = copy.stat().st_size // _PAGE
    with copy.open("r+b") as file:
        head = file.read(100)
        sound = head.startswith(b"SQLite format 3\0") and struct.unpack(">H", head[16:18])[0] == _PAGE
        if sound and struct.unpack(">I", head[28:32])[0] <= size:
            return
        counter = struct.unpack(">I", head[24:28])[0] if sound else 1
        file.seek(0)
        file.write(b"SQLite format 3\0" + struct.pack(">HBBBBBB", _PAGE, 2, 2, 0, 64, 32, 32))
        file.write(struct.pack(">IIIIIIIIIII", counter, size, 0, 0, 1, 4, 0, 0, 1, 0, 0) + bytes(24))
        file.write(struct.pack(">II", counter, 3_040_000))


def _numbers(db: sqlite3.Connection) -> list[int]:
    """The numbers of the held mails, from whichever of three places still names them."""
    found: set[int] = set()
    for query in (
        "SELECT number FROM held NOT INDEXED",
        "SELECT number FROM held INDEXED BY held_by_envelope WHERE envelope_key = envelope_key",
        "SELECT held FROM held_recipient",
    ):
        found.update(row[0] for row in _rows(db, query) if isinstance(row[0], int) and 0 < row[0] < 1 << 31)
    return sorted(found)


def _mail(db: sqlite3.Connection, number: int) -> Salvaged | None:
    query = "SELECT id, account, sender, received_at, content_key, raw FROM held WHERE number = ?"
    try:
        [(id, account, sender, at, key, raw)] = _rows(db, query, number)
        raw, when = bytes(raw), datetime.fromtimestamp(at, UTC)
        whole = content_key(raw, read_mail(raw).subject) == key
    except (ValueError, TypeError, OverflowError, OSError):
        return None
    query = "SELECT address, state FROM held_recipient WHERE held = ? ORDER BY position"
    recipients = [{"address": str(a), "state": str(s)} for a, s in _rows(db, query, number)]
    return Salvaged(str(id), str(account), str(sender), when, recipients, raw, whole)


def _rows(db: sqlite3.Connection, query: str, *args: int) -> Iterator[tuple[Any, ...]]:
    """The rows up to where the damage begins."""
    with contextlib.suppress(sqlite3.Error):
        yield from db.execute(query, args)
