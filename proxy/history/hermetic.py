"""Judging without a configuration: history out of a local mailbox, and nothing else."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from classifier.hearing import Ear
from classifier.judge.belonging import kept_unread
from classifier.judge.outgoing import judge_outgoing, listened
from classifier.reading.read import read_mail
from classifier.witness import ALWAYS
from models.letter import Letter
from models.mail import Envelope, Mail
from models.past import Owner, Past
from models.verdict import IncomingVerdict, OutgoingVerdict
from proxy.history.direction import people_of
from proxy.history.found import Found
from proxy.history.genuine import letter_of
from proxy.store.database import Store
from proxy.store.letters import past_for, remember

BATCH = 500
HEARD = 500  # of so many last letters it is heard what they ask
START = datetime(1970, 1, 2, tzinfo=UTC)  # of mails before the first that has a date


class _Seen(NamedTuple):
    """A mail of a source, and what its header says of it."""

    found: Found
    mail: Mail
    header: Letter

    def letter(self, owner: Owner, asked_since: datetime | None = None) -> Letter | None:
        """All that is remembered of it."""
        return letter_of(
            self.mail,
            owner,
            is_sent=self.found.is_sent,
            stand_in=self.header.date,
            since=ALWAYS,
            asked_since=asked_since,
        )


def _seen(source: Iterable[Found], owner: Owner) -> Iterator[_Seen]:
    """Each mail of a source that is history. Without a date it gets that of the one before."""
    last = START
    for found in source:
        mail = read_mail(found.raw)
        bare = mail.model_copy(update={"text": "", "zones": ()})  # a text is read for history once, later
        header = letter_of(bare, owner, is_sent=found.is_sent, stand_in=found.stand_in or last)
        if header is not None:
            last = header.date
            yield _Seen(found, mail, header)


async def history_of(
    source: Iterable[Found] | None, owner: Owner, only: Collection[str] | None = None
) -> Store:
    """A store in memory that knows a source's mails; None: known to be empty. The caller closes it.

    What letters ask is heard of those of `only` (canonical addresses); None: of everybody's.
    """
    store = await Store.open(None)
    batch: list[Letter] = []
    try:
        for letter in _last_heard(_seen(source, owner), owner, only) if source is not None else ():
            batch.extend([letter] if letter is not None else [])
            if len(batch) >= BATCH:
                await remember(store, batch)
                batch = []
        await remember(store, batch)
    except BaseException:
        await store.close()
        raise
    return store


def _last_heard(seen: Iterable[_Seen], owner: Owner, only: Collection[str] | None) -> Iterator[Letter | None]:
    """The letters, the last personal ones with what the core hears them ask: to hear all would take minutes.

    Not those of people the owner writes to, whom their tie speaks for.
    """
    waiting: deque[_Seen] = deque()
    written: set[str] = set()
    for one in seen:
        header = one.header
        written.update(header.recipients if header.outgoing else ())
        if not header.personal or (only is not None and header.sender not in only):
            yield one.letter(owner)
            continue
        waiting.append(one)
        if len(waiting) > HEARD:
            yield waiting.popleft().letter(owner)
    for one in waiting:
        yield one.letter(owner, None if one.header.sender in written else ALWAYS)


def judge(
    mail: Mail, envelope: Envelope | None, past: Past, ear: Ear | None = None
) -> IncomingVerdict | OutgoingVerdict:
    """The shipped policy's word on a mail; outgoing where there is an envelope."""
    if envelope is None:
        from classifier.judge.incoming import judge_incoming  # a `check` of an outgoing mail goes without

        return judge_incoming(mail, past, ear=ear)
    return judge_outgoing(mail, envelope, past, ear=ear)


async def judge_with(
    store: Store,
    mail: Mail,
    *,
    owner: Owner,
    now: datetime,
    envelope: Envelope | None,
    ready: bool = True,
    ear: Ear | None = None,
) -> IncomingVerdict | OutgoingVerdict:
    """Judge a mail with what the store knew before `now` (aware). With an `envelope` it goes out."""
    people = people_of(mail, envelope)
    asked = mail
    if envelope is None and kept_unread(mail, Past(now=now, owner=owner)):
        # It stays whatever it says and whoever else it names: of its past only the sender's tie is shown.
        asked = Mail(senders=mail.senders)
    if envelope is not None:
        asked = mail = listened(mail, envelope, owner, ear)
    past = await past_for(store, asked, people, owner=owner, now=now, ready=ready)
    return judge(mail, envelope, past, ear)


def read_file(path: Path) -> bytes:
    """The bytes of a mail. Raises OSError."""
    return path.read_bytes()
