"""The user's word about people: said by moving mail or by writing to them; the newest word counts."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from models.correction import Correction, FiledState, Opinion
from models.letter import Letter
from models.verdict import Disposition
from proxy.store.database import Store

WROTE = "you wrote to them"
MOVED_OUT = "you moved their mail out of Cold Asks"
MOVED_IN = "you moved their mail into Cold Asks"

_CLOCKS = 600  # seconds two clocks may differ
_HIDDEN = (FiledState.MOVING.value, FiledState.FILED.value, FiledState.GONE.value)


@dataclass(frozen=True)
class Said:
    """What the ledger adds to the past of one judgement."""

    released: frozenset[str] = frozenset()
    cold: frozenset[str] = frozenset()
    filed_before: int = 0  # of all of them together: mails filed and not moved back


async def correct(
    store: Store, correction: Correction, *, entry: int = 0, state: FiledState | None = None
) -> None:
    """Write down the user's word; `entry` of the ledger takes `state` in the same transaction."""

    def put(db: sqlite3.Connection) -> None:
        _add(db, correction)
        if entry and state is not None:
            db.execute("UPDATE judged SET state = ?, copied = 0 WHERE id = ?", (state.value, entry))

    await store.write(put)


async def said_of(store: Store, people: Collection[str]) -> Said:
    """The user's word about these people (canonical), and how often their mail was filed."""

    def read(db: sqlite3.Connection) -> Said:
        opinions = {who: _opinion(db, who) for who in people}
        return Said(
            frozenset(who for who, opinion in opinions.items() if opinion is Opinion.NOT_COLD),
            frozenset(who for who, opinion in opinions.items() if opinion is Opinion.COLD),
            sum(_filed(db, who) for who in opinions),
        )

    return await store.run(read)


async def corrections_of(store: Store, person: str | None = None) -> list[Correction]:
    """All the user said, or all about one person (canonical), newest first."""

    def read(db: sqlite3.Connection) -> list[Correction]:
        rows = db.execute(
            "SELECT person, opinion, at, source, message_id FROM correction"
            " WHERE ?1 IS NULL OR person = ?1 ORDER BY id DESC",
            (person,),
        )
        return [_correction(row) for row in rows]

    return await store.run(read)


async def release_written_to(store: Store, letters: Iterable[Letter], *, at: datetime) -> tuple[str, ...]:
    """Writing to somebody who was filed as cold releases them at once: the people released now.

    To, Cc or Bcc, at the sender's address or where their mail wanted answers. What was written before it
    was filed says nothing, nor do automatic replies.
    """
    written: dict[str, int] = {}
    for letter in letters:
        if letter.outgoing and letter.personal:
            moment = int(letter.date.timestamp())
            written.update({who: max(moment, written.get(who, 0)) for who in letter.recipients})
    if not written:
        return ()

    def release(db: sqlite3.Connection) -> tuple[str, ...]:
        freed = sorted(who for who in _meant(db, written) if _opinion(db, who) is not Opinion.NOT_COLD)
        for who in freed:
            _add(db, Correction(person=who, opinion=Opinion.NOT_COLD, at=at, source=WROTE))
        return tuple(freed)

    return await store.write(release)


def _meant(db: sqlite3.Connection, written: Mapping[str, int]) -> set[str]:
    """Those of the addresses whose mail was cold when they were written to, and whom they stand for."""
    meant: set[str] = set()
    for sender, reply_to, moment in db.execute(
        "SELECT sender, reply_to, at FROM judged WHERE disposition = ?", (Disposition.FILE.value,)
    ):
        asked = {w for w in (sender, *reply_to.split()) if written.get(w, 0) >= moment - _CLOCKS}
        if asked:
            meant.update(asked, (sender,))
    for who, moment in db.execute(
        "SELECT person, max(at) FROM correction WHERE opinion = ? GROUP BY person", (Opinion.COLD.value,)
    ):
        if written.get(who, 0) >= moment - _CLOCKS:
            meant.add(who)
    return meant


def _filed(db: sqlite3.Connection, who: str) -> int:
    found = db.execute(
        "SELECT count(*) FROM judged WHERE sender = ? AND disposition = ? AND state IN (?, ?, ?)",
        (who, Disposition.FILE.value, *_HIDDEN),
    ).fetchone()
    return int(found[0])


def _opinion(db: sqlite3.Connection, who: str) -> Opinion | None:
    row = db.execute(
        "SELECT opinion FROM correction WHERE person = ? ORDER BY id DESC LIMIT 1", (who,)
    ).fetchone()
    return Opinion(row[0]) if row else None


def _add(db: sqlite3.Connection, correction: Correction) -> None:
    c = correction
    db.execute(
        "INSERT INTO correction (person, opinion, at, source, message_id) VALUES (?, ?, ?, ?, ?)",
        (c.person, c.opinion.value, int(c.at.timestamp()), c.source, c.message_id),
    )


def _correction(row: Sequence[object]) -> Correction:
    person, opinion, at, source, message_id = row
    return Correction.model_validate(
        {
            "person": person,
            "opinion": opinion,
            "at": datetime.fromtimestamp(int(str(at)), UTC),
            "source": source,
            "message_id": message_id,
        }
    )
