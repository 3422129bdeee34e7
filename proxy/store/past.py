"""What history knows of the people in a mail, as the one frozen value a judgement gets."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from classifier.signals.claims import claimed_names, name_words
from classifier.ties import THRESHOLDS, Turn, relate
from classifier.witness import bare_subject, says_reply
from models.address import canonical
from models.letter import short_hash
from models.mail import Mail
from models.past import Introduction, Owner, Past, Relation, Thread, Tie
from proxy.store.database import Store
from proxy.store.events import calls_of, introductions_of, words_between
from proxy.store.rows import TURN_COLUMNS, Flag, turn_of

MAX_NAMED = 200  # persons of To and Cc looked up beside those the mail is judged for
MAX_NAMESAKES = 10  # persons looked up for a name that a letter leans on ("Mark suggested I write")


async def past_for(
    store: Store,
    mail: Mail,
    people: Sequence[str],
    *,
    owner: Owner,
    now: datetime,
    trusted: frozenset[str] = frozenset(),
    lists: Mapping[str, frozenset[str]] | None = None,
    vouched_days: int = 90,
    ready: bool = True,
    released: frozenset[str] = frozenset(),
    cold: frozenset[str] = frozenset(),
    filed_before: int = 0,
) -> Past:
    """All that is known from before `now` (aware) about the people of a mail; only mail dated earlier counts.

    `people` are those it is judged for: incoming the From, outgoing the envelope's recipients. Who stands
    in From, To, Cc, and whoever introduced them, is looked up too. Addresses in sets are canonical.
    """
    query = _Query(mail, tuple(people), owner, now, trusted, vouched_days)
    return await store.run(_past, query, dict(lists or {}), ready, released, cold, filed_before)


@dataclass
class _Query:
    """What is asked, and what has been looked up for it."""

    mail: Mail
    people: tuple[str, ...]
    owner: Owner
    now: datetime
    trusted: frozenset[str]
    vouched_days: int
    ids: dict[str, int] = field(default_factory=dict)  # canonical address -> person
    names: dict[str, str] = field(default_factory=dict)
    turns: dict[str, list[Turn]] = field(default_factory=dict)

    @property
    def owner_address(self) -> str:
        return min(self.owner.addresses, default="")

    @property
    def moment(self) -> int:
        return int(self.now.timestamp())


def _past(
    db: sqlite3.Connection,
    query: _Query,
    lists: dict[str, frozenset[str]],
    ready: bool,
    released: frozenset[str],
    cold: frozenset[str],
    filed_before: int,
) -> Past:
    everyone = _everyone(query)
    _look_up(db, query, everyone)
    _look_up(db, query, _claimed(db, query))
    introductions = _introductions(db, query)
    relations = {who: _relation(db, query, who, introductions) for who in query.names}
    known = {who: query.ids[who] for who in everyone if who in query.ids}
    wishes, invitations = words_between(db, known, query.owner_address, query.moment)
    return Past(
        now=query.now,
        ready=ready,
        owner=query.owner,
        relations={**{who: relations.get(who) or _stranger(query, who) for who in everyone}, **relations},
        introductions=tuple(introductions),
        invitations=tuple(invitations),
        wishes=tuple(wishes),
        calls=tuple(calls_of(db, query.owner_address, query.moment)),
        thread=_thread(db, query),
        released=released,
        cold=cold,
        lists=lists,
        filed_before=filed_before,
    )


def _everyone(query: _Query) -> list[str]:
    mail = query.mail
    named = [*(m.canonical for m in mail.senders), *[m.canonical for m in (*mail.to, *mail.cc)][:MAX_NAMED]]
    found = dict.fromkeys([*(canonical(p) for p in query.people), *named])
    return [who for who in found if who not in query.owner.addresses]


def _claimed(db: sqlite3.Connection, query: _Query) -> list[str]:
    """Known people by the names that an incoming letter leans on: the judge asks how they stand to us."""
    if any(m.canonical in query.owner.addresses for m in query.mail.senders):
        return []
    found: list[str] = []
    for words in map(name_words, claimed_names(query.mail)):
        where = " AND ".join("(name LIKE ? OR (name = '' AND address LIKE ?))" for _ in words)
        values = [v for w in words for v in (f"%{w}%", f"%{w}%@%")]
        sql = f"SELECT address FROM person WHERE {where} LIMIT ?"  # noqa: S608  (only question marks are put in)
        found.extend(row[0] for row in db.execute(sql, (*values, MAX_NAMESAKES)))
    return [who for who in found if who not in query.owner.addresses]


def _look_up(db: sqlite3.Connection, query: _Query, addresses: Iterable[str]) -> None:
    for who in addresses:
        if who not in query.ids:
            row = db.execute("SELECT id, name FROM person WHERE address = ?", (who,)).fetchone()
            if row is not None:
                query.ids[who], query.names[who] = row


def _turns(db: sqlite3.Connection, query: _Query, who: str) -> list[Turn]:
    """The newest letters between the owner and this person, before the moment."""
    if who not in query.turns:
        person = query.ids.get(who)
        query.turns[who] = [] if person is None else _letters_with(db, person, query.moment)
    return query.turns[who]


def _letters_with(db: sqlite3.Connection, person: int, moment: int) -> list[Turn]:
    rows = db.execute(
        f"SELECT {TURN_COLUMNS}, l.reply_to FROM other o JOIN letter l ON l.id = o.letter"  # noqa: S608  (a constant)
        " WHERE o.person = ? AND o.date < ? ORDER BY o.date DESC, o.letter DESC LIMIT ?",
        (person, moment, THRESHOLDS.newest_letters),
    ).fetchall()
    turns = {row[1]: turn_of(row[:-1]) for row in rows}
    # An answer that went where their letter asked for it was an answer to them.
    asked = {t.id for t in turns.values() if not t.outgoing and t.id}
    for other in {row[-1] for row in rows if row[-1] is not None} - {person}:
        for row in db.execute(
            f"SELECT {TURN_COLUMNS} FROM other o JOIN letter l ON l.id = o.letter"  # noqa: S608  (a constant)
            " WHERE o.person = ? AND o.date < ? AND l.flags & ? ORDER BY o.date DESC LIMIT ?",
            (other, moment, int(Flag.OUTGOING), THRESHOLDS.newest_letters),
        ):
            turn = turn_of(row)
            if asked.intersection(turn.refs):
                turns.setdefault(turn.key, turn)
    return list(turns.values())


def _introductions(db: sqlite3.Connection, query: _Query) -> list[Introduction]:
    """Introductions of these people and by them, oldest first, with the introducer's tie when introducing."""
    found = []
    for made in introductions_of(db, list(query.ids.values()), query.moment):
        _look_up(db, query, [made.introducer])
        if made.by_owner:
            found.append(made)
            continue
        before = int(made.date.timestamp())
        then = relate(
            [t for t in _turns(db, query, made.introducer) if t.at < before],
            now=made.date,
            trusted=made.introducer in query.trusted,
        )
        found.append(made.model_copy(update={"introducer_tie": then.tie}))
    return found


def _relation(
    db: sqlite3.Connection, query: _Query, who: str, introductions: Sequence[Introduction]
) -> Relation:
    vouching = [
        i
        for i in introductions
        if i.introduced == who and not i.by_owner and i.introducer_tie.at_least(Tie.ESTABLISHED)
    ]
    return relate(
        _turns(db, query, who),
        now=query.now,
        name=query.names.get(who, ""),
        trusted=who in query.trusted,
        introduction=max(vouching, key=lambda i: i.date, default=None),
        vouched_days=query.vouched_days,
    )


def _stranger(query: _Query, who: str) -> Relation:
    return relate((), now=query.now, trusted=who in query.trusted)


def _thread(db: sqlite3.Connection, query: _Query) -> Thread:
    """What history bears out of the thread this mail says it belongs to: by Message-ID, else by subject."""
    mail = query.mail
    hashes = [short_hash(i) for i in mail.links.all[-50:]]
    found: dict[int, tuple[str, bool]] = {}
    for one in hashes:
        for key, sender, flags in db.execute(
            "SELECT l.id, p.address, l.flags FROM letter l JOIN person p ON p.id = l.sender"
            " WHERE l.message = ? AND l.message <> 0 AND l.date < ?",
            (one, query.moment),
        ):
            found[key] = (sender, bool(flags & Flag.OUTGOING))
    subject = bare_subject(mail.subject)
    if not found and subject and says_reply(mail):
        wanted = short_hash(subject)
        for who in list(query.turns):
            for turn in query.turns[who]:
                if turn.subject == wanted:
                    sender = query.owner_address if turn.outgoing else who
                    found[turn.key] = (sender, turn.outgoing)
    return Thread(
        known=bool(found),
        owner_wrote=any(outgoing for _, outgoing in found.values()),
        people=frozenset(sender for sender, _ in found.values()),
    )
