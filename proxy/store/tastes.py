"""The models fitted to the user's corrections: the newest not undone is in use, and each can be undone."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from classifier.judge.taste import Taste, parsed, written
from proxy.store.database import Store
from proxy.store.lessons import Extent


class Fitted(NamedTuple):
    """One model as it was fitted."""

    id: int
    at: datetime
    extent: Extent
    model: bytes
    report: dict[str, Any]


async def current(store: Store) -> Fitted | None:
    """The model in use; None where the shipped one judges alone."""

    def read(db: sqlite3.Connection) -> Fitted | None:
        row = db.execute(
            "SELECT id, at, newest, lessons, model, report FROM taste WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        number, at, newest, lessons, model, report = row
        return Fitted(
            number, datetime.fromtimestamp(at, UTC), Extent(newest, lessons), model, json.loads(report)
        )

    return await store.run(read)


async def taste_of(store: Store, on_damage: Callable[[str], None]) -> Taste | None:
    """The taste to judge with; None where there is none. One that is damaged or foreign is not used, in words."""
    found = await current(store)
    if found is None:
        return None
    taste, trouble = _read(found.model)
    if trouble:
        on_damage(
            f"The model fitted to your corrections is not used: {trouble}. The shipped one judges alone; "
            "`coldask train` fits it again."
        )
    return taste


@lru_cache(maxsize=4)
def _read(model: bytes) -> tuple[Taste | None, str]:
    try:
        return parsed(model), ""
    except ValueError as fault:
        return None, str(fault)


async def put(store: Store, taste: Taste, extent: Extent, report: dict[str, Any], at: datetime) -> int:
    """Use this model from now on; its number. Whole or not at all."""
    row = (int(at.timestamp()), extent.newest, extent.lessons, written(taste), json.dumps(report))

    def insert(db: sqlite3.Connection) -> int:
        query = "INSERT INTO taste (at, newest, lessons, model, report) VALUES (?, ?, ?, ?, ?)"
        return int(db.execute(query, row).lastrowid or 0)

    return await store.write(insert)


async def undo(store: Store, at: datetime) -> Fitted | None:
    """Take the model in use back; the one before is in use again. What was taken back, None where nothing is."""
    found = await current(store)
    if found is not None:
        query = "UPDATE taste SET undone_at = ? WHERE id = ?"
        await store.write(lambda db: db.execute(query, (int(at.timestamp()), found.id)))
    return found


async def drop(store: Store, at: datetime) -> None:
    """Take all models back: there is nothing left to learn from."""
    query = "UPDATE taste SET undone_at = ? WHERE undone_at IS NULL"
    await store.write(lambda db: db.execute(query, (int(at.timestamp()),)))
