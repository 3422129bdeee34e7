"""The user's word on which addresses are one person's: joined, set apart, and both undone by the other."""

import sqlite3
from datetime import UTC, datetime
from typing import NamedTuple

from models.past import Joined
from proxy.store.database import Store


class Words(NamedTuple):
    """What the user said, taken together."""

    joins: tuple[Joined, ...] = ()
    apart: dict[str, datetime] = {}

    def joined_to(self, address: str) -> list[Joined]:
        """The addresses the user joined to this one."""
        there = [j for j in self.joins if j.to == address]
        back = [
            j.model_copy(update={"address": j.to, "to": j.address})
            for j in self.joins
            if j.address == address
        ]
        return [*there, *back]


async def join(store: Store, address: str, other: str, *, at: datetime, source: str) -> None:
    """Two canonical addresses are one person's, says the user."""
    await store.write(_add, "join", address, other, int(at.timestamp()), source)


async def split(store: Store, address: str, *, at: datetime, source: str) -> None:
    """An address is a person of its own, says the user; whatever it was joined to before."""
    await store.write(_add, "split", address, "", int(at.timestamp()), source)


async def apart_of(store: Store) -> dict[str, datetime]:
    """The addresses the user set apart, and when."""
    return (await store.run(words_of)).apart


def _add(db: sqlite3.Connection, kind: str, address: str, other: str, at: int, source: str) -> None:
    db.execute(
        "INSERT INTO person_word (kind, address, other, at, source) VALUES (?, ?, ?, ?, ?)",
        (kind, address, other, at, source),
    )


def words_of(db: sqlite3.Connection) -> Words:
    """All the user said, the newest word on a pair counting."""
    joins: dict[frozenset[str], Joined] = {}
    apart: dict[str, datetime] = {}
    for kind, address, other, at, source in db.execute(
        "SELECT kind, address, other, at, source FROM person_word ORDER BY id"
    ):
        moment = datetime.fromtimestamp(at, UTC)
        if kind == "split":
            joins = {pair: one for pair, one in joins.items() if address not in pair}
            apart[address] = moment
        else:
            why = f"you said so on {moment.date().isoformat()} ({source})"
            joins[frozenset((address, other))] = Joined(address=other, to=address, why=why, since=moment)
    return Words(tuple(joins.values()), apart)
