"""The account's mailbox for the event loop: one IMAP session, worked by one thread of its own."""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from models.settings import ImapTable, Security
from proxy import secrets
from proxy.mailbox import fetch, folders
from proxy.mailbox.answers import numbers
from proxy.mailbox.login import Login
from proxy.mailbox.session import TIMEOUT, Session
from proxy.mailbox.wire import Literal, name

P = ParamSpec("P")
T = TypeVar("T")

_GRACE = 3.0  # seconds a piece of work has to end before its connection is cut
_GOODBYE = 1.5  # seconds for the server to say goodbye; a thread that hangs ends by itself
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Mailbox:
    """An open mailbox. `async with await Mailbox.open("work", account.imap) as box: await box.append(…)`.

    Every method raises MailboxError with words; SecretError or ConfigError where the login could not be had.
    """

    def __init__(self, account: str, server: ImapTable, session: Session) -> None:
        self.account = account
        self.server = server
        self.session = session
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._ended: Future[None] = Future()
        threading.Thread(target=self._worker, name=f"imap {account}", daemon=True).start()

    @classmethod
    async def open(cls, account: str, server: ImapTable, *, timeout: float = TIMEOUT) -> "Mailbox":
        """Connect and log in with the configured secret. Raises MailboxRefused where the login is refused."""
        what = f"account {account}, imap"
        read = secrets.token if server.token_command else secrets.password
        login = Login(await read(server, what), is_token=bool(server.token_command))
        plain = server.security is Security.PLAINTEXT
        context = None if plain else await asyncio.to_thread(secrets.ssl_context, server)
        box = cls(account, server, Session(what, server, context, timeout=timeout))
        try:
            await box.do(Session.connect, login)
        except BaseException:
            await box.close()
            raise
        return box

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def do(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(session, …)` on the session's thread. Cancelled, a wait ends; other work ends first."""
        result: Future[T] = Future()

        def run() -> None:
            if not result.set_running_or_notify_cancel():
                return
            try:
                result.set_result(work(self.session, *args, **kwargs))
            except BaseException as error:
                result.set_exception(error)

        self._work.put(run)
        waiting = asyncio.wrap_future(result)
        try:
            return await asyncio.shield(waiting)
        except asyncio.CancelledError:
            self.session.wake()
            done, _ = await asyncio.wait([waiting], timeout=_GRACE if self.session.connected else 0)
            if done:
                waiting.exception()  # nobody else will ask for it
            else:
                self.session.cut()
                waiting.cancel()
            raise

    async def close(self) -> None:
        """Log out where that is quick, and end the thread."""
        self.session.wake()
        self._work.put(self.session.close)
        self._work.put(None)
        if not self._ended.done():
            await asyncio.wait([asyncio.wrap_future(self._ended)], timeout=_GOODBYE)
        if not self._ended.done():
            self.session.cut()

    def _worker(self) -> None:
        while (work := self._work.get()) is not None:
            work()
        self._ended.set_result(None)

    # ── what others need of a mailbox ───────────────────────────────────────────────────────────────────

    async def append(
        self, folder: str, raw: bytes, *, flags: Sequence[str] = (), at: datetime | None = None
    ) -> int:
        """Put a mail into a folder, byte for byte; its UID there, 0 where the server did not say.

        The folder is made where missing. `raw` has CRLF line ends. `flags` like "\\Seen".
        `at`: the date the folder shows, now where None.
        """
        return await self.do(_append, folder, raw, tuple(flags), at)

    async def sent_folder(self) -> str | None:
        """The Sent folder as configured, by SPECIAL-USE or by its usual names; None where there is none."""
        return await self.do(_sent_folder)

    async def holds(self, folder: str, message_id: str) -> bool:
        """A mail of this Message-ID lies in the folder."""
        return await self.do(_holds, folder, message_id)


def _sent_folder(session: Session) -> str | None:
    return folders.sent_of(folders.list_folders(session), session.server.sent)


def _append(session: Session, folder: str, raw: bytes, flags: tuple[str, ...], at: datetime | None) -> int:
    target = folders.ensure(session, folder)
    parts: list[bytes] = [name(target)]
    if flags:
        parts.append(b"(" + " ".join(flags).encode("ascii") + b")")
    if at is not None:
        parts.append(_internal_date(at))
    answer = session.run(b"APPEND", *parts, Literal(raw))
    for code in answer.codes(b"APPENDUID"):
        words = code.split()
        if len(words) == 2 and (uids := numbers(words[1])):
            return uids[0]
    return 0


def _internal_date(at: datetime) -> bytes:
    utc = at.astimezone(UTC)
    return f'"{utc.day:02d}-{_MONTHS[utc.month - 1]}-{utc.year:04d} {utc:%H:%M:%S} +0000"'.encode("ascii")


def _holds(session: Session, folder: str, message_id: str) -> bool:
    session.select(folder, read_only=True)
    return any(
        message_id.encode("utf-8", "replace") in found.header
        for found in fetch.look(session, fetch.with_message_id(session, message_id))
    )
