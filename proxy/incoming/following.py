"""Each poll: what the user moved in or out of Cold Asks, and the mail they sent from elsewhere."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from classifier.reading.read import read_headers, read_mail
from models.correction import Correction, FiledState, Opinion
from models.letter import fingerprint
from models.verdict import Disposition, IncomingVerdict
from proxy.history.genuine import ASKS_MATTER, is_notice, letter_of
from proxy.history.imap import Reader
from proxy.incoming.changes import Changes, compare, word_of_coming, word_of_leaving
from proxy.incoming.filing import Filing
from proxy.incoming.schooling import Moved, learn_from
from proxy.incoming.watched import Watched
from proxy.incoming.whereabouts import Place, locate
from proxy.mailbox import Mailbox
from proxy.mailbox.fetch import look, whole
from proxy.mailbox.folders import Folders, list_folders
from proxy.mailbox.session import Selected, Session, Standing
from proxy.store import corrections, filed, positions
from proxy.store.filed import Entry, Judgement
from proxy.store.letters import remember
from proxy.store.positions import Lying, Purpose

_MOST = 2000  # mails of a history folder read in one round: the next round goes on


class Following:
    """One account's rounds over one mailbox."""

    def __init__(self, watched: Watched, box: Mailbox) -> None:
        self._watched = watched
        self._box = box
        self._last: Standing | None = None  # of Cold Asks: nothing changed where it is the same

    async def round(self) -> None:
        """One look at everything that is followed. Raises MailboxError, StoreError."""
        watched = self._watched
        await self.look_at_cold_asks()
        if any(e.copied for e in await filed.unfinished(watched.store, watched.account)):
            await Filing(watched, self._box).take_up(begun=False)
        if await watched.ready():
            await self._read_history()

    async def _read_history(self) -> None:
        watched = self._watched
        reader = Reader(watched.account, self._box, watched.store, watched.owner, watched.clock)
        for folder in await reader.folders():
            if folder == "INBOX":
                continue  # judged mail by mail, and remembered then
            await reader.read(folder, Purpose.LEARN, most=_MOST)
            if await positions.position(watched.store, watched.account, folder, Purpose.TEXTS):
                await reader.read(folder, Purpose.TEXTS, most=_MOST // 10)

    # ── Cold Asks ───────────────────────────────────────────────────────────────────────────────────────

    async def look_at_cold_asks(self) -> None:
        """Hear what the user said by moving mail out of Cold Asks and into it."""
        folders = await self._box.do(list_folders)
        cold = folders.find(self._watched.server.cold_asks)
        if cold is None:
            self._last = None
            return  # deleted or renamed as a whole: that says nothing about anybody
        unseen = await filed.unseen(self._watched.store, self._watched.account)  # before the folder is read
        opened = await self._box.do(Session.select, cold, read_only=True)
        standing = Standing(opened.validity, opened.uidnext, opened.messages)
        present = await self._box.do(Session.search, b"UNDELETED")
        if standing == self._last and len(present) == opened.messages and not unseen:
            return  # what was filed and lies nowhere here came and went between two looks
        changes = await self._changes(opened, present, [_as_lying(entry) for entry in unseen])
        moved = await self._hear_coming(opened, changes.come)
        moved += await self._hear_leaving(folders, cold, changes, left_behind=len(present))
        self._last = standing
        for one in moved:  # last: all words are written down, whatever becomes of the connection
            await learn_from(self._watched, self._box, one)

    async def _changes(self, opened: Selected, present: list[int], unseen: list[Lying]) -> Changes:
        """What changed since the last look, written down as seen.

        What lay there at the first look says nothing. `unseen` was filed since the last look.
        """
        watched = self._watched
        at = await positions.position(watched.store, watched.account, opened.folder, Purpose.LYING)
        before = await positions.lying(watched.store, watched.account)
        same = at is not None and at.validity == opened.validity
        known = {m.uid for m in before} if same else set()
        arrived = await self._box.do(_lying, [uid for uid in present if uid not in known])
        changes = compare([*before, *unseen], present if same else (), arrived)
        gone = [m.uid for m in before if m.uid not in present or not same]
        await positions.change_lying(watched.store, watched.account, gone=gone, come=arrived)
        if not same:
            await positions.begin_at(
                watched.store, watched.account, opened.folder, Purpose.LYING,
                validity=opened.validity, uid=0, now=watched.clock(),
            )  # fmt: skip
            return Changes(() if at is None else changes.come, changes.gone, same_folder=at is None)
        return changes

    async def _hear_coming(self, opened: Selected, come: Sequence[Lying]) -> list[Moved]:
        watched, moved = self._watched, list[Moved]()
        for mail in come:
            entries = await filed.known(watched.store, watched.account, mail.fingerprint)
            opinion = word_of_coming([e.state for e in entries], many=len(come))
            own = not mail.sender or watched.owner.is_own(mail.sender)
            entry = _of_copy(entries, mail)
            if opinion is None or own:
                if entry is not None and entry.state is FiledState.GONE:
                    await filed.set_state(watched.store, entry.id, FiledState.FILED)
                continue
            number = entry.id if entry else await self._record_moved_in(opened, mail)
            word = await self._correct(mail, opinion, corrections.MOVED_IN, number, FiledState.FILED)
            moved.append(Moved(word, opened.folder, mail.uid, cold=True, judged=entry is not None))
        return moved

    async def _record_moved_in(self, opened: Selected, mail: Lying) -> int:
        verdict = IncomingVerdict(
            disposition=Disposition.FILE, probability=1.0, reason="You moved it into Cold Asks yourself."
        )
        judgement = Judgement(
            account=self._watched.account, fingerprint=mail.fingerprint, copy=mail.copy,
            message_id=mail.message_id, sender=mail.sender, reply_to=(), subject=mail.subject,
            at=self._watched.clock(), verdict=verdict,
            folder=opened.folder, validity=opened.validity, uid=mail.uid,
        )  # fmt: skip
        return await filed.record(self._watched.store, judgement, FiledState.FILED, target=opened.folder)

    async def _hear_leaving(
        self, folders: Folders, cold: str, changes: Changes, *, left_behind: int
    ) -> list[Moved]:
        watched, moved = self._watched, list[Moved]()
        places = await self._box.do(locate, changes.gone, folders, cold) if changes.gone else {}
        targets = Counter(place.folder for place in places.values())
        for gone in changes.gone:
            mail = await self._read_again(gone, places.get(gone.uid))
            entry = _of_copy(await filed.known(watched.store, watched.account, mail.fingerprint), mail)
            place = places.get(mail.uid)
            opinion = None
            if (
                place is not None
                and changes.same_folder
                and mail.sender
                and not watched.owner.is_own(mail.sender)
            ):
                opinion = word_of_leaving(
                    place.uses, many=targets[place.folder], left_behind=left_behind,
                    written=await corrections.wrote_to(watched.store, mail.sender),
                )  # fmt: skip
            state = FiledState.RETURNED if place and not place.trashed else FiledState.GONE
            if opinion is not None and place is not None:
                number = entry.id if entry else 0
                junked = opinion is Opinion.COLD
                source = corrections.JUNKED if junked else corrections.MOVED_OUT
                word = await self._correct(mail, opinion, source, number, state)
                moved.append(Moved(word, place.folder, place.uid, cold=junked, judged=entry is not None))
            elif entry is not None:
                await filed.set_state(watched.store, entry.id, state)
            if place is not None and not place.trashed:
                await self._remember(place)
        return moved

    async def _read_again(self, mail: Lying, place: Place | None) -> Lying:
        """With its sender, whom the look before did not keep where they were purged since."""
        if mail.sender or place is None:
            return mail
        found = await self._box.do(_lying_in, place)
        return replace(found[0], uid=mail.uid) if found else mail

    async def _correct(
        self, mail: Lying, opinion: Opinion, source: str, entry: int, state: FiledState
    ) -> int:
        word = Correction(
            person=mail.sender,
            opinion=opinion,
            at=self._watched.clock(),
            source=source,
            message_id=mail.message_id,
        )
        number = await corrections.correct(self._watched.store, word, entry=entry, state=state)
        self._watched.journal.corrected(self._watched.account, opinion.value)
        return number

    async def _remember(self, place: Place) -> None:
        """What the user took back is history from now on."""
        watched = self._watched
        found = await self._box.do(_whole_in, place)
        if found is not None:
            now = watched.clock()
            since = now - ASKS_MATTER
            letter = await asyncio.to_thread(
                lambda: letter_of(
                    read_mail(found), watched.owner, is_sent=False, stand_in=now, asked_since=since
                )
            )
            await remember(watched.store, [letter] if letter is not None else [])


def _as_lying(entry: Entry) -> Lying:
    """A filed mail as if it had been seen in Cold Asks; its number there is not known."""
    mail = entry.mail
    return Lying(-entry.id, mail.fingerprint, entry.copy, mail.message_id, mail.sender)


def _of_copy(entries: Sequence[Entry], mail: Lying) -> Entry | None:
    """The ledger's row of this very copy, else of the newest that is alike."""
    return next((e for e in entries if e.copy == mail.copy), entries[0] if entries else None)


def _lying(session: Session, uids: Sequence[int]) -> list[Lying]:
    out = []
    for one in look(session, uids):
        mail = read_headers(one.header)
        if not is_notice(mail):
            sender = mail.sender.canonical if mail.sender else ""
            out.append(Lying(one.uid, fingerprint(mail), one.copy, mail.message_id, sender, mail.subject))
    return out


def _lying_in(session: Session, place: Place) -> list[Lying]:
    session.select(place.folder, read_only=True)
    return _lying(session, [place.uid])


def _whole_in(session: Session, place: Place) -> bytes | None:
    session.select(place.folder, read_only=True)
    return whole(session, place.uid)
