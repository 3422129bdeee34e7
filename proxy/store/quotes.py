"""Which letters quote which of the owner's: found when either comes in, so the order does not matter.

The hashes are for the finding and go after 14 days; what was found stays.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from classifier.ties import Turn
from models.letter import Letter
from proxy.store.database import Store
from proxy.store.positions import BEING_READ
from proxy.store.rows import Flag

KEPT = timedelta(days=14)  # interface, promise 8
_AHEAD = timedelta(days=1)  # dated later than that, a broken clock wrote it

_OLD = "DELETE FROM run WHERE letter IN (SELECT id FROM letter WHERE date < ? OR date > ?)"
_MATCHES = """
SELECT DISTINCT r.letter FROM run r JOIN letter l ON l.id = r.letter
WHERE r.hash IN ({}) AND (l.flags & 1) = ? AND l.id <> ?
"""
_QUOTED = """
SELECT a.fingerprint, q.fingerprint, q.message FROM other o JOIN quoting k ON k.answer = o.letter
JOIN letter a ON a.id = k.answer JOIN letter q ON q.id = k.asked
WHERE o.person = ? AND o.date < ? AND q.date <= a.date
"""


def add_runs(db: sqlite3.Connection, number: int, letter: Letter) -> None:
    """Keep a letter's hashes, and whom they tie it to."""
    hashes = letter.said if letter.outgoing else letter.quotes
    if not hashes:
        return
    db.executemany("INSERT OR IGNORE INTO run VALUES (?, ?)", [(h, number) for h in hashes])
    for other in _matches(db, hashes, outgoing=not letter.outgoing, without=number):
        pair = (other, number) if letter.outgoing else (number, other)
        db.execute("INSERT OR IGNORE INTO quoting VALUES (?, ?)", pair)


async def forget_runs(store: Store, now: datetime) -> int:
    """Forget the hashes of letters from more than 14 days before `now` (aware); how many.

    Whom a letter quotes was noted when the later of the two came in, and stays. Not while a history is being
    read: there the answer may come before what it quotes, years apart. Then nothing is forgotten yet.
    """

    def delete(db: sqlite3.Connection) -> int:
        if db.execute(BEING_READ).fetchone() is not None:
            return 0
        span = (int((now - KEPT).timestamp()), int((now + _AHEAD).timestamp()))
        return db.execute(_OLD, span).rowcount

    return await store.write(delete)


def quoted_letters(db: sqlite3.Connection, hashes: Sequence[int], moment: int) -> set[int]:
    """Fingerprints of the owner's letters before a moment that hold one of these runs."""
    numbers = _matches(db, hashes, outgoing=True, without=0) if hashes else []
    found = set()
    for number in numbers:
        row = db.execute(
            "SELECT fingerprint FROM letter WHERE id = ? AND date < ?", (number, moment)
        ).fetchone()
        if row is not None:
            found.add(int(row[0]))
    return found


def with_quotes(db: sqlite3.Connection, person: int, moment: int, turns: Iterable[Turn]) -> list[Turn]:
    """The letters with one person; one that quotes a letter of the owner's answers it."""
    asked: dict[int, list[int]] = {}
    for answer, fingerprint, message in db.execute(_QUOTED, (person, moment)):
        asked.setdefault(answer, []).append(message or fingerprint)
    return [
        t._replace(refs=(*t.refs, *sorted(asked[t.key])), reply=True)
        if t.key in asked and not t.outgoing
        else t
        for t in turns
    ]


def _matches(db: sqlite3.Connection, hashes: Sequence[int], *, outgoing: bool, without: int) -> list[int]:
    sql = _MATCHES.format(",".join("?" * len(hashes)))
    rows = db.execute(sql, (*hashes, int(outgoing) * Flag.OUTGOING, without)).fetchall()
    return [number for (number,) in rows]
