"""History out of the account's IMAP folders: headers first, then texts that can hold events; resumable."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from classifier.reading.read import read_headers, read_mail
from classifier.signals.automation import FIELDS as TELLING
from classifier.signals.automation import is_personal_for_history
from models.letter import Letter
from models.past import Owner
from proxy.history.genuine import ASKS_MATTER, letter_of, trouble_with
from proxy.history.learn import NAMED
from proxy.history.own import OwnSeen
from proxy.mailbox import Mailbox
from proxy.mailbox.fetch import Heading, headings, wholes
from proxy.mailbox.folders import list_folders, sent_of
from proxy.mailbox.session import Session
from proxy.store.corrections import release_written_to
from proxy.store.database import Store
from proxy.store.letters import remember
from proxy.store.positions import Purpose, advance, begin_at, position
from proxy.store.sends import KEPT

# What a letter's header is read for (classifier.witness, proxy.history.genuine).
FIELDS = TELLING | {
    "from", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references",
    "content-type", "received", "x-coldask-notice", "x-reconstructed",
}  # fmt: skip
_HEADERS_AT_ONCE = 1000
_TEXTS_AT_ONCE = 100
_TEXT_BYTES = 100_000  # larger mails are documents: their text pass costs more than it tells


@dataclass(frozen=True)
class Step:
    """How far the reading of one folder has come."""

    account: str
    folder: str
    purpose: Purpose
    done: int
    total: int
    new: int  # letters history did not know
    unread: int = 0  # mails that could not be read
    named: tuple["Unread", ...] = ()  # the first of them


class Unread(NamedTuple):
    """A mail that could not be read: its Message-ID, or its UID where it has none, and why."""

    where: str
    why: str


@dataclass(frozen=True)
class Reader:
    """Reads one account's folders into the store."""

    account: str
    box: Mailbox
    store: Store
    owner: Owner
    clock: Callable[[], datetime]
    seen: OwnSeen = field(default_factory=OwnSeen)  # what lay in Sent and is not configured

    async def learn(self, purpose: Purpose, tell: Callable[[Step], None] | None = None) -> int:
        """Read Sent and the history folders from where reading stopped; how many letters were new.

        Purpose.LEARN reads headers: history is usable after it. Purpose.TEXTS then reads the texts of small
        personal mails for introductions, refusals and the like. Raises MailboxError, StoreError.
        """
        new = 0
        for folder in await self.folders():
            new += await self.read(folder, purpose, tell)
        return new

    async def folders(self) -> list[str]:
        """The full names of Sent and the configured history folders, as far as they are there."""
        found = await self.box.do(list_folders)
        names = [sent_of(found, self.box.server.sent), *(found.find(h) for h in self.box.server.history)]
        return list(dict.fromkeys(n for n in names if n is not None))

    async def missing(self) -> dict[str, tuple[str, ...]]:
        """The configured folders that are not there, each with the names that are."""
        found = await self.box.do(list_folders)
        sent = () if self.box.server.sent == "auto" else (self.box.server.sent,)
        names = tuple(f.name for f in found.all if f.selectable)
        return {h: names for h in (*sent, *self.box.server.history) if found.find(h) is None}

    async def read(
        self,
        folder: str,
        purpose: Purpose,
        tell: Callable[[Step], None] | None = None,
        *,
        most: int | None = None,
    ) -> int:
        """Read what is new in one folder, `most` mails at most; how many letters were new.

        Whoever the owner wrote to is released, if their mail was filed before.
        """
        opened = await self.box.do(Session.select, folder, read_only=True)
        at = await position(self.store, self.account, folder, purpose)
        if at is None or at.validity != opened.validity:  # renumbered: read again, a mail counts once
            at = await begin_at(
                self.store, self.account, folder, purpose, validity=opened.validity, uid=0, now=self.clock()
            )
        if opened.uidnext and opened.uidnext <= at.uid + 1:
            return 0
        uids = (await self.box.do(Session.uids_after, at.uid))[:most]
        found = await self.box.do(list_folders) if uids else None
        is_sent = found is not None and folder == sent_of(found, self.box.server.sent)
        size = _HEADERS_AT_ONCE if purpose is Purpose.LEARN else _TEXTS_AT_ONCE
        batches = [uids[at : at + size] for at in range(0, len(uids), size)]
        new = done = 0
        unread: list[Unread] = []
        async with aclosing(self._ahead(batches, purpose, is_sent)) as coming:
            async for batch, found_in in coming:
                letters = [one for one in found_in if isinstance(one, Letter)]
                unread += [one for one in found_in if isinstance(one, Unread)]
                new += await remember(self.store, letters)
                if is_sent and purpose is Purpose.LEARN:
                    self.seen.look(letters)
                await release_written_to(self.store, letters, at=self.clock(), own=self.owner.addresses)
                await advance(
                    self.store, self.account, folder, purpose, validity=opened.validity, uid=batch[-1]
                )
                done += len(batch)
                if tell is not None:
                    named = tuple(unread[:NAMED])
                    tell(Step(self.account, folder, purpose, done, len(uids), new, len(unread), named))
        return new

    async def _ahead(
        self, batches: Sequence[list[int]], purpose: Purpose, is_sent: bool
    ) -> AsyncGenerator[tuple[list[int], list[Letter | Unread]]]:
        """What each batch holds; the next is fetched while the caller writes one down.

        The session's thread reads the mails too: the event loop has other mail to serve.
        """
        coming: asyncio.Task[list[Letter | Unread]] | None = None
        try:
            for number, batch in enumerate(batches):
                task = coming or self._fetch(batch, purpose, is_sent)
                found = await task
                coming = None
                if number + 1 < len(batches):
                    coming = self._fetch(batches[number + 1], purpose, is_sent)
                yield batch, found
        finally:
            if coming is not None:
                coming.cancel()
                await asyncio.wait([coming])

    def _fetch(
        self, batch: list[int], purpose: Purpose, is_sent: bool
    ) -> asyncio.Task[list[Letter | Unread]]:
        return asyncio.create_task(self.box.do(_letters, batch, purpose, self.owner, is_sent, self.clock()))


def _letters(
    session: Session, uids: Sequence[int], purpose: Purpose, owner: Owner, is_sent: bool, now: datetime
) -> list[Letter | Unread]:
    def read(found: list[Heading]) -> list[Letter | Unread | None]:
        mails = [read_headers(one.header) for one in found]
        dates = [now if m.date else one.received or now for m, one in zip(mails, found, strict=True)]
        return [
            Unread(mail.message_id or f"UID {one.uid}", trouble)
            if (trouble := trouble_with(mail) if one.header.strip() else "no header could be read")
            else letter_of(mail, owner, is_sent=is_sent, stand_in=date)
            for one, mail, date in zip(found, mails, dates, strict=True)
        ]

    if purpose is Purpose.TEXTS:
        return [*_with_texts(session, uids, owner, is_sent, now)]
    return [one for one in headings(session, uids, FIELDS, read) if one is not None]


def _with_texts(
    session: Session, uids: Sequence[int], owner: Owner, is_sent: bool, now: datetime
) -> list[Letter]:
    def read(found: list[Heading]) -> list[tuple[int, datetime] | None]:
        return [(one.uid, one.received or now) if wanted(one) else None for one in found]

    def wanted(one: Heading) -> bool:
        mail = read_headers(one.header)
        return one.size <= _TEXT_BYTES and not trouble_with(mail) and is_personal_for_history(mail)

    stand_ins = dict(filter(None, headings(session, uids, FIELDS, read, sizes=True)))
    letters = []
    for uid, raw in wholes(session, list(stand_ins)).items():
        if uid in stand_ins:
            letters.append(
                letter_of(
                    read_mail(raw),
                    owner,
                    is_sent=is_sent,
                    stand_in=stand_ins[uid],
                    since=now - KEPT,
                    asked_since=now - ASKS_MATTER,
                )
            )
    return [letter for letter in letters if letter is not None]
