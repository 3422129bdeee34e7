"""A provider on loopback that keeps every byte it was sent, and answers what the test wrote down."""

import asyncio
import base64
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

EXTENSIONS = ("SIZE 52428800", "8BITMIME", "SMTPUTF8", "DSN", "PIPELINING", "ENHANCEDSTATUSCODES")


class Scripted:
    """`answers` by the start of a command line (longest first) or `DOT`; bytes as they go over the wire.

    An empty answer hangs up instead. `commands` are the lines it got after the login, `mails` the bytes
    between DATA and the final dot, as they came: dots still doubled.
    """

    def __init__(self, password: str = "secret") -> None:
        self.password = password
        self.extensions = list(EXTENSIONS)
        self.auth = "AUTH PLAIN LOGIN"
        self.greeting = b"220 provider.example ESMTP\r\n"
        self.hang_up = False  # … instead of greeting
        self.answers: dict[str, bytes] = {}
        self.commands: list[str] = []
        self.mails: list[bytes] = []
        self.logins: list[str] = []
        self.wire = bytearray()  # everything it ever read
        self.connections = 0
        self.before_dot_answer: Callable[[], Awaitable[None]] | None = None
        self.tls: ssl.SSLContext | None = None
        self.starttls: ssl.SSLContext | None = None
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls, limit=2**27)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.cut()
        await asyncio.sleep(0)

    def cut(self) -> None:
        """Hang up on everybody."""
        for writer in list(self._open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.hang_up:
            return
        writer.write(self.greeting)
        while line := await reader.readline():
            self.wire += line
            text = line.decode("utf-8", "surrogateescape").rstrip("\r\n")
            word = text.split(" ")[0].upper()
            if word not in ("EHLO", "AUTH", "STARTTLS", "QUIT"):
                self.commands.append(text)
            answer = self._scripted(text)
            if answer is None:
                answer = await self._usual(word, text, reader, writer)
            if not answer:
                return
            writer.write(answer)
            if answer.startswith(b"354"):
                final = await self._take(reader)
                if not final:
                    return
                writer.write(final)
            await writer.drain()
            if word == "QUIT":
                return

    def _scripted(self, text: str) -> bytes | None:
        found = [start for start in self.answers if text.startswith(start)]
        return self.answers[max(found, key=len)] if found else None

    async def _take(self, reader: asyncio.StreamReader) -> bytes:
        lines = []
        while (line := await reader.readline()) != b".\r\n":
            if not line:
                return b""
            lines.append(line)
        self.mails.append(b"".join(lines))
        self.wire += self.mails[-1] + b".\r\n"
        if self.before_dot_answer is not None:
            await self.before_dot_answer()
        return self.answers.get("DOT", b"250 2.0.0 queued as A1\r\n")

    async def _usual(self, word: str, text: str, reader: asyncio.StreamReader, writer: Any) -> bytes:
        if word == "EHLO":
            secure = writer.get_extra_info("ssl_object") is not None
            lines = ["provider.example", *self.extensions, self.auth]
            if self.starttls is not None and not secure:
                lines = ["provider.example", "STARTTLS"]
            lines = [line for line in lines if line]
            return b"".join(
                f"250{' ' if i == len(lines) - 1 else '-'}{line}\r\n".encode() for i, line in enumerate(lines)
            )
        if word == "STARTTLS" and self.starttls is not None:
            writer.write(b"220 2.0.0 go on\r\n")
            plain = writer.transport
            try:
                await writer.start_tls(self.starttls)
            except AttributeError:  # a client that left at once: asyncio 3.11 stumbles over that
                writer._transport = plain
                return b""
            return await self._after_tls(reader, writer)
        if word == "AUTH":
            return await self._auth(text, reader, writer)
        return {"DATA": b"354 go on\r\n", "QUIT": b"221 2.0.0 bye\r\n"}.get(word, b"250 2.0.0 ok\r\n")

    async def _after_tls(self, reader: asyncio.StreamReader, writer: Any) -> bytes:
        line = await reader.readline()
        self.wire += line
        return await self._usual(line.split(b" ")[0].decode().upper().strip(), line.decode(), reader, writer)

    async def _auth(self, text: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        _, mechanism, first = text.split(" ")
        if mechanism == "LOGIN":
            writer.write(b"334 UGFzc3dvcmQ6\r\n")
            second = await reader.readline()
            self.wire += second
            given = base64.b64decode(second).decode()
        elif mechanism == "XOAUTH2":
            given = base64.b64decode(first).decode().split("Bearer ")[1].rstrip("\x01")
        else:
            given = base64.b64decode(first).split(b"\0")[2].decode()
        self.logins.append(mechanism)
        return b"235 2.7.0 welcome\r\n" if given == self.password else b"535 5.7.8 wrong password\r\n"
