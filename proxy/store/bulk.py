"""Many letters at once, known by their headers alone: the same rows as one by one, in a few statements."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain

from classifier.ties.persons import name_key
from models.letter import Letter
from proxy.store.rows import flags_of, others_of, pack_refs

LONGEST_NAME = 100  # characters of a display name that are kept

_KNOWN = "SELECT fingerprint FROM letter WHERE fingerprint IN (SELECT value FROM json_each(?))"
# The fullest name: the same one, whatever the order the letters come in.
_PERSON = """
INSERT INTO person (address, name) VALUES {} ON CONFLICT DO UPDATE SET name = excluded.name
WHERE (length(name), name) < (length(excluded.name), excluded.name)
"""
_IDS = "SELECT json_group_object(address, id) FROM person WHERE address IN (SELECT value FROM json_each(?))"
_LETTER = """
INSERT INTO letter (id, fingerprint, message, date, sender, flags, recipients, subject, reply_to, refs)
VALUES {}
"""
_OTHER = "INSERT INTO other VALUES {} ON CONFLICT DO NOTHING"
_CALLED = "INSERT INTO called VALUES {} ON CONFLICT DO UPDATE SET since = min(since, excluded.since)"


def add_headers(db: sqlite3.Connection, letters: Sequence[Letter]) -> list[Letter]:
    """Add those of the letters that are new and known by their headers alone; the others are given back."""
    fingerprints = [letter.fingerprint for letter in letters if not letter.whole]
    known = {row[0] for row in db.execute(_KNOWN, (json.dumps(fingerprints),))}
    plain: dict[int, Letter] = {}
    rest: list[Letter] = []
    for letter in letters:
        more = letter.whole or letter.events or letter.said or letter.quotes or letter.sketch is not None
        if more or letter.fingerprint in known or letter.fingerprint in plain:
            rest.append(letter)
        else:
            plain[letter.fingerprint] = letter
    if plain:
        _add(db, list(plain.values()))
    return rest


def _add(db: sqlite3.Connection, letters: Sequence[Letter]) -> None:
    people = _people(db, letters)
    first = db.execute("SELECT coalesce(max(id), 0) + 1 FROM letter").fetchone()[0]
    _put(db, _LETTER, [_row(number, one, people) for number, one in enumerate(letters, start=first)])
    _put(
        db,
        _OTHER,
        [
            (people[address], int(letter.date.timestamp()), number, role)
            for number, letter in enumerate(letters, start=first)
            for address, role in others_of(letter)
        ],
    )
    _put(db, _CALLED, [(key, people[who], since) for (key, who), since in _called(letters).items()])


def _put(db: sqlite3.Connection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Many rows in one statement: `executemany` waits for the interpreter after each, while letters are read."""
    if not rows:
        return
    width = len(rows[0])
    most = db.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) // width
    marks = f"({', '.join('?' * width)})"
    for at in range(0, len(rows), most):
        some = rows[at : at + most]
        db.execute(statement.format(", ".join([marks] * len(some))), list(chain.from_iterable(some)))


def _row(number: int, letter: Letter, people: dict[str, int]) -> tuple[object, ...]:
    return (
        number, letter.fingerprint, letter.id, int(letter.date.timestamp()), people[letter.sender],
        flags_of(letter), len(letter.recipients), letter.subject,
        people[letter.reply_to] if letter.reply_to else None, pack_refs(letter.refs),
    )  # fmt: skip


def _people(db: sqlite3.Connection, letters: Iterable[Letter]) -> dict[str, int]:
    """The rows of all whom the letters are from and to, made where missing."""
    names: dict[str, str] = {}
    for letter in letters:
        for address in _sides(letter):
            name, known = letter.names.get(address, "")[:LONGEST_NAME], names.get(address)
            if known is None or (name != known and (len(known), known) < (len(name), name)):
                names[address] = name
        if letter.reply_to:
            names.setdefault(letter.reply_to, "")
    _put(db, _PERSON, list(names.items()))
    ids: dict[str, int] = json.loads(db.execute(_IDS, (json.dumps(list(names)),)).fetchone()[0])
    return ids


def _sides(letter: Letter) -> tuple[str, ...]:
    """The sender, and whom the owner wrote to."""
    return (letter.sender, *letter.recipients) if letter.outgoing else (letter.sender,)


def _called(letters: Iterable[Letter]) -> dict[tuple[int, str], int]:
    """Who goes by which full name since when: as they sign their own mail, and as the owner addresses them."""
    found: dict[tuple[int, str], int] = {}
    for letter in letters:
        if letter.personal:
            since = int(letter.date.timestamp())
            for address in _sides(letter):
                if key := name_key(letter.names.get(address, "")):
                    found[key, address] = min(since, found.get((key, address), since))
    return found
