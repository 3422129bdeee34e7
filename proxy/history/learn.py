"""Learning from a local mailbox: each mail once, going on where an earlier try stopped."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from classifier.reading.read import read_mail
from classifier.witness import witness
from models.letter import Letter, short_hash
from models.past import Owner
from proxy.history.found import Found
from proxy.history.hermetic import START
from proxy.history.sources import Source
from proxy.store.database import Store
from proxy.store.letters import remember

BATCH = 200  # mails a transaction
NAMED = 100  # unreadable mails kept by name; the rest is only counted


@dataclass
class Tally:
    """How far the reading of one source has come."""

    read: int = 0
    new: int = 0
    unreadable: int = 0
    named: list[tuple[str, str]] = field(default_factory=list)  # where an unreadable mail lies, and why
    at: str = ""  # the last mail read, "" at the beginning
    last: int = int(START.timestamp())  # its date: where a mail without one stands

    def fail(self, where: str, why: str) -> None:
        """Count a mail that could not be read."""
        self.unreadable += 1
        if len(self.named) < NAMED:
            self.named.append((where, why))


def _mark(source: Source) -> str:
    return f"learning {source.path.absolute()}"


async def learn_source(store: Store, source: Source, owner: Owner) -> AsyncIterator[Tally]:
    """Remember every mail of a source; yields the tally after each batch, and once at the end.

    Begun again after a crash or Ctrl-C, it goes on behind the last batch that was committed.
    """
    before = await store.fact(_mark(source))
    tally = Tally(**before) if before else Tally()
    batch: list[Letter] = []
    for found in _rest(source, tally.at):
        _read(found, owner, tally, batch)
        if tally.read % BATCH == 0:
            await _keep(store, source, tally, batch)
            yield tally
    await _keep(store, source, tally, batch)
    await store.set_fact(_mark(source), None)
    yield tally


def _rest(source: Source, at: str) -> Iterable[Found]:
    """What is left to read; everything where the mail an earlier try ended with is no longer there."""
    if not at:
        return source
    mails = iter(source)
    if any(_known_by(found) == at for found in mails):
        return mails
    return source


def _known_by(found: Found) -> str:
    """Where it lies and how it begins: after a change of the mailbox something else may lie there."""
    return f"{found.locator} {short_hash(found.raw[:1000].decode('latin-1'))}"


def _read(found: Found, owner: Owner, tally: Tally, batch: list[Letter]) -> None:
    tally.read += 1
    tally.at = _known_by(found)
    mail = read_mail(found.raw)
    if trouble := found.trouble or mail.unreadable:
        tally.fail(found.locator, trouble)
        return
    if not mail.senders:
        tally.fail(found.locator, "no address in From")
        return
    letter = witness(mail, owner, stand_in=found.stand_in or datetime.fromtimestamp(tally.last, UTC))
    tally.last = int(letter.date.timestamp())
    batch.append(letter)


async def _keep(store: Store, source: Source, tally: Tally, batch: list[Letter]) -> None:
    """Commit a batch together with how far the reading has come."""

    def mark(new: int) -> tuple[str, Any]:
        tally.new += new
        return _mark(source), asdict(tally)

    await remember(store, batch, mark=mark)
    batch.clear()
