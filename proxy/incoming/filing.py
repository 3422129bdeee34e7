"""Filing one mail so that no crash loses or doubles it: the ledger's row is written before the first step."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from models.correction import Correction, FiledState, Opinion
from proxy.incoming.watched import KEYWORD, Watched
from proxy.mailbox import Mailbox, folders, moves
from proxy.mailbox.fetch import look, with_message_id
from proxy.mailbox.moves import Elsewhere, Source
from proxy.mailbox.session import NotDone, Session
from proxy.store import corrections, filed
from proxy.store.filed import Entry, Judgement

T = TypeVar("T")

_LAST_STEPS = 5.0  # seconds a move has to end when the service stops
_TAIL = 50  # so many of a folder's newest mails are compared, found by Message-ID or not


class Filing:
    """Moves mail to Cold Asks over one mailbox, and takes up what a crash left undone."""

    def __init__(self, watched: Watched, box: Mailbox) -> None:
        self._watched = watched
        self._box = box
        self.target: str | None = None  # Cold Asks' full name; None: it cannot be used

    async def prepare(self) -> None:
        """Find Cold Asks, made and subscribed where missing. Where that fails nothing is filed, in words."""
        try:
            self.target = await self._box.do(folders.ensure, self._watched.server.cold_asks)
        except NotDone as error:
            self.target = None
            self._watched.journal.trouble(f"account {self._watched.account}", str(error))

    async def file(self, judgement: Judgement) -> FiledState:
        """Move the judged mail; where it ended up. Raises MailboxError where the connection broke."""
        if self.target is None:
            await self.prepare()
        if self.target is None:
            await filed.record(self._watched.store, judgement, FiledState.STAYED)
            return FiledState.STAYED
        return await unbroken(self._file(judgement, self.target))

    async def _file(self, judgement: Judgement, target: str) -> FiledState:
        store = self._watched.store
        entry = await filed.record(store, judgement, FiledState.MOVING, target=target)
        source = Source(judgement.folder, judgement.validity, judgement.uid, judgement.copy)
        for attempt in (target, None):
            try:
                if attempt is None:  # the folder may have been deleted meanwhile
                    await self.prepare()
                return await self._move(entry, source, attempt or self.target or target)
            except Elsewhere:
                await filed.set_state(store, entry, FiledState.GONE)
                return FiledState.GONE
            except NotDone as refusal:  # the mail is where it was
                words = f"A cold ask stays in the inbox: {refusal}"
        await filed.set_state(store, entry, FiledState.STAYED)
        self._watched.journal.trouble(f"account {self._watched.account}", words)
        return FiledState.STAYED

    async def _move(self, entry: int, source: Source, target: str) -> FiledState:
        store = self._watched.store
        if await self._box.do(_mark_and_move, source, target):
            await filed.set_state(store, entry, FiledState.FILED)
            return FiledState.FILED
        await self._box.do(moves.copy, source, target)
        await filed.set_state(store, entry, FiledState.FILED, copied=True)
        await self._remove(entry, source)
        return FiledState.FILED

    async def _remove(self, entry: int, source: Source) -> None:
        """The original of a copy; where it must stay for now, it is tried again at a later look."""
        try:
            removed = await self._box.do(moves.remove, source)
        except Elsewhere:
            removed = True
        except NotDone as refusal:
            removed = False
            self._watched.journal.trouble(
                f"account {self._watched.account}", f"A filed mail's original stays: {refusal}"
            )
        if removed:
            await filed.set_state(self._watched.store, entry, FiledState.FILED)

    # ── what a crash or a refusal left ──────────────────────────────────────────────────────────────────

    async def take_up(self, *, begun: bool = True) -> None:
        """Bring every move that was begun to its end: one copy, in one place.

        `begun=False`: only take away originals that had to stay; moves under way are somebody else's.
        """
        for entry in await filed.unfinished(self._watched.store, self._watched.account):
            if begun or entry.copied:
                await unbroken(self._take_up(entry))

    async def _take_up(self, entry: Entry) -> None:
        source = Source(entry.folder, entry.validity, entry.uid, entry.copy)
        arrived, original = await self._box.do(_survey, entry)
        store, state = self._watched.store, entry.state
        if original is not None and arrived:
            await filed.set_state(store, entry.id, FiledState.FILED, copied=True)
            await self._remove(entry.id, source)
        elif arrived or state is FiledState.FILED:
            await filed.set_state(store, entry.id, FiledState.FILED)
        elif original is not None and original and self.target is not None:
            await self._again(entry, source, self.target)
        elif original is not None:
            await filed.set_state(store, entry.id, FiledState.STAYED)
        else:
            await self._missing(entry)

    async def _again(self, entry: Entry, source: Source, target: str) -> None:
        try:
            await self._move(entry.id, source, target)
        except (Elsewhere, NotDone):
            await filed.set_state(self._watched.store, entry.id, FiledState.STAYED)

    async def _missing(self, entry: Entry) -> None:
        """Neither here nor there: back in the inbox under another number, where the user put it, or gone."""
        store, mail = self._watched.store, entry.mail
        back, same = await self._box.do(_back_in, entry)
        if back and same:
            word = Correction(
                person=mail.sender, opinion=Opinion.NOT_COLD, at=self._watched.clock(),
                source=corrections.MOVED_OUT, message_id=mail.message_id,
            )  # fmt: skip
            await corrections.correct(store, word, entry=entry.id, state=FiledState.RETURNED)
        else:
            await filed.set_state(store, entry.id, FiledState.STAYED if back else FiledState.GONE)


async def unbroken(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end even when cancelled: a move that has begun is finished, within seconds."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=_LAST_STEPS)
        if task.done() and not task.cancelled():
            task.exception()  # the journal row says what to take up again
        else:
            task.cancel()
        raise


def _mark_and_move(session: Session, source: Source, target: str) -> bool:
    """Move in one step where the server can; the keyword lets the mail be known again."""
    if not moves.mark(session, source, KEYWORD):
        moves.check(session, source)
    if not moves.can_move(session):
        return False
    moves.move(session, source, target)
    return True


def _survey(session: Session, entry: Entry) -> tuple[bool, bool | None]:
    """Of a begun move: whether it arrived, and whether its original is unmarked (None: not there)."""
    arrived = bool(entry.target and copies_in(session, entry.target, entry.mail.message_id, entry.copy))
    session.select(entry.folder)
    if not session.same_folder(entry.validity):
        return arrived, None
    found = [one for one in look(session, [entry.uid]) if one.copy == entry.copy]
    return arrived, ("\\deleted" not in found[0].flags) if found else None


def _back_in(session: Session, entry: Entry) -> tuple[bool, bool]:
    """Whether a copy lies in the source folder under any number, and whether that folder is the same one."""
    back = copies_in(session, entry.folder, entry.mail.message_id, entry.copy)
    return bool(back), session.same_folder(entry.validity)


def copies_in(session: Session, folder: str, message_id: str | None, copy: int) -> list[int]:
    """The numbers under which exactly this copy lies in a folder; empty where the folder is not there."""
    try:
        opened = session.select(folder, read_only=True)
    except NotDone:
        return []
    if not opened.messages:
        return []
    newest = session.uids_after(max(0, opened.uidnext - _TAIL))
    named = with_message_id(session, message_id) if message_id else []  # finds no strange ones everywhere
    looks = look(session, [*newest, *named[-_TAIL:]])
    return [one.uid for one in looks if one.copy == copy and "\\deleted" not in one.flags]
