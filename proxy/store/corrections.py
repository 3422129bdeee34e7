"""The user's word about people: said by moving mail, by writing to them, by `coldask allow`; the newest counts.

It is about a person, whichever of their addresses it was said of.
"""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from models.correction import Correction, FiledState, Opinion
from models.letter import Letter
from models.verdict import Disposition
from proxy.store.database import Store
from proxy.store.permissions import allowed_at
from proxy.store.persons import person_of
from proxy.store.rows import Flag
from proxy.store.splits import words_of

WROTE = "you wrote to them"
MOVED_OUT = "you moved their mail out of Cold Asks"
MOVED_IN = "you moved their mail into Cold Asks"
JUNKED = "you moved their mail from Cold Asks to Junk"

_MOMENT = 1 << 40  # later than any letter
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
) -> int:
    """Write down the user's word; `entry` of the ledger takes `state` in the same transaction. Its number."""

    def put(db: sqlite3.Connection) -> int:
        number = _add(db, correction)
        if entry and state is not None:
            db.execute("UPDATE judged SET state = ?, copied = 0 WHERE id = ?", (state.value, entry))
        return number

    return await store.write(put)


async def said_of(
    store: Store, people: Collection[str], *, own: frozenset[str] = frozenset(), now: datetime | None = None
) -> Said:
    """The user's word about these people (canonical) as of `now`, and how often their mail was filed.

    `own`: the owner's addresses, which are never another person's.
    """

    def read(db: sqlite3.Connection) -> Said:
        moment = _MOMENT if now is None else int(now.timestamp())
        theirs: dict[str, tuple[str, ...]] = {who: (who,) for who in people}
        if _anything_said(db):
            words = words_of(db)
            for who in people:
                theirs[who] = person_of(db, who, words=words, own=own, moment=moment).addresses
        opinions = {who: _opinion(db, addresses, moment) for who, addresses in theirs.items()}
        return Said(
            frozenset(who for who, opinion in opinions.items() if opinion is Opinion.NOT_COLD),
            frozenset(who for who, opinion in opinions.items() if opinion is Opinion.COLD),
            sum(_filed(db, who) for who in {a for addresses in theirs.values() for a in addresses}),
        )

    return await store.run(read)


async def undo_corrections(store: Store, people: Collection[str], *, at: datetime) -> int:
    """Take back all the user said of these addresses (canonical) by moving mail or writing; how many words."""

    def put(db: sqlite3.Connection) -> int:
        query = "UPDATE correction SET undone_at = ? WHERE person = ? AND undone_at IS NULL"
        return sum(db.execute(query, (int(at.timestamp()), who)).rowcount for who in people)

    return await store.write(put)


async def corrections_of(store: Store, person: str | None = None) -> list[Correction]:
    """All the user said and did not take back, or all about one address (canonical), newest first."""

    def read(db: sqlite3.Connection) -> list[Correction]:
        rows = db.execute(
            "SELECT person, opinion, at, source, message_id FROM correction"
            " WHERE undone_at IS NULL AND (?1 IS NULL OR person = ?1) ORDER BY id DESC",
            (person,),
        )
        return [_correction(row) for row in rows]

    return await store.run(read)


async def release_written_to(
    store: Store, letters: Iterable[Letter], *, at: datetime, own: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Writing to somebody who was filed as cold releases them at once: the people released now.

    To, Cc or Bcc, at any address of the sender's or where their mail wanted answers. What was written before
    it was filed says nothing, nor do automatic replies. `own`: the owner's addresses.
    """
    written: dict[str, int] = {}
    for letter in letters:
        if letter.outgoing and letter.personal:
            moment = int(letter.date.timestamp())
            written.update({who: max(moment, written.get(who, 0)) for who in letter.recipients})
    if not written:
        return ()

    def release(db: sqlite3.Connection) -> tuple[str, ...]:
        if not _anything_filed(db):
            return ()
        moment, words = int(at.timestamp()), words_of(db)
        for who, wrote in tuple(written.items()):
            for other in person_of(db, who, words=words, own=own, moment=moment).addresses:
                written[other] = max(wrote, written.get(other, 0))
        meant = _meant(db, written)
        freed = sorted(who for who in meant if _opinion(db, (who,), moment) is not Opinion.NOT_COLD)
        for who in freed:
            _add(db, Correction(person=who, opinion=Opinion.NOT_COLD, at=at, source=WROTE))
        return tuple(freed)

    return await store.write(release)


async def wrote_to(store: Store, person: str) -> bool:
    """Whether the owner ever wrote to this address (canonical), as far as history knows."""
    query = (
        "SELECT EXISTS (SELECT 1 FROM person p JOIN other o ON o.person = p.id JOIN letter l ON l.id = o.letter"
        " WHERE p.address = ? AND l.flags & ?)"
    )
    values = (person, int(Flag.OUTGOING))
    return await store.run(lambda db: bool(db.execute(query, values).fetchone()[0]))


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
        "SELECT person, max(at) FROM correction WHERE opinion = ? AND undone_at IS NULL GROUP BY person",
        (Opinion.COLD.value,),
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


def _opinion(db: sqlite3.Connection, addresses: Sequence[str], moment: int) -> Opinion | None:
    """The newest word about a person; a permission counts as one."""
    marks = ", ".join("?" * len(addresses))
    said = [
        (at, number, Opinion(opinion))
        for at, number, opinion in db.execute(
            f"SELECT at, id, opinion FROM correction WHERE undone_at IS NULL AND person IN ({marks})",  # noqa: S608  (only question marks)
            addresses,
        )
    ]
    newest = max(said, default=None)
    allowed = allowed_at(db, addresses, moment)
    if allowed is not None and (newest is None or allowed >= newest[0]):
        return Opinion.NOT_COLD
    return newest[2] if newest else None


def _anything_said(db: sqlite3.Connection) -> bool:
    """Most stores hold few words or none: then nobody's other addresses are looked up."""
    query = "SELECT EXISTS (SELECT 1 FROM correction) OR EXISTS (SELECT 1 FROM permission)"
    return bool(db.execute(query).fetchone()[0])


def _anything_filed(db: sqlite3.Connection) -> bool:
    query = "SELECT EXISTS (SELECT 1 FROM judged WHERE disposition = ?) OR EXISTS (SELECT 1 FROM correction)"
    return bool(db.execute(query, (Disposition.FILE.value,)).fetchone()[0])


def _add(db: sqlite3.Connection, correction: Correction) -> int:
    c = correction
    cursor = db.execute(
        "INSERT INTO correction (person, opinion, at, source, message_id) VALUES (?, ?, ?, ?, ?)",
        (c.person, c.opinion.value, int(c.at.timestamp()), c.source, c.message_id),
    )
    return int(cursor.lastrowid or 0)


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
