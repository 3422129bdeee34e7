"""The wire to an IMAP server: a socket with deadlines and limits, raw answers, no line break slipped in."""

import contextlib
import imaplib
import select
import socket
import ssl
from collections.abc import Callable, Sequence
from typing import Any

from imapclient import imap_utf7

from models.errors import MailboxError
from proxy.mailbox.answers import Answer, cut_line

MAX_LINE = 16 << 20  # a SEARCH answer of a big folder is one line of megabytes
MAX_LITERAL = 64 << 20
LINE_BREAK = "A line break in a folder name, password or search was not sent to the server."
_CHUNK = 1 << 18
Taker = Callable[[list[bytes]], bool]
_KEEPALIVE = (("TCP_KEEPIDLE", 120), ("TCP_KEEPINTVL", 30), ("TCP_KEEPCNT", 4))


class Literal(bytes):
    """An argument sent as a literal: any bytes but NUL may stand in it."""


class Wire(imaplib.IMAP4):
    """imaplib's connection with its documented I/O methods (open, read, readline, send, shutdown) replaced.

    imaplib and imapclient keep login and STARTTLS; everything else goes through `run`, which hands out the
    answer as it came: they parse large answers slowly and drop COPYUID.
    """

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, timeout: float) -> None:
        self._context = context
        self._buffer = bytearray()
        self._literal = False
        self.grown = False  # new mail was announced in the open folder
        self.changed_validity = False  # the server announced another UIDVALIDITY while a folder was open
        self.farewell = ""  # the words of the server's BYE
        super().__init__(host, port, timeout)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        plain = socket.create_connection((host, port), timeout)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for name, value in _KEEPALIVE:
                if hasattr(socket, name):
                    plain.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
            self.sock = self._context.wrap_socket(plain, server_hostname=host) if self._context else plain
        except BaseException:
            plain.close()
            raise

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> Any:
        """Turn to TLS; what was said before it counts for nothing (Poddebniak et al., NO STARTTLS, 2021)."""
        assert ssl_context is not None
        answer = self.run(b"STARTTLS")
        if not answer.ok:
            raise self.error(shown(answer.text))
        if self._buffer:
            raise self.abort("text was slipped in before TLS began")
        self.untagged_responses.clear()
        self.sock = ssl_context.wrap_socket(self.sock, server_hostname=self.host)
        _, lines = self.capability()
        self.capabilities = tuple(lines[-1].decode("ascii", "replace").upper().split())
        return answer.status.decode(), [answer.text]

    def read(self, size: int) -> bytes:
        if size > MAX_LITERAL:
            raise self.abort(f"a literal of {size} bytes is more than {MAX_LITERAL}")
        while len(self._buffer) < size:
            self.fill()
        return self._take(size)

    def readline(self) -> bytes:
        start = 0
        while (end := self._buffer.find(b"\n", start)) < 0:
            start = len(self._buffer)
            if start > MAX_LINE:
                raise self.abort(f"a line of more than {MAX_LINE} bytes")
            self.fill()
        return self._take(end + 1)

    def _take(self, size: int) -> bytes:
        with memoryview(self._buffer) as view:
            data = bytes(view[:size])
        del self._buffer[:size]
        return data

    def fill(self) -> None:
        """Read what there is, or wait for it until the socket's time-out. Raises at the end of the stream."""
        data = self.sock.recv(_CHUNK)
        if not data:
            raise self.abort(self.farewell or "the server closed the connection")
        self._buffer += data

    def send(self, data: Any) -> None:
        """Send a line, a piece of one, or a literal. A CR, LF or NUL within would begin a foreign command."""
        text = bytes(data)
        if not self._literal and any(c in text.removesuffix(b"\r\n") for c in (b"\r", b"\n", b"\0")):
            raise MailboxError(LINE_BREAK)
        self.sock.sendall(text)

    def shutdown(self) -> None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
        self.sock.close()

    def cut(self) -> None:
        """Cut the connection from another thread: whoever reads sees its end at once."""
        with contextlib.suppress(OSError, AttributeError):
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    # ── raw commands ────────────────────────────────────────────────────────────────────────────────────

    def run(self, *parts: bytes, take: Taker | None = None) -> Answer:
        """Send one command (its words; a `Literal` as literal) and read its whole answer.

        `take` sees each untagged answer as it comes, while the server sends the next; what it takes (True) is
        not in the answer. It must not raise: the rest would be read as another command's answer.
        Raises imaplib's abort where the connection ended, OSError at its time-out. NO and BAD are answers.
        """
        tag = self._new_tag()
        untagged: list[list[bytes]] = []
        line = tag
        for part in parts:
            if not isinstance(part, Literal):
                line += b" " + part
                continue
            self.send(line + b" {%d}\r\n" % len(part))
            refused = self.answer(tag, untagged, until_continued=True)
            if refused is not None:
                return refused
            self._send_literal(part)
            line = b""
        self.send(line + b"\r\n")
        answer = self.answer(tag, untagged, take=take)
        assert answer is not None
        return answer

    def begin(self, command: bytes) -> bytes:
        """Send a command whose answer is read bit by bit (IDLE); its tag."""
        tag = bytes(self._new_tag())
        self.send(tag + b" " + command + b"\r\n")
        return tag

    def answer(
        self,
        tag: bytes,
        untagged: list[list[bytes]],
        *,
        until_continued: bool = False,
        take: Taker | None = None,
    ) -> Answer | None:
        """Read until the tagged line; None at a continuation where that is waited for."""
        while True:
            pieces = self.pieces()
            first = pieces[0]
            if first.startswith(tag + b" "):
                self.tagged_commands.pop(tag, None)
                _, status, *text = first.split(b" ", 2)
                return Answer(status.upper(), text[0] if text else b"", tuple(untagged))
            if first.startswith(b"+"):
                if until_continued:
                    return None
            elif first.startswith(b"* "):
                self._notice(first)
                if take is None or not take(pieces):
                    untagged.append(pieces)
            else:
                raise self.abort("an answer that is not IMAP")  # it may be a line of somebody's mail

    def pieces(self) -> list[bytes]:
        """One answer: its line, and where a literal follows, that and the rest of the line, and so on."""
        out: list[bytes] = []
        size: int | None = 0
        total = 0
        while size is not None:
            line = self.readline()
            text, size = cut_line(line)
            out.append(text)
            if size is not None:
                total += size
                if total > MAX_LITERAL:
                    raise self.abort(f"an answer of more than {MAX_LITERAL} bytes")
                out.append(self.read(size))
        return out

    def wait(self, others: Sequence[int], seconds: float) -> tuple[bool, list[int]]:
        """Wait until the server speaks or one of the file descriptors is readable: (server, descriptors)."""
        pending = bool(self._buffer.find(b"\n") >= 0)
        if not pending and isinstance(self.sock, ssl.SSLSocket):
            pending = self.sock.pending() > 0
        waiting = select.poll()
        for fd in (self.sock.fileno(), *others):
            waiting.register(fd, select.POLLIN)
        ready = {fd for fd, _ in waiting.poll(0 if pending else max(0.0, seconds) * 1000)}
        return pending or self.sock.fileno() in ready, [fd for fd in others if fd in ready]

    def has_line(self) -> bool:
        """A whole line lies in the buffer."""
        return self._buffer.find(b"\n") >= 0

    def heard(self) -> bytes:
        """The first line of the next answer, noticed; what follows it is dropped."""
        first = self.pieces()[0]
        if first.startswith(b"* "):
            self._notice(first)
        return first

    def _send_literal(self, data: bytes) -> None:
        if b"\0" in data:
            raise MailboxError("A mail with NUL bytes cannot be sent to the server (RFC 3501, 4.3).")
        self._literal = True
        try:
            self.send(data)
        finally:
            self._literal = False

    def _notice(self, line: bytes) -> None:
        upper = line[:40].upper()
        if upper.startswith(b"* BYE"):
            self.farewell = shown(line[5:].strip()) or "the server said goodbye"
        elif line[-7:].upper() == b" EXISTS":
            self.grown = True
        elif upper.startswith(b"* OK [UIDVALIDITY "):
            self.changed_validity = True


def shown(text: bytes | str) -> str:
    """A server's words made fit for one line of ours."""
    plain = text if isinstance(text, str) else text.decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())[:200]


def string(text: str | bytes) -> bytes:
    """An argument as a quoted string, or as a literal where it cannot be one. CR, LF, NUL are refused."""
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    if any(c in data for c in (b"\r", b"\n", b"\0")):
        raise MailboxError(LINE_BREAK)
    if not data.isascii() or len(data) > 1000:
        return Literal(data)
    return b'"' + data.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def name(folder: str) -> bytes:
    """A folder's name as IMAP wants it: modified UTF-7 (RFC 3501, 5.1.3), quoted."""
    return string(imap_utf7.encode(folder))
