"""The owner's own mailings: however few readers, a letter to the list is not a letter to one of them."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence

from classifier.ties import THRESHOLDS, Turn

_RECIPIENTS = """
SELECT p.address FROM letter l JOIN other o ON o.letter = l.id JOIN person p ON p.id = o.person
WHERE l.fingerprint = ? AND o.role > 0
"""


def without_mailings(
    db: sqlite3.Connection,
    turns: Sequence[Turn],
    addresses: Collection[str],
    lists: Mapping[str, frozenset[str]],
) -> list[Turn]:
    """Letters that went to several readers of a list the person is on count as letters to many."""
    theirs = [readers for readers in lists.values() if not readers.isdisjoint(addresses)]
    if not theirs:
        return list(turns)
    return [_to_many(turn) if _is_mailing(db, turn, theirs) else turn for turn in turns]


def _is_mailing(db: sqlite3.Connection, turn: Turn, lists: Sequence[frozenset[str]]) -> bool:
    if not turn.outgoing or turn.recipients < 2:
        return False
    went = {address for (address,) in db.execute(_RECIPIENTS, (turn.key,))}
    return any(len(went & readers) > 1 and len(went - readers) <= 1 for readers in lists)


def _to_many(turn: Turn) -> Turn:
    """Personal only to those who answer it."""
    return turn._replace(recipients=THRESHOLDS.many_recipients + 1)
