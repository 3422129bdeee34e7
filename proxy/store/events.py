"""What happened in the letters of history: introductions, asks, invitations, calls."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from models.finding import Ask
from models.letter import EventKind
from models.past import Introduction, Invitation, Wish
from proxy.store.rows import COPY, Flag

MAX_EVENTS = 100  # of one person, the newest
MAX_CALLS = 50

# What is likely one counts where no mail passed between the owner and the introduced before.
_IS_INTRODUCTION = """
(e.kind = 'introduction' OR (e.kind = 'likely-introduction' AND NOT EXISTS
(SELECT 1 FROM other before WHERE before.person = b.id AND before.date < l.date)))
"""
_INTRODUCED = f"""
SELECT l.id, b.address, l.date, e.message_id, l.flags, a.address, a.name
FROM concerned c
JOIN event e ON e.letter = c.letter AND e.number = c.number
JOIN concerned them ON them.letter = e.letter AND them.number = e.number
JOIN letter l ON l.id = c.letter JOIN person a ON a.id = l.sender JOIN person b ON b.id = them.person
WHERE c.person = ? AND {_IS_INTRODUCTION} AND l.date < ? ORDER BY l.date DESC LIMIT ?
"""  # noqa: S608  (a constant)
_INTRODUCING = f"""
SELECT l.id, b.address, l.date, e.message_id, l.flags, a.address, a.name
FROM other o
JOIN event e ON e.letter = o.letter
JOIN concerned c ON c.letter = e.letter AND c.number = e.number
JOIN letter l ON l.id = o.letter JOIN person a ON a.id = l.sender JOIN person b ON b.id = c.person
WHERE o.person = ? AND o.role = 0 AND {_IS_INTRODUCTION} AND l.date < ? ORDER BY l.date DESC LIMIT ?
"""  # noqa: S608  (a constant)
_SPOKEN = """
SELECT o.letter, l.date, l.flags, e.number, e.kind, e.asks, e.enclosures, e.quote, e.message_id, o.role
FROM other o JOIN event e ON e.letter = o.letter JOIN letter l ON l.id = o.letter
WHERE o.person = ? AND o.date < ? AND e.kind IN ('ask', 'invitation')
ORDER BY o.date DESC, o.letter DESC, e.number LIMIT ?
"""
_LAST = """
SELECT max(o.date) FROM other o JOIN letter l ON l.id = o.letter
WHERE o.person = ? AND o.date < ? AND l.flags & 2 AND (l.flags & 1) = ?
"""


def introductions_of(db: sqlite3.Connection, people: Sequence[int], moment: int) -> list[Introduction]:
    """Introductions of these people and by them, oldest first, without the introducer's tie."""
    found: dict[tuple[int, str], Introduction] = {}
    for person in people:
        for query in (_INTRODUCED, _INTRODUCING):
            for letter, introduced, date, message_id, flags, introducer, name in db.execute(
                query, (person, moment, MAX_EVENTS)
            ):
                found[letter, introduced] = Introduction(
                    introducer=introducer,
                    introduced=introduced,
                    date=_date(date),
                    message_id=message_id,
                    by_owner=bool(flags & Flag.OUTGOING),
                    name=name,
                )
    return sorted(found.values(), key=lambda i: (i.date, i.introduced))


def words_between(
    db: sqlite3.Connection, people: Mapping[str, Sequence[int]], owner: str, moment: int
) -> tuple[list[Wish], list[Invitation]]:
    """Asks between the owner and these people, oldest first; invitations in the last letter each way."""
    wishes: list[Wish] = []
    invitations: list[Invitation] = []
    for address, numbers in people.items():
        rows = [row for n in numbers for row in db.execute(_SPOKEN, (n, moment, MAX_EVENTS))]
        if not rows:
            continue
        last = {side: _last(db, numbers, moment, outgoing=side) for side in (True, False)}
        for _, date, flags, _, kind, asks, enclosures, quote, message_id, role in rows:
            outgoing = bool(flags & Flag.OUTGOING)
            who, whom = (owner, address) if outgoing else (address, owner)
            kinds = tuple(Ask(a) for a in asks.split())
            when = _date(date)
            if kind == EventKind.ASK:
                wishes.append(
                    Wish(
                        who=who,
                        whom=whom,
                        asks=kinds,
                        date=when,
                        quote=quote,
                        message_id=message_id,
                        direct=role != COPY,
                    )
                )
            elif date == last[outgoing]:
                invitations.append(
                    Invitation(
                        who=who,
                        whom=whom,
                        asks=kinds,
                        enclosures=tuple(enclosures.split()),
                        date=when,
                        quote=quote,
                    )
                )
    return sorted(wishes, key=lambda w: w.date), invitations


def _last(db: sqlite3.Connection, people: Sequence[int], moment: int, *, outgoing: bool) -> int | None:
    dates = [db.execute(_LAST, (person, moment, int(outgoing))).fetchone()[0] for person in people]
    return max((date for date in dates if date is not None), default=None)


def calls_of(db: sqlite3.Connection, owner: str, moment: int) -> list[Wish]:
    """What the owner asked of the public, newest first."""
    rows = db.execute(
        "SELECT l.date, e.quote FROM event e JOIN letter l ON l.id = e.letter"
        " WHERE e.kind = 'call' AND l.date < ? ORDER BY l.date DESC LIMIT ?",
        (moment, MAX_CALLS),
    )
    return [Wish(who=owner, whom="", asks=(), date=_date(date), quote=quote) for date, quote in rows]


def _date(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
