"""Help the owner was given, and whether they thanked and told what became of it (relationships, "Help owed")."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from classifier.ties.thresholds import DAY
from models.letter import Help
from models.past import Debt
from proxy.store.rows import COPY, SENDER, TO

MAX_DEBTS = 50  # of one person, the newest
ASKED_DAYS = 90  # so long an ask makes an answer out of what is no sure help by itself. Ours

_HELPED = """
SELECT l.date, e.kind, e.help, e.quote, e.message_id FROM other o
JOIN event e ON e.letter = o.letter JOIN letter l ON l.id = o.letter
WHERE o.person = ? AND o.role = ? AND o.date < ? AND l.flags & 2
AND (e.kind = 'introduction' OR (e.kind = 'help' AND (e.firm OR EXISTS (
  SELECT 1 FROM other mine JOIN event asked ON asked.letter = mine.letter AND asked.kind = 'ask' AND asked.asks <> ''
  WHERE mine.person = o.person AND mine.role IN (?, ?) AND mine.date BETWEEN o.date - ? AND o.date))))
ORDER BY o.date DESC, o.letter DESC, e.number LIMIT ?
"""
_SPOKEN = """
SELECT DISTINCT o.date, e.kind FROM other o JOIN event e ON e.letter = o.letter
WHERE o.person = ? AND o.role IN (?, ?) AND o.date < ? AND o.date >= ? AND e.kind IN ('thanks', 'report')
"""


def debts_of(db: sqlite3.Connection, people: Mapping[str, Sequence[int]], moment: int) -> list[Debt]:
    """What each of these people (address -> rows of all their addresses) did for the owner, oldest first."""
    found: list[Debt] = []
    for who, numbers in people.items():
        helped = [
            row
            for number in numbers
            for row in db.execute(_HELPED, (number, SENDER, moment, TO, COPY, ASKED_DAYS * DAY, MAX_DEBTS))
        ]
        if helped:
            helped = list(
                {(row[1], row[2], row[3]): row for row in helped}.values()
            )  # said twice is given once
            since = min(row[0] for row in helped)
            said = [
                row for number in numbers for row in db.execute(_SPOKEN, (number, TO, COPY, moment, since))
            ]
            found.extend(_debt(who, row, said) for row in helped)
    return sorted(found, key=lambda d: (d.date, d.who, d.kind))


def _debt(who: str, row: tuple[int, str, str, str, str | None], said: Iterable[tuple[int, str]]) -> Debt:
    date, kind, help_, quote, message_id = row
    thanked = min((at for at, word in said if word == "thanks" and at > date), default=None)
    told = min((at for at, word in said if word == "report" and at > date), default=None)
    return Debt(
        who=who,
        kind=Help.INTRODUCTION if kind == "introduction" else Help(help_),
        date=datetime.fromtimestamp(date, UTC),
        quote=quote,
        message_id=message_id,
        thanked=_date(thanked),
        told=_date(told),
        settled=None if thanked is None or told is None else _date(max(thanked, told)),
    )


def _date(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
