"""Letters added together leave what they leave one by one."""

import random
import sqlite3
from datetime import UTC, datetime, timedelta

from classifier.reading.read import read_headers, read_mail
from classifier.witness import witness
from models.letter import Letter
from models.past import Owner
from proxy.store.database import Store
from proxy.store.letters import remember

OWNER = Owner(addresses=frozenset({"ann@quay.example"}))
NOW = datetime(2025, 3, 3, tzinfo=UTC)
_PEOPLE = """
SELECT p.address, p.name, c.name, c.since FROM person p LEFT JOIN called c ON c.person = p.id ORDER BY 1, 3
"""
_LETTERS = """
SELECT l.fingerprint, l.message, l.date, s.address, l.flags, l.recipients, l.subject, r.address, l.refs, p.address,
  o.date, o.role
FROM letter l JOIN person s ON s.id = l.sender LEFT JOIN person r ON r.id = l.reply_to
LEFT JOIN other o ON o.letter = l.id LEFT JOIN person p ON p.id = o.person ORDER BY 1, 10
"""


def _letters(number: int) -> list[Letter]:
    """Mail to and from a few people, each read by its header or whole, some twice."""
    chance, found = random.Random(5), []
    for i in range(number):
        who = f"{chance.choice(('Jo Fox', 'Jo', 'Dr. Jo Fox', ''))} <p{chance.randrange(6)}@x.example>"
        pair = chance.choice(
            ((who, "ann@quay.example"), ("ann@quay.example", f"{who}, Bo Ek <bo@y.example>"))
        )
        day = (NOW - timedelta(days=chance.randrange(400))).strftime("%a, %d %b %Y %H:%M:%S +0000")
        raw = (
            f"From: {pair[0]}\nTo: {pair[1]}\nSubject: note {i % 5}\nDate: {day}\nMessage-ID: <{i}@x.example>\n"
            + chance.choice(("", "Reply-To: desk@y.example\n", "In-Reply-To: <1@x.example>\n"))
            + chance.choice(("", "", "List-Id: <l.x.example>\n"))
            + "\nPlease send me the names of three people who could help with the harbour.\n"
        ).encode()
        for read in chance.choice(
            ((read_headers,), (read_mail,), (read_headers, read_mail), (read_mail, read_headers))
        ):
            found.append(witness(read(raw), OWNER, stand_in=NOW))
    return found


async def _kept(letters: list[Letter], at_once: int) -> tuple[int, list[object]]:
    async with await Store.open(None) as store:
        # So few values in a statement that many letters take several.
        await store.run(lambda db: db.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 45))
        new = 0
        for start in range(0, len(letters), at_once):
            new += await remember(store, letters[start : start + at_once])
        rows = [list(await store.db.execute_fetchall(sql)) for sql in (_PEOPLE, _LETTERS)]
        return new, [
            *rows,
            list(await store.db.execute_fetchall("SELECT kind, quote FROM event ORDER BY letter")),
        ]


async def test_together_as_one_by_one() -> None:
    letters = _letters(120)
    alone, together = await _kept(letters, 1), await _kept(letters, 50)
    assert alone[0] == together[0] == 120
    assert alone[1][:2] == together[1][:2]
    assert len(alone[1][2]) == len(together[1][2]) > 10  # type: ignore[arg-type]
