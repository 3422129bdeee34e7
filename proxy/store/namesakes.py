"""Who goes by a name: the people known by some words, and those under the same full name as an address."""

import json
import sqlite3
from collections.abc import Sequence

_WROTE = """
SELECT p.address, count(DISTINCT o.letter) FROM person own JOIN called mine ON mine.person = own.id
JOIN called c ON c.name = mine.name JOIN person p ON p.id = c.person
JOIN other o ON o.person = p.id AND o.role = 0 JOIN letter l ON l.id = o.letter AND l.flags & 2
WHERE own.address = ? GROUP BY p.address
"""
# Of the people known by a word, those the owner wrote to last come first.
_NAMED = """
SELECT p.address FROM name_word w JOIN person p ON p.id = w.person WHERE w.word = ? AND (
  SELECT count(DISTINCT also.word) FROM name_word also
  WHERE also.person = w.person AND also.word IN (SELECT value FROM json_each(?))) = ?
ORDER BY (
  SELECT o.date FROM (SELECT date, role FROM other WHERE person = p.id AND date < ? ORDER BY date DESC LIMIT 500) o
  WHERE o.role <> 0 LIMIT 1
) DESC, p.id LIMIT ?
"""


def named(db: sqlite3.Connection, words: Sequence[str], moment: int, most: int) -> list[str]:
    """The addresses of the people known by all these words (small letters), as of a moment; `most` of them."""
    wanted = sorted(set(words), key=len, reverse=True)
    if not wanted:
        return []
    values = (wanted[0], json.dumps(wanted), len(wanted), moment, most)
    return [address for (address,) in db.execute(_NAMED, values)]


def namesakes_of(db: sqlite3.Connection, addresses: Sequence[str]) -> dict[str, int]:
    """Other addresses under the name these go by, with the number of letters from each."""
    found: dict[str, int] = {}
    for address in addresses:
        found.update(db.execute(_WROTE, (address,)).fetchall())
    return {address: mails for address, mails in found.items() if address not in addresses}
