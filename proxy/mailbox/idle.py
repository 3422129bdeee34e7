"""Waiting for news (IDLE, RFC 2177): a select on the socket and a wake pipe, never a blind read."""

import time
from enum import Enum, auto

from models.errors import MailboxError
from proxy.mailbox.session import Session
from proxy.mailbox.wire import shown

ROUND = 240.0  # seconds of one IDLE: well under the 29 minutes of the RFC, and a dead connection shows
_ANSWER = 30.0  # seconds a server has to answer IDLE or DONE


class News(Enum):
    """Why a wait ended."""

    NEWS = auto()  # the folder changed
    QUIET = auto()  # the time is up: look all the same, IDLE can be deaf
    STOPPED = auto()  # somebody woke the session to end it


def wait(session: Session, seconds: float) -> News:
    """Wait for news in the open folder, `seconds` at most. Without IDLE only the time passes.

    Raises MailboxError where the connection ended.
    """
    if not session.has(b"IDLE"):
        return _sleep(session, seconds)
    wire = session.wire
    with session.words():
        tag = wire.begin(b"IDLE")
        news = _Round(session, tag)
        news.until_begun()
        outcome = news.listen(min(seconds, ROUND))
        news.end()
    return outcome if outcome is not News.QUIET or not news.changed else News.NEWS


class _Round:
    """One IDLE command, from its tag to its end."""

    def __init__(self, session: Session, tag: bytes) -> None:
        self._session = session
        self._tag = tag
        self._over = False  # the tagged answer came
        self.changed = False

    def until_begun(self) -> None:
        """Read up to the server's "+": news can stand before it."""
        deadline = time.monotonic() + _ANSWER
        while not self._over:
            self._wait_for_line(deadline, "IDLE")
            if self._read() == b"+":
                return

    def listen(self, seconds: float) -> News:
        """Read news until there is some, the time is up, or somebody wakes us."""
        deadline = time.monotonic() + seconds
        wire = self._session.wire
        while not self.changed and not self._over:
            rest = deadline - time.monotonic()
            if rest <= 0:
                return News.QUIET
            spoke, woken = wire.wait((self._session.wake_fd,), rest)
            if woken:
                return News.STOPPED
            if spoke:
                if not wire.has_line():
                    wire.fill()
                while wire.has_line() and not self._over:
                    self._read()
        return News.NEWS

    def end(self) -> None:
        """DONE, and the answer to it, within a deadline: some servers never give one."""
        if not self._over:
            self._session.wire.send(b"DONE\r\n")
        deadline = time.monotonic() + _ANSWER
        while not self._over:
            self._wait_for_line(deadline, "DONE")
            self._read()

    def _wait_for_line(self, deadline: float, what: str) -> None:
        wire = self._session.wire
        while not wire.has_line():
            rest = deadline - time.monotonic()
            if rest <= 0:
                raise MailboxError(f"The IMAP server {self._session.server.host} did not answer {what}.")
            if wire.wait((), rest)[0]:
                wire.fill()

    def _read(self) -> bytes:
        """One answer; its first word."""
        first = self._session.wire.heard()
        word, _, rest = first.partition(b" ")
        if word == self._tag:
            self._over = True
            if not rest.upper().startswith(b"OK"):
                raise MailboxError(
                    f"The IMAP server {self._session.server.host} refused IDLE: {shown(rest)}."
                )
        elif word == b"*" and rest.upper().endswith((b" EXISTS", b" EXPUNGE")):
            self.changed = True
        return word


def _sleep(session: Session, seconds: float) -> News:
    wire = session.wire
    deadline = time.monotonic() + seconds
    with session.words():
        while (rest := deadline - time.monotonic()) > 0:
            spoke, woken = wire.wait((session.wake_fd,), rest)
            if woken:
                return News.STOPPED
            if spoke:
                if not wire.has_line():
                    wire.fill()
                while wire.has_line():
                    wire.heard()
        session.ask(b"NOOP")
    return News.QUIET
