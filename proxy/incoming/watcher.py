"""The watcher of one account: its inbox judged as mail arrives, its folders followed; two connections."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from classifier.hearing import Ear
from models.errors import ColdaskError, MailboxError, MailboxRefused
from models.settings import Settings
from proxy.incoming.filing import Filing
from proxy.incoming.flow import Flow
from proxy.incoming.following import Following
from proxy.incoming.watched import Watched
from proxy.journal import Journal
from proxy.mailbox import Mailbox, idle
from proxy.mailbox.fetch import look
from proxy.mailbox.session import Selected, Session
from proxy.store import filed, positions
from proxy.store.database import Store
from proxy.store.positions import Position, Purpose

_AT_ONCE = 50  # arrived mails looked at together
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0  # seconds between attempts to connect
REFUSED_PAUSES = (60.0, 300.0, 900.0)  # … after a refused login: a provider locks out who hammers
_STAYS = 20.0  # seconds the connection that follows is kept at least, whoever waits for one
_GLANCE = 2.0  # seconds between two looks whether somebody waits
_STEADY = 60.0  # a connection that lasted so long was a good one
_KEPT_DAYS = 90  # so long `why` can tell of mail that was simply kept

Watching = Callable[[str, str], None]


class Watcher:
    """Watches one account until it is cancelled. `await Watcher("work", settings, store, …).run()`.

    `lists`: the mailings the user runs, read. `on_watching(account, folder)` is called once, when it is known
    what lay in the inbox before. Nothing the server does ends it: it connects again, with words in the log.
    """

    def __init__(
        self,
        account: str,
        settings: Settings,
        store: Store,
        *,
        lists: Mapping[str, frozenset[str]] | None = None,
        journal: Journal | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        ear: Ear | None = None,
        on_watching: Watching = lambda account, folder: None,
    ) -> None:
        server = settings.accounts[account].imap
        if server is None:
            raise ValueError(f"account {account} has no [imap] table")
        self._watched = Watched(
            account, server, settings, store, dict(lists or {}), journal or Journal(), clock, ear
        )
        self._on_watching = on_watching
        self._begun = asyncio.Event()  # what was there before is known

    async def run(self) -> None:
        """Watch and follow until cancelled; a move that has begun is finished first."""
        watched = self._watched
        await filed.forget_kept(watched.store, watched.clock() - timedelta(days=_KEPT_DAYS))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep(self._watch))
            await self._begun.wait()
            group.create_task(self._keep(self._follow))

    async def _keep(self, life: Callable[[Mailbox], Awaitable[None]]) -> None:
        """Live one connection after another."""
        pause, refused = _FIRST_PAUSE, 0
        while True:
            began = time.monotonic()
            try:
                async with await Mailbox.open(self._watched.account, self._watched.server) as box:
                    refused = 0
                    await life(box)
                    pause = _FIRST_PAUSE
            except MailboxRefused as error:
                pause = REFUSED_PAUSES[min(refused, len(REFUSED_PAUSES) - 1)]
                refused += 1
                self._trouble(f"{error} Next try in {pause:.0f} seconds.")
            except ColdaskError as error:
                self._trouble(str(error))
            except Exception as error:  # the watch goes on whatever a server answers
                # the type alone: an exception's words may quote what it stumbled over
                self._trouble(f"the watch stumbled ({type(error).__name__}) and begins again")
            if time.monotonic() - began > _STEADY:
                pause = _FIRST_PAUSE
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _trouble(self, words: str) -> None:
        self._watched.journal.trouble(f"account {self._watched.account}", words)

    # ── the inbox ───────────────────────────────────────────────────────────────────────────────────────

    async def _watch(self, box: Mailbox) -> None:
        watched = self._watched
        filing = Filing(watched, box)
        if watched.settings.incoming.mode == "file":
            await filing.prepare()
        await filing.take_up()
        if not self._begun.is_set():  # what was moved while nobody watched is heard before anything is judged
            await Following(watched, box).look_at_cold_asks()
        opened = await box.do(Session.select, "INBOX")
        if not opened.validity:
            raise MailboxError(
                "The server gives its mail no lasting numbers (UIDVALIDITY): it is not watched."
            )
        if opened.read_only:
            self._trouble("the inbox can only be read, so nothing is filed: judgements are recorded")
        at = await self._begin(box, opened)
        if not self._begun.is_set():
            self._begun.set()
            self._on_watching(watched.account, "INBOX")
        flow = Flow(watched, box, filing)
        while True:
            await self._catch_up(box, flow, opened, at)
            seconds = (
                idle.ROUND if box.session.has(b"IDLE") else float(watched.settings.incoming.poll_seconds)
            )
            if await box.do(idle.wait, seconds) is idle.News.STOPPED:
                return

    async def _begin(self, box: Mailbox, opened: Selected) -> Position:
        """Where judging goes on. At the first look, and when the server renumbered: after all there is."""
        watched = self._watched
        at = await positions.position(watched.store, watched.account, "INBOX", Purpose.WATCH)
        if at is not None and at.validity == opened.validity:
            return at
        if at is not None:
            self._trouble("the server renumbered the inbox; what lies in it now is left as it is")
        last = opened.uidnext - 1 if opened.uidnext else max(await box.do(Session.search, b"ALL"), default=0)
        return await positions.begin_at(
            watched.store,
            watched.account,
            "INBOX",
            Purpose.WATCH,
            validity=opened.validity,
            uid=last,
            now=watched.clock(),
        )

    async def _catch_up(self, box: Mailbox, flow: Flow, opened: Selected, since: Position) -> None:
        """Judge all that arrived since the last look, also what arrives meanwhile."""
        watched = self._watched
        while True:
            at = await positions.position(watched.store, watched.account, "INBOX", Purpose.WATCH) or since
            grown, uids = await box.do(_arrived, opened, at.uid)
            for start in range(0, len(uids), _AT_ONCE):
                batch = uids[start : start + _AT_ONCE]
                for one in await box.do(look, batch):
                    await flow.arrive(opened, one, since)
                await positions.advance(
                    watched.store,
                    watched.account,
                    "INBOX",
                    Purpose.WATCH,
                    validity=opened.validity,
                    uid=batch[-1],
                )
            if not uids and not grown:
                return

    # ── the other folders ───────────────────────────────────────────────────────────────────────────────

    async def _follow(self, box: Mailbox) -> None:
        watched = self._watched
        following, began = Following(watched, box), time.monotonic()
        while True:
            watched.look_now.clear()
            await following.round()
            until = time.monotonic() + watched.settings.incoming.poll_seconds
            while not watched.look_now.is_set() and (rest := until - time.monotonic()) > 0:
                if box.session.crowded and time.monotonic() - began > _STAYS:
                    return  # a notice or a copy for Sent waits for a connection; ours can be made again
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(rest, _GLANCE)):
                        await watched.look_now.wait()


def _arrived(session: Session, opened: Selected, last: int) -> tuple[bool, list[int]]:
    """What lies above `last` in the inbox, and whether more was announced while we asked."""
    if session.selected is None or session.selected.folder != opened.folder:
        session.select(opened.folder)
    if not session.same_folder(opened.validity):
        raise MailboxError("The server renumbered the inbox while it was open.")
    session.wire.grown = False
    uids = session.uids_after(last)
    return session.wire.grown, uids
