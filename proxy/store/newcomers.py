"""Whose a new address is that a mail comes from: the name, with the domain or the thread, may show it."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

from classifier.ties.persons import is_personal_address, key_in_address, name_key, same_organisation
from models.letter import short_hash
from models.mail import Mail
from models.past import Joined
from proxy.store.persons import MAX_NAMES

_MANY = 500  # namesakes looked at
_REFS = 3  # ids that the mail answers, the nearest, beside the thread's first
_WROTE = "SELECT 1 FROM person p JOIN other o ON o.person = p.id WHERE p.address = ? AND o.date < ? LIMIT 1"

_NAMESAKES = """
SELECT p.address, c.since FROM called c JOIN person p ON p.id = c.person WHERE c.name = ? AND c.since < ?
AND (SELECT count(*) FROM called x WHERE x.person = c.person) <= ? LIMIT ?
"""
# Whom the letter that it answers introduced. Nobody but its readers knows that letter's id.
_INTRODUCED = """
SELECT p.address, p.name FROM letter l JOIN concerned c ON c.letter = l.id
JOIN event e ON e.letter = c.letter AND e.number = c.number JOIN person p ON p.id = c.person
WHERE l.message = ? AND l.message <> 0 AND l.date < ? AND e.kind IN ('introduction', 'likely-introduction')
"""


def steps_of(db: sqlite3.Connection, mail: Mail, *, own: frozenset[str], moment: int) -> tuple[Joined, ...]:
    """Other addresses of whoever sent this mail, as the mail itself shows."""
    sender = mail.sender
    if sender is None or len(mail.senders) > 1 or not is_personal_address(sender.canonical):
        return ()
    address = sender.canonical
    key = name_key(sender.name) or key_in_address(address)
    if not key or address in own:
        return ()
    steps = [*_in_thread(db, mail, address, key, moment)]
    if db.execute(_WROTE, (address, moment)).fetchone() is None:  # else history has the name itself
        steps.extend(_at_home(db, address, key, moment))
    found = {j.address: j for j in steps if j.address != address}
    return tuple(j for j in found.values() if j.address not in own)


def _at_home(db: sqlite3.Connection, address: str, key: int, moment: int) -> Iterator[Joined]:
    for other, since in db.execute(_NAMESAKES, (key, moment, MAX_NAMES, _MANY)).fetchall():
        if (house := same_organisation(address, other)) and is_personal_address(other):
            why = f"the same full name, and both at {house}"
            yield Joined(address=other, to=address, why=why, since=datetime.fromtimestamp(since, UTC))


def _in_thread(db: sqlite3.Connection, mail: Mail, address: str, key: int, moment: int) -> Iterator[Joined]:
    for ref in dict.fromkeys(
        (*mail.links.in_reply_to[:1], *mail.links.references[:1], *mail.links.references[-_REFS:])
    ):
        for other, name in db.execute(_INTRODUCED, (short_hash(ref), moment)).fetchall():
            if key in (name_key(name), key_in_address(other)):
                why = f"this mail answers the one that introduced {other}, under the same name"
                yield Joined(address=other, to=address, why=why, since=datetime.fromtimestamp(moment, UTC))
