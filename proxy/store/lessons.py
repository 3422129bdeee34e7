"""Lessons: what is kept of corrected mail for the user's own model. Numbers of features, no text."""

import sqlite3
from datetime import UTC, datetime
from typing import NamedTuple

from classifier.judge.taste import Lesson, packed, unpacked
from classifier.training.taste import Told
from proxy.store.database import Store


class Extent(NamedTuple):
    """Which lessons a model is fitted to: the newest correction among them, and how many."""

    newest: int
    lessons: int


async def teach(
    store: Store, correction: int, fingerprint: int, lesson: Lesson, *, cold: bool, judged: bool
) -> None:
    """Keep what a correction teaches. One that takes back the one before leaves nothing of either."""

    def put(db: sqlite3.Connection) -> None:
        before = [
            bool(row[0])
            for row in db.execute("SELECT cold FROM lesson WHERE fingerprint = ?", (fingerprint,))
        ]
        if not before:
            db.execute(
                "INSERT INTO lesson (correction, fingerprint, cold, score, features, judged) VALUES (?, ?, ?, ?, ?, ?)",
                (correction, fingerprint, cold, lesson.score, packed(lesson.features), judged),
            )
        elif before[0] != cold:
            db.execute("DELETE FROM lesson WHERE fingerprint = ?", (fingerprint,))

    await store.write(put)


async def told(store: Store) -> list[Told]:
    """All lessons in force with the user's word, oldest first. What cannot be read is left out."""

    def read(db: sqlite3.Connection) -> list[Told]:
        rows = db.execute(
            "SELECT l.score, l.features, l.cold, c.person, c.at, l.judged FROM lesson l"
            " JOIN correction c ON c.id = l.correction WHERE c.undone_at IS NULL AND NOT l.aside ORDER BY c.id"
        )
        return [one for row in rows if (one := _told(*row)) is not None]

    return await store.run(read)


async def extent(store: Store) -> Extent:
    """Of the lessons in force."""

    def read(db: sqlite3.Connection) -> Extent:
        row = db.execute(
            "SELECT coalesce(max(c.id), 0), count(*) FROM lesson l JOIN correction c ON c.id = l.correction"
            " WHERE c.undone_at IS NULL AND NOT l.aside"
        ).fetchone()
        return Extent(*row)

    return await store.run(read)


async def set_aside(store: Store, after: int) -> int:
    """Leave out the lessons of corrections newer than this one, until `recall`; how many."""
    query = "UPDATE lesson SET aside = 1 WHERE correction > ? AND NOT aside"
    return await store.write(lambda db: db.execute(query, (after,)).rowcount)


async def recall(store: Store) -> int:
    """Take back in what was set aside; how many."""
    return await store.write(lambda db: db.execute("UPDATE lesson SET aside = 0 WHERE aside").rowcount)


def _told(score: float, features: bytes, cold: int, person: str, at: int, judged: int) -> Told | None:
    try:
        lesson = Lesson(score, unpacked(features))
    except ValueError:
        return None
    return Told(lesson, bool(cold), person, datetime.fromtimestamp(at, UTC), bool(judged))
