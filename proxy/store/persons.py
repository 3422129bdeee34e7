"""Which addresses are one person's as of a moment, and what shows it (relationships, "One person, several
addresses"). Computed from the letters: the order of learning does not matter.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from classifier.ties import THRESHOLDS, Turn
from classifier.ties.facts import day
from classifier.ties.persons import is_personal_address, key_in_address, same_organisation
from models.past import Joined
from proxy.store.database import Store
from proxy.store.rows import SENDER
from proxy.store.splits import Words, words_of

MAX_ADDRESSES = 12  # of one person; more is no person
MAX_NAMES = 3  # full names an address is used under; more is a shared mailbox
_MANY = 500  # letters looked at, the newest; namesakes looked at

_NAMESAKES = """
SELECT p.address, max(c.since, mine.since) FROM called mine JOIN called c ON c.name = mine.name
JOIN person p ON p.id = c.person
WHERE mine.person = ? AND c.person <> mine.person AND mine.since < ? AND c.since < ? LIMIT ?
"""
# CROSS JOIN: SQLite keeps that order, from the few letters of one person to all others by their indexes.
# Letters that answer one of the owner's to this address and come from somebody it did not go to.
_ANSWERED_FOR = """
SELECT DISTINCT p.id, p.address, m.date FROM (
    SELECT l.id, l.message, l.date FROM other o JOIN letter l ON l.id = o.letter
    WHERE o.person = ?1 AND o.role > ?2 AND o.date < ?3 AND l.message <> 0 AND l.recipients <= ?4 AND l.flags & 1
    ORDER BY o.date DESC, o.letter DESC LIMIT ?5
) l
CROSS JOIN letter m ON m.refs IS NOT NULL AND m.flags & 1 = 0 AND substr(m.refs, -8) = packed(l.message)
JOIN person p ON p.id = m.sender
WHERE l.date <= m.date AND m.date < ?3 AND m.flags & 2 AND m.sender <> ?1
AND NOT EXISTS (SELECT 1 FROM other x WHERE x.letter = l.id AND x.person = m.sender)
"""
# Whom the owner's letters went to that this address answered, where they did not go to it.
_ANSWERED_FROM = """
SELECT DISTINCT p.id, p.address, m.date FROM (
    SELECT l.date, last_ref(l.refs) AS answered FROM other o JOIN letter l ON l.id = o.letter
    WHERE o.person = ?1 AND o.role = ?2 AND o.date < ?3 AND l.flags & 2 AND l.refs IS NOT NULL
    ORDER BY o.date DESC, o.letter DESC LIMIT ?5
) m
CROSS JOIN letter l ON l.message = m.answered AND l.message <> 0 AND l.flags & 1 AND l.recipients <= ?4
    AND l.date <= m.date
CROSS JOIN other o ON o.letter = l.id JOIN person p ON p.id = o.person
WHERE o.role > 0 AND o.person <> ?1 AND NOT EXISTS (SELECT 1 FROM other x WHERE x.letter = l.id AND x.person = ?1)
"""


class Person(NamedTuple):
    """All known addresses of one person, the one asked for first, and why each other one is theirs."""

    addresses: tuple[str, ...]
    joined: tuple[Joined, ...] = ()


class _Known(NamedTuple):
    """What the search needs at every step."""

    db: sqlite3.Connection
    words: Words
    own: frozenset[str]
    moment: int
    shown: tuple[Joined, ...]


def person_of(
    db: sqlite3.Connection,
    address: str,
    *,
    words: Words,
    own: frozenset[str],
    moment: int,
    shown: tuple[Joined, ...] = (),
) -> Person:
    """The person behind a canonical address, by letters before `moment` and the user's word.

    `shown`: what a mail that is judged shows of its sender's address.
    """
    known = _Known(db, words, own, moment, shown)
    found: dict[str, Joined | None] = {address: None}
    waiting = [address]
    while waiting and len(found) < MAX_ADDRESSES:
        one = waiting.pop(0)
        for step in sorted(_steps(known, one), key=lambda s: (s.address, s.since)):
            if step.address not in found and step.address not in own and len(found) < MAX_ADDRESSES:
                found[step.address] = step
                waiting.append(step.address)
    return Person(tuple(found), tuple(step for step in found.values() if step is not None))


async def addresses_of(store: Store, address: str, *, own: frozenset[str], now: datetime) -> tuple[str, ...]:
    """All addresses of the person behind a canonical one, itself first. `own`: the owner's."""

    def look(db: sqlite3.Connection) -> tuple[str, ...]:
        return person_of(db, address, words=words_of(db), own=own, moment=int(now.timestamp())).addresses

    return await store.run(look)


def _steps(known: _Known, address: str) -> Iterator[Joined]:
    """From one address to others of the same person."""
    yield from known.words.joined_to(address)
    if address in known.words.apart or address in known.own:
        return
    yield from (step for step in known.shown if step.to == address and step.address not in known.words.apart)
    row = known.db.execute("SELECT id FROM person WHERE address = ?", (address,)).fetchone()
    if row is None:
        return
    for step in (*_by_name(known, address, row[0]), *_by_thread(known, address, row[0])):
        if step.address not in known.words.apart:
            yield step


def _by_name(known: _Known, address: str, person: int) -> Iterator[Joined]:
    if not is_personal_address(address) or _is_shared(known, person):
        return
    rows = known.db.execute(_NAMESAKES, (person, known.moment, known.moment, _MANY)).fetchall()
    for other, since in rows:
        organisation = same_organisation(address, other) if is_personal_address(other) else ""
        if organisation and not _is_shared(known, _number(known, other)):
            yield Joined(
                address=other,
                to=address,
                why=f"the same full name, and both at {organisation}",
                since=datetime.fromtimestamp(since, UTC),
            )


def _by_thread(known: _Known, address: str, person: int) -> Iterator[Joined]:
    """Answers to the owner's mail from an address it did not go to, under the name it went to."""
    mine = _names(known, address, person)
    if not mine:
        return
    for number, other, date in _answered_by(known, _ANSWERED_FOR, person):
        if mine & _names(known, other, number):
            yield _answered(other, address, by=other, to=address, date=date)
    for number, other, date in _answered_by(known, _ANSWERED_FROM, person):
        if mine & _names(known, other, number):
            yield _answered(other, address, by=address, to=other, date=date)


def _answered(address: str, from_: str, *, by: str, to: str, date: int) -> Joined:
    why = f"{by} answered your mail to {to} on {day(date)}, under the same name"
    return Joined(address=address, to=from_, why=why, since=datetime.fromtimestamp(date, UTC))


def _answered_by(known: _Known, query: str, person: int) -> list[tuple[int, str, int]]:
    """Person, address and date of each answer between this address and one that is not in the letter."""
    values = (person, SENDER, known.moment, THRESHOLDS.many_recipients, _MANY)
    return known.db.execute(query, values).fetchall()


def _names(known: _Known, address: str, person: int) -> set[int]:
    """Keys of the full names an address is known by; none for a shared mailbox."""
    rows = known.db.execute("SELECT name FROM called WHERE person = ? AND since < ?", (person, known.moment))
    found = {name for (name,) in rows}
    if len(found) > MAX_NAMES:
        return set()
    return found | {key for key in (key_in_address(address),) if key}


def _is_shared(known: _Known, person: int) -> bool:
    rows = known.db.execute(
        "SELECT count(*) FROM called WHERE person = ? AND since < ?", (person, known.moment)
    )
    return int(rows.fetchone()[0]) > MAX_NAMES


def _number(known: _Known, address: str) -> int:
    row = known.db.execute("SELECT id FROM person WHERE address = ?", (address,)).fetchone()
    return int(row[0])


def merged(turns: Sequence[Turn]) -> list[Turn]:
    """The letters of all of a person's addresses, each once: to any of them in person is in person."""
    found: dict[int, Turn] = {}
    for turn in turns:
        before = found.get(turn.key)
        found[turn.key] = turn if before is None else before._replace(direct=before.direct or turn.direct)
    return list(found.values())
