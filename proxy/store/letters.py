"""The letters of history, remembered once each; written in whole transactions."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from classifier.ties.persons import name_key
from models.letter import Event, EventKind, Letter
from proxy.store.bulk import LONGEST_NAME, add_headers
from proxy.store.database import Store
from proxy.store.past import past_for
from proxy.store.quotes import add_runs
from proxy.store.rows import Flag, flags_of, others_of, pack_refs
from proxy.store.sends import keep_send

__all__ = ["forget", "known_people", "past_for", "remember"]


_SHOWN = (EventKind.INTRODUCTION, EventKind.LIKELY_INTRODUCTION, EventKind.HELP)
Mark = Callable[[int], tuple[str, Any]]

_KNOWN = """
SELECT address FROM person
WHERE address <> '' AND (id IN (SELECT person FROM other) OR id IN (SELECT person FROM concerned))
ORDER BY address
"""


async def remember(
    store: Store, letters: Sequence[Letter], *, mark: Mark | None = None, went: datetime | None = None
) -> int:
    """Add letters in one transaction; how many were new. Raises StoreError.

    `mark` makes of the number of new ones a fact (key, value), set in the same transaction: how far the
    reading of a source has come. `went` (aware): when they were sent, where that is known better than by
    their dates.

    A mail counts once, whatever folder it is found in and in whatever order: a second copy only adds what
    the first lacked (events, where only its header had been read; blind recipients).
    """
    return await store.write(_remember, letters, mark, went)


async def forget(store: Store, fingerprints: Sequence[int]) -> int:
    """Take letters out of history: what was filed, held or dropped is none. How many were there."""

    def delete(db: sqlite3.Connection) -> int:
        return sum(
            db.execute("DELETE FROM letter WHERE fingerprint = ?", (f,)).rowcount for f in fingerprints
        )

    return await store.write(delete)


async def known_people(store: Store) -> list[str]:
    """The canonical addresses of all who wrote, were written to, or were introduced; in order."""
    rows = await store.run(lambda db: db.execute(_KNOWN).fetchall())
    return [address for (address,) in rows]


def _remember(
    db: sqlite3.Connection, letters: Sequence[Letter], mark: Mark | None, went: datetime | None
) -> int:
    people: dict[str, int] = {}
    rest = add_headers(db, letters)
    new = len(letters) - len(rest) + sum(_add(db, people, letter, went) for letter in rest)
    if mark is not None:
        key, value = mark(new)
        db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (key, json.dumps(value)))
    return new


def _person(db: sqlite3.Connection, people: dict[str, int], address: str, name: str = "") -> int:
    found = people.get(address)
    if found is None:
        db.execute("INSERT INTO person (address) VALUES (?) ON CONFLICT DO NOTHING", (address,))
        found = people[address] = db.execute(
            "SELECT id FROM person WHERE address = ?", (address,)
        ).fetchone()[0]
    if name:  # the fullest name: the same one, whatever the order the letters come in
        db.execute(
            "UPDATE person SET name = ?1 WHERE id = ?2 AND (length(name), name) < (length(?1), ?1)",
            (name[:LONGEST_NAME], found),
        )
    return found


def _add(db: sqlite3.Connection, people: dict[str, int], letter: Letter, went: datetime | None) -> bool:
    row = db.execute(
        "SELECT id, date, flags FROM letter WHERE fingerprint = ?", (letter.fingerprint,)
    ).fetchone()
    if row is None or _is_now_own(row[2], letter):
        if row is not None:
            db.execute("DELETE FROM letter WHERE id = ?", (row[0],))
        number, seconds = _insert(db, people, letter), int(letter.date.timestamp())
    else:
        number, seconds, flags = row
        db.execute(
            "UPDATE letter SET flags = ?, recipients = max(recipients, ?) WHERE id = ?",
            (_both(flags, flags_of(letter)), len(letter.recipients), number),
        )
    for address, role in others_of(letter):
        person = _person(db, people, address, letter.names.get(address, ""))
        db.execute(
            "INSERT INTO other VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", (person, seconds, number, role)
        )
    add_runs(db, number, letter)
    keep_send(db, number, letter, went)
    if letter.personal:
        _call(db, people, letter)
    if letter.events and db.execute("SELECT 1 FROM event WHERE letter = ?", (number,)).fetchone() is None:
        for i, event in enumerate(letter.events):
            _add_event(db, people, number, i, event, letter)
    return row is None


def _is_now_own(flags: int, letter: Letter) -> bool:
    """Learned as somebody's before the address it came from was known to be the owner's."""
    return letter.outgoing and not flags & Flag.OUTGOING


def _both(known: int, more: int) -> int:
    """The flags of two copies. Only the whole mail tells a calendar's answer from a person's."""
    if more & Flag.WHOLE and not known & Flag.WHOLE:
        return (known & ~Flag.PERSONAL) | more
    if known & Flag.WHOLE and not more & Flag.WHOLE:
        return known | (more & ~Flag.PERSONAL)
    return known | more


def _call(db: sqlite3.Connection, people: dict[str, int], letter: Letter) -> None:
    """Who goes by which full name: as they sign their own mail, and as the owner addresses them."""
    for address in {letter.sender, *(a for a, _ in others_of(letter))}:
        if key := name_key(letter.names.get(address, "")):
            db.execute(
                "INSERT INTO called VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET since = min(since, excluded.since)",
                (key, _person(db, people, address), int(letter.date.timestamp())),
            )


def _insert(db: sqlite3.Connection, people: dict[str, int], letter: Letter) -> int:
    values = (
        letter.fingerprint,
        letter.id,
        int(letter.date.timestamp()),
        _person(db, people, letter.sender, letter.names.get(letter.sender, "")),
        flags_of(letter),
        len(letter.recipients),
        letter.subject,
        _person(db, people, letter.reply_to) if letter.reply_to else None,
        pack_refs(letter.refs),
    )
    cursor = db.execute(
        "INSERT INTO letter (fingerprint, message, date, sender, flags, recipients, subject, reply_to, refs)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _add_event(
    db: sqlite3.Connection, people: dict[str, int], number: int, i: int, event: Event, letter: Letter
) -> None:
    # Only what is shown by its Message-ID keeps it: the text costs more than the row.
    shown = letter.message_id if event.kind in _SHOWN else None
    db.execute(
        "INSERT INTO event (letter, number, kind, asks, enclosures, quote, message_id, help, firm)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            i,
            event.kind.value,
            " ".join(event.asks),
            " ".join(event.enclosures),
            event.quote[:200],
            shown,
            event.help or "",
            int(event.firm),
        ),
    )
    for address in event.people:
        person = _person(db, people, address, letter.names.get(address, ""))
        db.execute("INSERT INTO concerned VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (person, number, i))
