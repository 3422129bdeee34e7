"""Learning from a local mailbox: each mail once, going on where an earlier try stopped.

Two passes: headers first (who knows whom is known after it), then the texts of the mails that may hold
introductions, help or quoted answers.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from classifier.reading.read import read_headers, read_mail
from classifier.signals.automation import is_personal_for_history
from classifier.witness import witness
from models.letter import Letter, short_hash
from models.mail import Mail
from models.past import Owner
from proxy.history.found import Found
from proxy.history.genuine import is_heard, letter_of, trouble_with
from proxy.history.hermetic import START
from proxy.history.own import OwnSeen
from proxy.history.sources import Source
from proxy.store.database import Store
from proxy.store.letters import remember
from proxy.store.positions import LEARNING

BATCH = 500  # mails a transaction
NAMED = 100  # unreadable mails kept by name; the rest is only counted
TEXT_BYTES = 100_000  # larger mails are documents: their text costs more to read than it tells


@dataclass
class Tally:
    """How far the reading of one source has come."""

    read: int = 0
    new: int = 0
    unreadable: int = 0
    named: list[tuple[str, str]] = field(default_factory=list)  # where an unreadable mail lies, and why
    at: str = ""  # the last mail read, "" at the beginning of a pass
    last: int = int(START.timestamp())  # its date: where a mail without one stands
    texts: bool = False  # the second pass has begun
    texts_read: int = 0  # mails it has come by
    own: list[str] = field(default_factory=list)  # whose mail it was taken for
    in_sent: dict[str, int] = field(default_factory=dict)  # addresses mail in Sent came from, not the owner's

    def fail(self, where: str, why: str) -> None:
        """Count a mail that could not be read."""
        self.unreadable += 1
        if len(self.named) < NAMED:
            self.named.append((where, why))


async def learn_source(
    store: Store,
    source: Source,
    owner: Owner,
    *,
    since: datetime | None = None,
    asked_since: datetime | None = None,
    headers_only: bool = False,
) -> AsyncIterator[Tally]:
    """Remember every mail of a source; yields the tally after each batch, and once at the end.

    `since` (aware): from when on what the owner sent is remembered as recent (`store.sends`); `asked_since`: from when
    on it is heard what mails ask. `headers_only`
    stops after the first pass; the next call reads the texts.

    Begun again after a crash or Ctrl-C, it goes on behind the last batch that was committed.
    """
    before = await store.fact(_mark(source))
    own = sorted(owner.addresses)
    tally = Tally(**before) if before and before["own"] == own else Tally(own=own)
    if not tally.texts:
        async for _ in _pass(store, source, owner, tally, since, asked_since):
            yield tally
        tally.texts, tally.at, tally.last = True, "", int(START.timestamp())
        await store.set_fact(_mark(source), asdict(tally))
    if headers_only:
        return
    async for _ in _pass(store, source, owner, tally, since, asked_since):
        yield tally
    await store.set_fact(_mark(source), None)
    yield tally


def _mark(source: Source) -> str:
    return f"{LEARNING} {source.path.absolute()}"


async def _pass(
    store: Store,
    source: Source,
    owner: Owner,
    tally: Tally,
    since: datetime | None,
    asked_since: datetime | None,
) -> AsyncIterator[None]:
    batch: list[Letter] = []
    pending = 0
    for found in _rest(source, tally):
        letter = (
            await _text_of(found, owner, tally, since, asked_since)
            if tally.texts
            else _header_of(found, owner, tally)
        )
        batch.extend([letter] if letter is not None else [])
        pending += 1
        if pending >= BATCH:
            await _keep(store, source, tally, batch)
            pending = 0
            yield
    await _keep(store, source, tally, batch)
    yield


def _rest(source: Source, tally: Tally) -> Iterable[Found]:
    """What is left to read; everything where the mail an earlier try ended with is no longer there."""
    if not tally.at:
        return source
    mails = iter(source)
    if any(_known_by(found) == tally.at for found in mails):
        return mails
    tally.read, tally.unreadable, tally.texts_read = (tally.read if tally.texts else 0), 0, 0
    tally.named.clear()
    tally.in_sent.clear()
    return source


def _known_by(found: Found) -> str:
    """Where it lies and how it begins: after a change of the mailbox something else may lie there."""
    return f"{found.locator} {short_hash(found.raw[:1000].decode('latin-1'))}"


def _header_of(found: Found, owner: Owner, tally: Tally) -> Letter | None:
    """First pass: who, when, and in which thread."""
    tally.read += 1
    tally.at = _known_by(found)
    mail = read_headers(found.raw)
    if trouble := found.trouble or trouble_with(mail):
        tally.fail(found.locator, trouble)
        return None
    letter = letter_of(mail, owner, is_sent=found.is_sent, stand_in=_stand_in(found, tally))
    if letter is not None:
        tally.last = int(letter.date.timestamp())
        if found.is_sent:
            OwnSeen(tally.in_sent).look([letter])
    return letter


async def _text_of(
    found: Found, owner: Owner, tally: Tally, since: datetime | None, asked_since: datetime | None
) -> Letter | None:
    """Second pass: what happened in the text, where the header lets anything be expected."""
    tally.texts_read += 1
    tally.at = _known_by(found)
    header = read_headers(found.raw)
    if found.trouble or not header.senders:
        return None
    stand_in = _stand_in(found, tally)
    if not is_personal_for_history(header) or (
        len(found.raw) > TEXT_BYTES and not _is_recent(header, owner, since, stand_in)
    ):
        letter = letter_of(header, owner, is_sent=found.is_sent, stand_in=stand_in)
        tally.last = tally.last if letter is None else int(letter.date.timestamp())
        return None

    def read() -> Letter | None:
        mail, sent = read_mail(found.raw, header), found.is_sent
        return letter_of(mail, owner, is_sent=sent, stand_in=stand_in, since=since, asked_since=asked_since)

    # The service serves others while a letter is heard; a thread for every other mail would cost a fifth.
    letter = await asyncio.to_thread(read) if is_heard(header, stand_in, asked_since) else read()
    tally.last = tally.last if letter is None else int(letter.date.timestamp())
    return letter


def _is_recent(header: Mail, owner: Owner, since: datetime | None, stand_in: datetime) -> bool:
    """The owner sent it lately: then its words are wanted, however large it is."""
    letter = witness(header, owner, stand_in=stand_in)
    return letter.outgoing and since is not None and letter.date >= since


def _stand_in(found: Found, tally: Tally) -> datetime:
    return found.stand_in or datetime.fromtimestamp(tally.last, UTC)


async def _keep(store: Store, source: Source, tally: Tally, batch: list[Letter]) -> None:
    """Commit a batch together with how far the reading has come."""

    def mark(new: int) -> tuple[str, Any]:
        tally.new += new
        return _mark(source), asdict(tally)

    await remember(store, batch, mark=mark)
    batch.clear()
