"""Held mail out of a damaged store: what can be read comes out whole, and the store is not touched."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from models.errors import StoreError
from proxy.store.database import Store
from proxy.store.salvage import salvage
from tests.proxy.held_samples import LIV, MAX, SUE, hold_one, raw_mail

TEXT = "Dear Sue, number {n} of many.\n" + "A line that makes the mail longer than a page.\n" * 120
COUNT = 12


def mail(n: int) -> bytes:
    return raw_mail(subject=f"Question {n}", text=TEXT.format(n=n), message_id=f"<{n}@example.org>")


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    path = tmp_path / "coldask.db"
    async with await Store.open(path) as store:
        for n in range(COUNT):
            await hold_one(store, SUE, MAX, LIV, raw=mail(n))
    return path


def _header(data: bytearray) -> None:
    data[:100] = bytes(100)


def _half(data: bytearray) -> None:
    del data[data.index(b"number 6 of many") :]


def _odd_end(data: bytearray) -> None:
    del data[-1000:]


def _one_page(data: bytearray) -> None:
    """A page of the text of a mail in the middle."""
    at = data.index(b"number 6 of many")
    page = at // 4096 * 4096
    data[page : page + 4096] = b"\xee" * 4096


def _nothing(_: bytearray) -> None:
    pass


@pytest.mark.parametrize(
    ("harm", "least"),
    [(_nothing, COUNT), (_header, COUNT), (_half, 5), (_odd_end, COUNT - 1), (_one_page, COUNT - 3)],
)
def test_what_can_be_read_comes_out_as_it_was_held(
    path: Path, harm: Callable[[bytearray], None], least: int
) -> None:
    data = bytearray(path.read_bytes())
    harm(data)
    path.write_bytes(data)
    found, lost = salvage(path)
    whole = [m for m in found if m.whole]
    assert len(whole) >= least
    originals = [mail(n) for n in range(COUNT)]
    assert all(m.raw in originals for m in whole)
    assert lost + len(found) == COUNT, "each is either read or counted as lost"
    assert path.read_bytes() == data
    assert [p.name for p in path.parent.iterdir() if p.name.startswith("coldask-")] == []


def test_recipients_and_envelope_come_along(path: Path) -> None:
    [first, *_], lost = salvage(path)
    assert lost == 0 and first.account == "work" and first.sender == "ann@example.org"
    assert first.recipients == [{"address": a, "state": "held"} for a in (SUE, MAX, LIV)]


def test_a_text_that_was_changed_is_not_called_whole(path: Path) -> None:
    data = path.read_bytes().replace(b"number 6 of many", b"number 9 of many")
    path.write_bytes(data)
    found, lost = salvage(path)
    assert lost == 0 and sum(not m.whole for m in found) == 1


def test_what_lies_in_the_log_only_counts(path: Path) -> None:
    """A crash leaves the last mails in the write-ahead log, beside the file."""
    with closing(sqlite3.connect(path)) as db, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN").connection.execute("SELECT count(*) FROM held").fetchone()
        db.execute("PRAGMA foreign_keys = ON")
        with db:
            db.execute("DELETE FROM held WHERE number > 5")
        assert path.with_name("coldask.db-wal").stat().st_size > 0
        found, lost = salvage(path)
    assert len([m for m in found if m.whole]) == 5 and lost == 0


def test_where_nothing_can_be_read_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "coldask.db"
    path.write_bytes(b"Dear diary, " * 2000)
    with pytest.raises(StoreError, match="No held mail"):
        salvage(path)
    with pytest.raises(StoreError, match="cannot be copied"):
        salvage(tmp_path / "none.db")
