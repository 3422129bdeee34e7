"""One blocking IMAP session, owned by one thread: its life, open folder, commands and their errors."""

import contextlib
import imaplib
import os
import ssl
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models.errors import MailboxError
from models.settings import ImapTable, Security
from proxy.mailbox.answers import Answer, fields, number
from proxy.mailbox.login import Client, Login, log_in, secure
from proxy.mailbox.wire import Taker, Wire, name, shown
from proxy.secrets import tls_words

CONNECTIONS = 3  # at most so many at once for one login (promise 7)
TIMEOUT = 60.0  # seconds for a connection, and for each read
_BATCH = 500  # numbers in one command: servers refuse longer lines


class _Seats:
    """The connections one login may have at a time, and how many wait for one."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(CONNECTIONS)
        self._counting = threading.Lock()
        self.waiting = 0

    def take(self, timeout: float) -> bool:
        if self._free.acquire(blocking=False):
            return True
        with self._counting:
            self.waiting += 1
        try:
            return self._free.acquire(timeout=timeout)
        finally:
            with self._counting:
                self.waiting -= 1

    def leave(self) -> None:
        self._free.release()


_seats: dict[tuple[str, int, str], _Seats] = {}
_seats_lock = threading.Lock()


@dataclass(frozen=True)
class Selected:
    """The folder that is open, as the server described it when it was opened."""

    folder: str
    validity: int  # UIDVALIDITY; 0: none
    uidnext: int  # 0: not said
    messages: int
    read_only: bool
    keywords: bool  # own keywords can be set (PERMANENTFLAGS \*)


@dataclass(frozen=True)
class Standing:
    """A folder from outside (STATUS)."""

    validity: int
    uidnext: int
    messages: int


class NotDone(MailboxError):
    """The server said NO or BAD; the connection goes on."""

    def __init__(self, text: str, answer: Answer) -> None:
        super().__init__(text)
        self.answer = answer


class Session:
    """A logged-in connection. Every method blocks, `timeout` seconds at most for one read.

    Raises MailboxError with words; after any but NotDone the session is of no more use.
    """

    def __init__(
        self, what: str, server: ImapTable, context: ssl.SSLContext | None, *, timeout: float = TIMEOUT
    ) -> None:
        self.what = what  # "account work, imap"
        self.server = server
        self.where = f"The IMAP server {server.host}:{server.port}"
        self.selected: Selected | None = None
        self.capabilities: frozenset[bytes] = frozenset()
        self.wake_fd, self._wake_end = os.pipe()
        os.set_blocking(self._wake_end, False)
        self._context = context
        self._timeout = timeout
        self._client: Client | None = None
        self._seat = _seat(server)
        self._seated = False
        self._open = True

    # ── life ────────────────────────────────────────────────────────────────────────────────────────────

    def connect(self, login: Login) -> None:
        """Connect, secure the connection, log in. Raises MailboxRefused where the login is refused."""
        if not self._seat.take(self._timeout):
            raise MailboxError(f"{self.where} already serves {CONNECTIONS} connections of {self.what}.")
        self._seated = True
        try:
            with self.words():
                tls = self.server.security is Security.TLS
                self._client = Client(self._dial, tls=tls, timeout=self._timeout)
                secure(self._client, self.server, self._context, self.where)
                log_in(self._client, self.server, login, self.where)
                self.capabilities = self._client.offered
        except BaseException:
            self.close()
            raise

    def _dial(self) -> Wire:
        context = self._context if self.server.security is Security.TLS else None
        return Wire(self.server.host, self.server.port, context, self._timeout)

    def close(self) -> None:
        """Say goodbye where that is quick, and free the connection. Safe to call twice."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(OSError, ValueError, imaplib.IMAP4.error, MailboxError):
                client.wire.sock.settimeout(2.0)
                client.wire.run(b"LOGOUT")
            client.wire.shutdown()
        if self._seated:
            self._seated = False
            self._seat.leave()
        if self._open:
            self._open = False
            os.close(self.wake_fd)
            os.close(self._wake_end)

    def wake(self) -> None:
        """From another thread: end a wait, and every later one at once."""
        if self._open:
            with contextlib.suppress(OSError):
                os.write(self._wake_end, b"x")

    def cut(self) -> None:
        """From another thread: cut the connection, whatever it waits for."""
        client = self._client
        if client is not None:
            client.wire.cut()

    # ── commands ────────────────────────────────────────────────────────────────────────────────────────

    @property
    def connected(self) -> bool:
        """Not while the connection is still being made."""
        return self._client is not None

    @property
    def crowded(self) -> bool:
        """Somebody waits for one of the connections of this login."""
        return self._seat.waiting > 0

    @property
    def wire(self) -> Wire:
        if self._client is None:
            raise MailboxError(f"The connection of {self.what} is closed.")
        return self._client.wire

    def has(self, capability: bytes) -> bool:
        return capability in self.capabilities

    def run(self, *parts: bytes, take: Taker | None = None) -> Answer:
        """One command that must succeed. Raises NotDone with the server's words where it does not.

        `take`: see `Wire.run`.
        """
        answer = self.ask(*parts, take=take)
        if not answer.ok:
            words = shown(answer.text) or "no reason given"
            raise NotDone(f"{self.where} refused {parts[0].decode()}: {words.rstrip('.')}.", answer)
        return answer

    def ask(self, *parts: bytes, take: Taker | None = None) -> Answer:
        """One command whose refusal is an answer too."""
        with self.words():
            return self.wire.run(*parts, take=take)

    def select(self, folder: str, *, read_only: bool = False) -> Selected:
        """Open a folder; `selected` then says what it is. Raises NotDone where it is not there."""
        self.selected = None
        self.wire.changed_validity = False
        answer = self.run(b"EXAMINE" if read_only else b"SELECT", name(folder))
        self.wire.changed_validity = False  # told with the answer, it is this folder's first
        exists = [p[0].split()[1] for p in answer.untagged if p[0].upper().endswith(b" EXISTS")]
        self.selected = Selected(
            folder=folder,
            validity=_first(answer.codes(b"UIDVALIDITY")),
            uidnext=_first(answer.codes(b"UIDNEXT")),
            messages=number(exists[-1]) if exists else 0,
            read_only=answer.code == b"READ-ONLY",
            keywords=any(b"\\*" in flags for flags in answer.codes(b"PERMANENTFLAGS")),
        )
        return self.selected

    def status(self, folder: str) -> Standing:
        """How a folder stands, without opening it."""
        answer = self.run(b"STATUS", name(folder), b"(UIDVALIDITY UIDNEXT MESSAGES)")
        told = next((fields(words[-1]) for words in answer.named(b"STATUS") if words), {})
        return Standing(
            number(told.get(b"UIDVALIDITY")), number(told.get(b"UIDNEXT")), number(told.get(b"MESSAGES"))
        )

    def search(self, *criteria: bytes) -> list[int]:
        """The UIDs that fit, ascending."""
        answer = self.run(b"UID SEARCH", *criteria)
        return sorted({number(v) for words in answer.named(b"SEARCH") for v in words} - {0})

    def uids_after(self, last: int) -> list[int]:
        """All UIDs above `last`. (`n:*` also names the highest there is, so that one is cut off.)"""
        return [uid for uid in self.search(b"UID %d:*" % (last + 1)) if uid > last]

    def same_folder(self, validity: int) -> bool:
        """The open folder is still the one whose UIDs we know."""
        known = self.selected is not None and self.selected.validity == validity > 0
        return known and not self.wire.changed_validity

    @contextlib.contextmanager
    def words(self) -> Iterator[None]:
        """Turns what a broken connection raises into one sentence."""
        try:
            yield
        except ssl.SSLError as error:
            raise MailboxError(f"{self.where}: {tls_words(error, self.server.host)}") from None
        except TimeoutError:
            raise MailboxError(f"{self.where} did not answer in time.") from None
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise MailboxError(f"{self.where} cannot be reached: {reason}.") from None
        except imaplib.IMAP4.error as error:
            raise MailboxError(f"{self.where}: {_text(error)}.") from None


def batches(uids: Iterable[int], size: int = _BATCH) -> Iterator[bytes]:
    """Sets of UIDs (`3,7,8`), short enough for one command each; never a range, which can mean more."""
    ordered = sorted(set(uids))
    for at in range(0, len(ordered), size):
        yield b",".join(b"%d" % uid for uid in ordered[at : at + size])


def _seat(server: ImapTable) -> _Seats:
    key = (server.host, server.port, server.username)
    with _seats_lock:
        return _seats.setdefault(key, _Seats())


def _text(error: BaseException) -> str:
    text = shown(str(error)).rstrip(".")
    if "unexpected response" in text or text == "None":
        return f"it does not speak IMAP ({text[:80]}); check host and port"
    return text


def _first(arguments: list[bytes]) -> int:
    return number(arguments[0].strip()) if arguments else 0
