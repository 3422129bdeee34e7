"""A whole mailbox judged in the order of its dates, each mail with only what was known before it."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import NamedTuple

from classifier.hearing import Ear
from classifier.judge.outgoing import listened
from classifier.reading.read import read_headers, read_mail
from classifier.witness import ALWAYS
from models.letter import Letter, fingerprint
from models.mail import Mail
from models.past import Owner, Tie
from models.verdict import IncomingVerdict, OutgoingVerdict
from proxy.history.direction import envelope_of, is_outgoing
from proxy.history.found import Place
from proxy.history.genuine import letter_of
from proxy.history.hermetic import START, judge_with
from proxy.history.sources import Source
from proxy.store.database import Store
from proxy.store.letters import remember

_STRANGERS = frozenset({Tie.UNKNOWN, Tie.ONE_SIDED})  # whose earlier asks weigh with the next


class Replayed(NamedTuple):
    """One mail of the walk and what would have become of it."""

    place: Place
    mail: Mail
    when: datetime  # its date, or where it stood in the mailbox
    verdict: IncomingVerdict | OutgoingVerdict
    duplicate: bool  # a copy of a mail that came before
    letter: Letter | None = None  # what is remembered of it; None for a copy and for what is no history


class _Entry(NamedTuple):
    when: datetime
    number: int  # position in the source: keeps equal dates and dateless mails in order
    place: Place
    trouble: str
    is_sent: bool | None


def order_of(source: Source, on_read: Callable[[int], None] | None = None) -> list[_Entry]:
    """Where each mail stands in time. A mail without a date stays behind the one before it in the source."""
    entries: list[_Entry] = []
    last = START
    for number, found in enumerate(source):
        last = read_headers(found.raw).date or found.stand_in or last
        entries.append(_Entry(last, number, found.place, found.trouble, found.is_sent))
        if on_read is not None:
            on_read(number + 1)
    return sorted(entries, key=lambda e: (e.when, e.number))


async def replay(
    source: Source,
    owner: Owner,
    store: Store,
    on_read: Callable[[int], None] | None = None,
    *,
    ear: Ear | None = None,
) -> AsyncIterator[Replayed]:
    """Judge every mail of a source, oldest first, also copies and mails that cannot be read.

    `store`, empty at first, knows at the end all that was seen.
    """
    seen: set[int] = set()
    for entry in order_of(source, on_read):
        raw = source.read(entry.place)
        mail = Mail(unreadable=entry.trouble) if entry.trouble else read_mail(raw)
        envelope = envelope_of(mail) if is_outgoing(mail, owner) else None
        if envelope is not None:
            mail = listened(mail, envelope, owner, ear)  # what it was heard to ask is remembered of it
        verdict = await judge_with(store, mail, owner=owner, now=entry.when, envelope=envelope, ear=ear)
        print_of_it = fingerprint(mail)
        duplicate = print_of_it in seen
        letter = (
            None
            if duplicate
            else letter_of(
                mail,
                owner,
                is_sent=entry.is_sent,
                stand_in=entry.when,
                since=ALWAYS,
                asked_since=ALWAYS if any(t.tie in _STRANGERS for t in verdict.ties.values()) else None,
            )
        )
        yield Replayed(entry.place, mail, entry.when, verdict, duplicate, letter)
        seen.add(print_of_it)
        if letter is not None:
            await remember(store, [letter])
