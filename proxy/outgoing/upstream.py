"""One connection to a provider's SMTP server: replies handed on as they came, bytes sent as given."""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, Self

from models.errors import ProviderError
from models.settings import AccountTable
from proxy.outgoing.login import open_session, read_secret
from proxy.outgoing.replies import Reply

MAX_LINE = 8192  # bytes of one reply line; RFC 5321 promises 512
MAX_LINES = 128  # of one reply
SLOWEST = 20_000  # bytes a second: what a line carries at least; longer mails wait longer after the dot

_REPLY = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*?))?\r?\n", re.DOTALL)
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")


class Timeouts(NamedTuple):
    """Seconds. `final` is the wait after the final dot: RFC 5321, 4.5.3.2.6 asks for ten minutes at least."""

    connect: float = 30.0
    command: float = 300.0
    final: float = 660.0


PATIENT = Timeouts()


class Disconnected(ProviderError):
    """The connection broke while nothing of a mail had been taken: trying again is safe."""


class AnswerLost(ProviderError):
    """The final dot was sent and no answer could be read: the provider may have taken the mail."""


class Upstream:
    """A logged-in connection. Make one with `await Upstream.connect(name, account)`.

    One transaction after another: `mail`, `rcpt`…, `data`. Addresses are given without their angle brackets
    and go out byte for byte; `sender` and `recipients` are what the provider accepted in this transaction.
    """

    def __init__(
        self,
        account: str,
        host: str,
        extensions: dict[str, str],
        transport: asyncio.WriteTransport,
        timeouts: Timeouts,
    ) -> None:
        self.account = account
        self.host = host
        self.extensions = extensions  # of the last EHLO: keyword (lower case) -> parameters
        self.timeouts = timeouts
        self.used = 0  # transactions begun on this connection
        self.sender: str | None = None
        self.recipients: list[str] = []
        self._open = True
        self._reader = asyncio.StreamReader(limit=MAX_LINE)
        protocol = asyncio.StreamReaderProtocol(self._reader)
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        self._writer = asyncio.StreamWriter(transport, protocol, self._reader, asyncio.get_running_loop())
        self._watch: asyncio.Task[bytes] | None = None

    @classmethod
    async def connect(
        cls, name: str, account: AccountTable, *, timeouts: Timeouts = PATIENT, secret: str | None = None
    ) -> Self:
        """Connect, secure, log in; the secret is read here where it is not given.

        Raises LoginRefused, SecretError, ConfigError, ProviderError, each with the reason in words.
        """
        server = account.smtp
        session = await open_session(
            name, server, secret or await read_secret(name, server), timeouts.connect
        )
        return cls(name, server.host, session.extensions, session.transport, timeouts)

    def offers(self, extension: str) -> bool:
        return extension.lower() in self.extensions

    async def mail(self, sender: str, params: Sequence[str] = ()) -> Reply:
        """MAIL FROM:<sender>. Raises Disconnected, ProviderError (a reply that is none, a time-out)."""
        if self.sender is not None:
            await self.reset()
        self.used += 1
        reply = await self._command(f"MAIL FROM:<{sender}>", params)
        if reply.positive:
            self.sender, self.recipients = sender, []
        return reply

    async def rcpt(self, address: str, params: Sequence[str] = ()) -> Reply:
        """RCPT TO:<address>. Raises as `mail` does."""
        reply = await self._command(f"RCPT TO:<{address}>", params)
        if reply.positive:
            self.recipients.append(address)
        return reply

    async def data(self, body: bytes, before_dot: Callable[[], Awaitable[None]] | None = None) -> Reply:
        """DATA, the body and the final dot in one write; the provider's last word comes back.

        `body` has CRLF line ends and no dots stuffed. `before_dot` runs when the provider is ready for the
        body and nothing of it has been sent. Raises AnswerLost after the dot, Disconnected or ProviderError
        before it.
        """
        reply = await self._command("DATA")
        self.sender = None
        if reply.code != 354:
            return reply
        wire = stuffed(body)
        try:
            if before_dot is not None:
                await before_dot()
        except BaseException:
            self.abort()  # the provider waits for a mail that will not come
            raise
        if not self.alive:
            raise Disconnected(f"{self.host} closed the connection.")
        try:
            self._writer.write(wire)
            reply = await self._reply(self.timeouts.final + len(wire) / SLOWEST)
        except (ProviderError, ConnectionError) as e:
            await self.close()
            raise AnswerLost(
                f"{self.host} got the whole mail, but its answer was lost: it may have been sent."
            ) from e
        except BaseException:
            self.abort()
            raise
        if self._writer.transport.get_write_buffer_size():
            self.abort()  # it answered before it had the whole mail: the rest is no command
        return reply

    async def reset(self) -> None:
        """Forget the transaction under way. Raises as `mail` does."""
        self.sender, self.recipients = None, []
        await self._command("RSET")

    def rest(self) -> None:
        """Put it aside: from now on anything the provider says, or its hanging up, makes it `stale`."""
        self._watch = asyncio.ensure_future(self._reader.read(1))

    async def wake(self) -> bool:
        """Take it up again; False where it has died meanwhile."""
        watch, self._watch = self._watch, None
        if watch is None:
            return self.alive
        for _ in range(4):  # let an end of file that lies in the socket come through: poll, feed, wake, run
            await asyncio.sleep(0)
        if watch.done():
            with contextlib.suppress(OSError):
                watch.result()
            return False
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch
        return self.alive

    @property
    def alive(self) -> bool:
        return self._open and not self._writer.is_closing() and not self._reader.at_eof()

    async def close(self) -> None:
        """Say QUIT where there is somebody to say it to, and close. Never raises."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await self._watch
            self._watch = None
        if self.alive:
            self._writer.write(b"QUIT\r\n")
        self._open = False
        self._writer.close()
        try:
            async with asyncio.timeout(1):
                await self._writer.wait_closed()
        except (OSError, TimeoutError):
            self.abort()

    def abort(self) -> None:
        """Cut the line at once; whoever waits for an answer on it gets an error."""
        self._open = False
        self._writer.transport.abort()

    async def _command(self, line: str, params: Sequence[str] = ()) -> Reply:
        text = " ".join((line, *params))
        if _UNSAFE.search(text):
            raise ValueError("a control character in an SMTP command")
        if not self.alive:
            raise Disconnected(f"{self.host} closed the connection.")
        try:
            self._writer.write(text.encode("utf-8", "surrogateescape") + b"\r\n")
            return await self._reply(self.timeouts.command, asks_for_more=line == "DATA")
        except ConnectionError as e:
            self.abort()
            raise Disconnected(f"{self.host} broke the connection.") from e
        except BaseException:
            self.abort()  # a command without its answer: nothing that follows could be told apart
            raise

    async def _reply(self, timeout: float, *, asks_for_more: bool = False) -> Reply:
        """`asks_for_more`: of what is no refusal only 354 will do. Else a "250" to DATA would count as sent."""
        try:
            async with asyncio.timeout(timeout):
                reply = await self._read_reply()
        except TimeoutError:
            raise ProviderError(f"{self.host} gave no answer in {timeout:.0f} seconds.") from None
        if reply.code < 400 and (reply.code != 354 if asks_for_more else not reply.positive):
            raise ProviderError(f"{self.host} answered what does not fit the question: {reply}")
        if reply.code == 421:  # RFC 5321, 3.8: it hangs up after this
            self._open = False
        return reply

    async def _read_reply(self) -> Reply:
        lines: list[str] = []
        while len(lines) < MAX_LINES:
            try:
                raw = await self._reader.readuntil(b"\n")
            except asyncio.IncompleteReadError:
                raise Disconnected(f"{self.host} hung up instead of answering.") from None
            except (asyncio.LimitOverrunError, ValueError):
                break
            match = _REPLY.fullmatch(raw)
            if match is None:
                break
            text = _CONTROL.sub(b"?", match[3] or b"")
            lines.append(text.decode("utf-8", "surrogateescape"))
            if match[2] != b"-":
                return Reply(int(match[1]), tuple(lines))
        raise ProviderError(f"{self.host} answered something that is no SMTP reply.")


def stuffed(body: bytes) -> bytes:
    """The body as it goes over the wire: dots doubled at line starts, and the final dot (RFC 5321, 4.5.2)."""
    if body and not body.endswith(b"\r\n"):
        body += b"\r\n"
    body = body.replace(b"\r\n.", b"\r\n..")
    return (b"." if body.startswith(b".") else b"") + body + b".\r\n"
