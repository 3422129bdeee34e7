"""A scripted provider: SMTP on loopback that records what it took, and stalls or refuses on demand."""

import base64
import contextlib
import socket
import socketserver
import ssl
import threading
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType

from tests.servers.certificates import Certificates
from tests.servers.dovecot import PASSWORD


@dataclass(frozen=True)
class Taken:
    """One mail this provider took: envelope, and the bytes between DATA and the dot, unstuffed."""

    sender: str
    recipients: tuple[str, ...]
    mail: bytes


@dataclass
class Script:
    """What the provider does. Change it while it runs."""

    password: str = PASSWORD
    replies: dict[str, str] = field(default_factory=dict)  # command or address -> reply instead of 250
    before: float = 0  # seconds between the final dot and taking the mail
    after: float = 0  # seconds between taking the mail and saying so
    cut: bool = False  # take the mail, then close without a word
    extensions: tuple[str, ...] = (
        "8BITMIME",
        "SMTPUTF8",
        "PIPELINING",
        "SIZE 52428800",
        "ENHANCEDSTATUSCODES",
    )


class Provider:
    """A server on a free port; `taken` is the truth about what was sent."""

    def __init__(self, *, certificates: Certificates | None = None) -> None:
        self.script = Script()
        self.taken: list[Taken] = []
        self.logins: list[tuple[str, bool]] = []
        self.waiting = 0  # mails between the final dot and taking them
        self.lock = threading.Lock()
        self._tls: ssl.SSLContext | None = None
        if certificates:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificates.certificate, certificates.key)
        self._server: _Server | None = None
        self.port = 0

    def start(self) -> None:
        """Listen; after a `stop` on the same port again."""
        self._server = _Server(("127.0.0.1", self.port), self, self._tls)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Go away, and cut every connection."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server.cut_all()
            self._server = None

    def __enter__(self) -> "Provider":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()

    def copies(self, token: bytes) -> Counter[str]:
        """How often each recipient was sent the mail that holds `token`."""
        with self.lock:
            return Counter(r for taken in self.taken if token in taken.mail for r in taken.recipients)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], provider: Provider, tls: ssl.SSLContext | None) -> None:
        self.provider, self.tls = provider, tls
        self.open: set[socket.socket] = set()
        super().__init__(address, _Session)

    def cut_all(self) -> None:
        for sock in list(self.open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


class _Session(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        sock = self.request
        self.server.open.add(sock)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.server.tls:
                sock = self.server.tls.wrap_socket(sock, server_side=True)
            self.file = sock.makefile("rwb")
            self._talk()
        except (OSError, ValueError):
            pass  # the other side has gone: what a killed service looks like
        finally:
            self.server.open.discard(self.request)

    def say(self, text: str) -> None:
        self.file.write(text.encode() + b"\r\n")
        self.file.flush()

    def _talk(self) -> None:
        self.provider, self.script = self.server.provider, self.server.provider.script
        self.logged_in, self.sender, self.recipients = False, "", list[str]()
        self.say(self.script.replies.get("CONNECT", "220 provider.example ESMTP"))
        while line := self.file.readline():
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            verb = text.partition(" ")[0].upper()
            reply = getattr(self, f"on_{verb.lower()}", self.on_other)(text)
            if reply is None:
                return
            self.say(reply)
            if verb == "QUIT":
                return

    def on_other(self, text: str) -> str:
        return "502 5.5.1 not known here"

    def on_quit(self, text: str) -> str:
        return "221 2.0.0 bye"

    def on_noop(self, text: str) -> str:
        return "250 2.0.0 ok"

    def on_rset(self, text: str) -> str:
        self.sender, self.recipients = "", []
        return "250 2.0.0 ok"

    def on_ehlo(self, text: str) -> str:
        lines = ["provider.example", *self.script.extensions, "AUTH PLAIN LOGIN"]
        return "\r\n".join(f"250{'-' if i < len(lines) - 1 else ' '}{x}" for i, x in enumerate(lines))

    def on_helo(self, text: str) -> str:
        return "250 provider.example"

    def _ask(self, prompt: bytes) -> bytes:
        self.say("334 " + base64.b64encode(prompt).decode())
        return base64.b64decode(self.file.readline())

    def on_auth(self, text: str) -> str:
        words = text.split()
        if words[1].upper() == "PLAIN":
            raw = base64.b64decode(words[2]) if len(words) > 2 else self._ask(b"")
            _, user, password = raw.split(b"\0")
        else:
            user = base64.b64decode(words[2]) if len(words) > 2 else self._ask(b"Username:")
            password = self._ask(b"Password:")
        self.logged_in = password.decode() == self.script.password
        self.provider.logins.append((user.decode(), self.logged_in))
        return "235 2.7.0 welcome" if self.logged_in else "535 5.7.8 wrong password"

    def on_mail(self, text: str) -> str:
        if not self.logged_in:
            return "530 5.7.0 log in first"
        self.sender = text.partition("<")[2].partition(">")[0]
        reply = self.script.replies.get("MAIL") or self.script.replies.get(self.sender)
        return reply or "250 2.1.0 ok"

    def on_rcpt(self, text: str) -> str:
        address = text.partition("<")[2].partition(">")[0]
        reply = self.script.replies.get(address)
        if reply is None or reply.startswith("2"):
            self.recipients.append(address)
        return reply or "250 2.1.5 ok"

    def on_data(self, text: str) -> str | None:
        if not self.recipients:
            return "554 5.5.1 no recipients"
        self.say("354 go on")
        mail = self._read()
        if mail is None:
            return None
        if refusal := self.script.replies.get("DOT"):
            return refusal
        wait = threading.Event().wait
        if self.script.before:
            self.provider.waiting += 1
            wait(self.script.before)
            self.provider.waiting -= 1
        with self.provider.lock:
            self.provider.taken.append(Taken(self.sender, tuple(self.recipients), mail))
            number = len(self.provider.taken)
        self.sender, self.recipients = "", []
        if self.script.after:
            wait(self.script.after)
        return None if self.script.cut else f"250 2.0.0 Ok: queued as {number}"

    def _read(self) -> bytes | None:
        """The mail up to the lone dot, unstuffed; None where the connection ended before it."""
        lines: list[bytes] = []
        while line := self.file.readline():
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)
        return None
