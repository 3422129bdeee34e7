"""A scripted IMAP server: answers as told, byte for byte, for what no real server does on demand."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from models.settings import ImapTable
from proxy.mailbox.login import Login
from proxy.mailbox.session import Session

# What to send back: bytes (TAG stands for the command's tag), or pieces with pauses (seconds) between them.
Reply = bytes | list[bytes | float]
Script = Mapping[bytes, Reply | Callable[[bytes], Reply]]

USUAL: dict[bytes, Reply | Callable[[bytes], Reply]] = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS\r\nTAG OK told\r\n",
    b"LOGIN": b"TAG OK in\r\n",
    b"DONE": b"TAG OK done\r\n",
    b"LOGOUT": b"* BYE bye\r\nTAG OK bye\r\n",
    b"SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 10] x\r\nTAG OK [READ-WRITE] x\r\n",
    b"EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\nTAG OK [READ-ONLY] x\r\n",
}


class Scripted:
    """Listens on loopback; `heard` is every line the clients sent."""

    def __init__(self, script: Script, greeting: bytes = b"* OK hello\r\n") -> None:
        self._script = {**USUAL, **script}
        self._greeting = greeting
        self.heard: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, client.makefile("rb") as lines, contextlib.suppress(OSError):
            client.sendall(self._greeting)
            tag = b"*"
            for line in lines:
                self.heard.append(line)
                if line.count(b" "):  # a bare word goes on with the command before it: DONE, a SASL answer
                    tag, _, rest = line.rstrip(b"\r\n").partition(b" ")
                else:
                    rest = line.rstrip(b"\r\n")
                reply = self._reply_to(rest)
                for piece in reply if isinstance(reply, list) else [reply]:
                    if isinstance(piece, float):
                        time.sleep(piece)
                    elif piece == b"CUT":
                        return
                    else:
                        client.sendall(piece.replace(b"TAG", tag))

    def _reply_to(self, rest: bytes) -> Reply:
        """By the longest name in the script that the command begins with."""
        name = next((n for n in sorted(self._script, key=len, reverse=True) if rest.startswith(n)), None)
        found = self._script[name] if name is not None else b"TAG BAD what\r\n"
        return found(rest) if callable(found) else found


@contextlib.contextmanager
def scripted(script: Script | None = None, greeting: bytes = b"* OK hello\r\n") -> Iterator[Scripted]:
    server = Scripted(script or {}, greeting)
    try:
        yield server
    finally:
        server.close()


def table(port: int, **changes: Any) -> ImapTable:
    return ImapTable.model_validate(
        {
            "host": "127.0.0.1", "port": port, "security": "plaintext", "username": "ann@example.org",
            "password_env": "COLDASK_TEST_PASSWORD", **changes,
        }
    )  # fmt: skip


@contextlib.contextmanager
def session_on(
    server: Scripted, *, timeout: float = 2.0, token: bool = False, **changes: Any
) -> Iterator[Session]:
    """A logged-in session, closed at the end."""
    session = Session("account work, imap", table(server.port, **changes), None, timeout=timeout)
    session.connect(Login("open-sesame", is_token=token))
    try:
        yield session
    finally:
        session.close()
