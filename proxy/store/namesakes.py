"""Who writes under the same full name as these addresses do."""

import sqlite3
from collections.abc import Sequence

_WROTE = """
SELECT p.address, count(DISTINCT o.letter) FROM person own JOIN called mine ON mine.person = own.id
JOIN called c ON c.name = mine.name JOIN person p ON p.id = c.person
JOIN other o ON o.person = p.id AND o.role = 0 JOIN letter l ON l.id = o.letter AND l.flags & 2
WHERE own.address = ? GROUP BY p.address
"""


def namesakes_of(db: sqlite3.Connection, addresses: Sequence[str]) -> dict[str, int]:
    """Other addresses under the name these go by, with the number of letters from each."""
    found: dict[str, int] = {}
    for address in addresses:
        found.update(db.execute(_WROTE, (address,)).fetchall())
    return {address: mails for address, mails in found.items() if address not in addresses}
