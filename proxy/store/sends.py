"""What the owner sent lately: kept for 14 days, and of it what resembles a mail or asks the same."""

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

from classifier.signals.asks import find_asks
from classifier.signals.copies import is_copy, sketch_of
from models.finding import Ask
from models.letter import Letter
from models.mail import Mail
from models.past import Owner, RecentSend
from proxy.store.database import Store
from proxy.store.rows import SENDER, TO, Flag, unpack_refs

KEPT = timedelta(days=14)  # interface, promise 8
MAX_SENDS = 500  # the newest looked at
MAX_PEOPLE = 60  # recipients of those that matter: a run is long before so many
_LIKELY = 0.5  # an ask less sure than this is none, as in classifier.witness

_SENT = """
SELECT s.at, s.sketch, l.id, l.message, l.flags, l.refs,
  (SELECT group_concat(e.asks, ' ') FROM event e WHERE e.letter = l.id AND e.kind = 'ask')
FROM sent s JOIN letter l ON l.id = s.letter WHERE s.at >= ? AND s.at < ? ORDER BY s.at DESC LIMIT ?
"""
_WENT_TO = """
SELECT p.address, o.role FROM other o JOIN person p ON p.id = o.person WHERE o.letter = ? AND o.role <> ?
ORDER BY o.role, p.address
"""
_ANSWERED = "SELECT 1 FROM letter WHERE message = ? AND message <> 0 AND NOT flags & ?"


def keep_send(db: sqlite3.Connection, number: int, letter: Letter, went: datetime | None) -> None:
    """Keep when a letter went and its sketch. Of two copies the first counts, unless `went` says better."""
    if letter.sketch is None:
        return
    db.execute(
        f"INSERT OR {'IGNORE' if went is None else 'REPLACE'} INTO sent VALUES (?, ?, ?)",  # noqa: S608
        (number, _milliseconds(went or letter.date), letter.sketch),
    )


async def forget_sends(store: Store, now: datetime) -> int:
    """Forget the sketches of what went more than 14 days before `now` (aware); how many."""

    def delete(db: sqlite3.Connection) -> int:
        return db.execute("DELETE FROM sent WHERE at < ?", (_milliseconds(now - KEPT),)).rowcount

    return await store.write(delete)


def sends_for(db: sqlite3.Connection, mail: Mail, owner: Owner, now: datetime) -> list[RecentSend]:
    """Of what the owner sent in the 14 days before `now`: near-copies of this mail, and what asks the same.

    Oldest first; people by each address the mail went to, outside the owner's house.
    """
    if not mail.senders or not all(owner.is_own(m.address) for m in mail.senders):
        return []
    span = (_milliseconds(now - KEPT), _milliseconds(now), MAX_SENDS)
    rows = db.execute(_SENT, span).fetchall()
    if not rows:
        return []
    sketch = sketch_of(mail)
    wanted = {s.ask for s in find_asks(mail) if s.certainty >= _LIKELY}
    found: list[RecentSend] = []
    people: set[str] = set()
    for row in rows:
        asks = tuple(dict.fromkeys(Ask(a) for a in (row[6] or "").split()))
        if wanted.isdisjoint(asks) and not is_copy(sketch, row[1]):
            continue
        send = _send(db, row, asks, owner)
        people.update(send.people)
        if len(people) > MAX_PEOPLE:
            break
        if send.people:
            found.append(send)
    return found[::-1]


def _send(db: sqlite3.Connection, row: tuple[Any, ...], asks: tuple[Ask, ...], owner: Owner) -> RecentSend:
    at, sketch, number, message, flags, refs, _ = row
    return RecentSend(
        at=datetime.fromtimestamp(at / 1000, UTC),
        people=_went_to(db, number, owner),
        asks=asks,
        sketch=sketch,
        reply=bool(flags & Flag.REPLY) and _answers(db, unpack_refs(refs)),
        id=message,
    )


def _went_to(db: sqlite3.Connection, number: int, owner: Owner) -> tuple[str, ...]:
    """Those outside the house it was written to; who stood in a copy counts where nobody else did."""
    outside = [row for row in db.execute(_WENT_TO, (number, SENDER)) if not owner.is_internal(row[0])]
    direct = tuple(address for address, role in outside if role == TO)
    return direct or tuple(address for address, _ in outside)


def _answers(db: sqlite3.Connection, refs: tuple[int, ...]) -> bool:
    """Whether one of these is a letter somebody else wrote. Ids of letters that are lost are believed."""
    return any(db.execute(_ANSWERED, (one, int(Flag.OUTGOING))).fetchone() for one in refs)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
