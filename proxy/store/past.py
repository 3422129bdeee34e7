"""What history knows of the people in a mail, as the one frozen value a judgement gets."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from classifier.signals.claims import claimed_names, name_words
from classifier.signals.recommending import praised_names, spoken_of
from classifier.ties import THRESHOLDS, Turn, relate
from models.address import canonical
from models.mail import Mail
from models.past import Introduction, Joined, Owner, Past, RecentSend, Relation, Tie
from proxy.store.database import Store
from proxy.store.debts import debts_of
from proxy.store.events import calls_of, introductions_of, words_between
from proxy.store.mailings import without_mailings
from proxy.store.namesakes import named
from proxy.store.newcomers import steps_of
from proxy.store.permissions import permissions_for
from proxy.store.persons import Person, merged, person_of
from proxy.store.quotes import with_quotes
from proxy.store.rows import TURN_COLUMNS, Flag, turn_of
from proxy.store.sends import sends_for
from proxy.store.splits import Words, words_of
from proxy.store.threads import thread_of

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
    query = _Query(mail, tuple(people), owner, now, trusted, vouched_days, dict(lists or {}))
    return await store.run(_past, query, ready, released, cold, filed_before)


@dataclass
class _Query:
    """What is asked, and what has been looked up for it."""

    mail: Mail
    people: tuple[str, ...]
    owner: Owner
    now: datetime
    trusted: frozenset[str]
    vouched_days: int
    lists: Mapping[str, frozenset[str]]
    ids: dict[str, int] = field(default_factory=dict)  # canonical address -> person
    names: dict[str, str] = field(default_factory=dict)
    turns: dict[str, list[Turn]] = field(default_factory=dict)
    words: Words = field(default_factory=Words)  # the user's, on who is one person
    shown: tuple[Joined, ...] = ()  # of the sender's address, by the mail itself
    persons: dict[str, Person] = field(default_factory=dict)  # canonical address -> all of theirs

    def named(self, address: str) -> str:
        """The address by which the person behind another one stands in the mail."""
        if address in self.persons:
            return address
        return next((who for who, p in self.persons.items() if address in p.addresses), address)

    @property
    def owner_address(self) -> str:
        return min(self.owner.addresses, default="")

    @property
    def moment(self) -> int:
        return int(self.now.timestamp())


def _past(
    db: sqlite3.Connection,
    query: _Query,
    ready: bool,
    released: frozenset[str],
    cold: frozenset[str],
    filed_before: int,
) -> Past:
    query.words = words_of(db)
    query.shown = steps_of(db, query.mail, own=query.owner.addresses, moment=query.moment)
    everyone = _everyone(query)
    _look_up(db, query, everyone)
    known = {who: _numbers(db, query, who) for who in everyone}
    _look_up(db, query, _claimed(db, query))
    sends = sends_for(db, query.mail, query.owner, query.now)
    _look_up(db, query, dict.fromkeys(who for send in sends for who in send.people))
    introductions = _introductions(db, query)
    relations = _relations(db, query, introductions)
    wishes, invitations = words_between(db, known, query.owner_address, query.moment)
    return Past(
        now=query.now,
        ready=ready,
        owner=query.owner,
        relations=relations,
        introductions=tuple(introductions),
        invitations=tuple(invitations),
        wishes=tuple(wishes),
        # Help from one the owner never wrote to is an advertisement, or a stranger's.
        debts=tuple(d for d in debts_of(db, known, query.moment) if relations[d.who].sent),
        sends=tuple(_by_person(query, send) for send in sends),
        calls=tuple(calls_of(db, query.owner_address, query.moment)),
        thread=thread_of(db, query.mail, query.turns, query.owner_address, query.moment),
        released=released,
        cold=cold,
        lists=dict(query.lists),
        filed_before=filed_before,
        permissions=permissions_for(
            db, query.mail, {w: _person(db, query, w).addresses for w in everyone}, query.lists, query.moment
        ),
    )


def _by_person(query: _Query, send: RecentSend) -> RecentSend:
    """With one address for each person, that of the mail where they stand in it."""
    return send.model_copy(update={"people": tuple(dict.fromkeys(map(query.named, send.people)))})


def _everyone(query: _Query) -> list[str]:
    mail = query.mail
    named = [*(m.canonical for m in mail.senders), *[m.canonical for m in (*mail.to, *mail.cc)][:MAX_NAMED]]
    if any(m.canonical in query.owner.addresses for m in mail.senders):
        named += [m.canonical for m in spoken_of(mail, query.owner)]
    found = dict.fromkeys([*(canonical(p) for p in query.people), *named])
    return [who for who in found if who not in query.owner.addresses]


def _claimed(db: sqlite3.Connection, query: _Query) -> list[str]:
    """Known people by the names that an incoming letter leans on, or that the owner's own praises: the judge
    asks how they stand to us."""
    own = any(m.canonical in query.owner.addresses for m in query.mail.senders)
    found: list[str] = []
    for name in praised_names(query.mail) if own else claimed_names(query.mail):
        found.extend(named(db, [word.lower() for word in name_words(name)], query.moment, MAX_NAMESAKES))
    return [who for who in found if who not in query.owner.addresses]


def _look_up(db: sqlite3.Connection, query: _Query, addresses: Iterable[str]) -> None:
    for who in addresses:
        if who not in query.ids:
            row = db.execute("SELECT id, name FROM person WHERE address = ?", (who,)).fetchone()
            if row is not None:
                query.ids[who], query.names[who] = row


def _turns(db: sqlite3.Connection, query: _Query, who: str) -> list[Turn]:
    """The newest letters between the owner and this person, at any address of theirs, before the moment."""
    if who not in query.turns:
        numbers = _numbers(db, query, who)
        found = [turn for number in numbers for turn in _letters_with(db, number, query.moment)]
        found = merged(found) if len(numbers) > 1 else found
        query.turns[who] = without_mailings(db, found, _person(db, query, who).addresses, query.lists)
    return query.turns[who]


def _person(db: sqlite3.Connection, query: _Query, who: str) -> Person:
    if who not in query.persons:
        query.persons[who] = person_of(
            db, who, words=query.words, own=query.owner.addresses, moment=query.moment, shown=query.shown
        )
    return query.persons[who]


def _numbers(db: sqlite3.Connection, query: _Query, who: str) -> list[int]:
    """The rows of all addresses of a person."""
    addresses = _person(db, query, who).addresses
    _look_up(db, query, addresses)
    return [query.ids[a] for a in addresses if a in query.ids]


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
    return with_quotes(db, person, moment, turns.values())


def _introductions(db: sqlite3.Connection, query: _Query) -> list[Introduction]:
    """Introductions of these people and by them, oldest first, with the introducer's tie when introducing."""
    found = []
    for one in introductions_of(db, list(query.ids.values()), query.moment):
        made = one.model_copy(
            update={"introduced": query.named(one.introduced), "introducer": query.named(one.introducer)}
        )
        _look_up(db, query, [made.introducer])
        if made.by_owner:
            found.append(made)
            continue
        before = int(made.date.timestamp())
        then = relate(
            [t for t in _turns(db, query, made.introducer) if t.at < before],
            now=made.date,
            trusted=_is_trusted(db, query, made.introducer),
        )
        found.append(made.model_copy(update={"introducer_tie": then.tie}))
    return found


def _relations(
    db: sqlite3.Connection, query: _Query, introductions: Sequence[Introduction]
) -> dict[str, Relation]:
    """Of everybody looked up, by each of their addresses."""
    wanted = [who for who in {**query.persons, **query.names} if query.named(who) == who]
    found = {who: _relation(db, query, who, introductions) for who in wanted}
    for relation in list(found.values()):
        for other in relation.also:
            found.setdefault(other.address, relation)
    return found


def _relation(
    db: sqlite3.Connection, query: _Query, who: str, introductions: Sequence[Introduction]
) -> Relation:
    vouching = [
        i
        for i in introductions
        if i.introduced == who and not i.by_owner and i.introducer_tie.at_least(Tie.ESTABLISHED)
    ]
    relation = relate(
        _turns(db, query, who),
        now=query.now,
        name=query.names.get(who, ""),
        trusted=_is_trusted(db, query, who),
        introduction=max(vouching, key=lambda i: i.date, default=None),
        vouched_days=query.vouched_days,
    )
    also = _person(db, query, who).joined
    if not also:
        return relation
    fact = f"they also write as {', '.join(j.address for j in also)}"
    return relation.model_copy(update={"also": also, "facts": (*relation.facts, fact)})


def _is_trusted(db: sqlite3.Connection, query: _Query, who: str) -> bool:
    return bool(query.trusted) and not query.trusted.isdisjoint(_person(db, query, who).addresses)
