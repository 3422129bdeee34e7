"""A connection of a mail client: its commands read one by one, answered in order, and ended with words."""

import asyncio
import contextlib
from typing import Protocol

from aiosmtpd.smtp import SMTP

from models.errors import ColdaskError, StoreError
from proxy.journal import Journal
from proxy.outgoing.arguments import BadArgument
from proxy.outgoing.flow import Flow
from proxy.outgoing.inlet import BLOCK, Inlet, TooLong
from proxy.outgoing.login import GREETING
from proxy.outgoing.replies import Reply, reply

MAX_COMMAND = 4096  # bytes: ENVID, ORCPT and long addresses
MAX_AUTH = 16 * 1024  # OAuth tokens have 2 kB and more
LAST_SECONDS = 2.0  # for saying goodbye to a client that does not read
MAX_BOGUS = 10  # unknown commands before the session ends

# A web page can make a browser post to this port; no mail client begins like that.
_HTTP = frozenset({"GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "DELETE", "PATCH", "TRACE", "PRI"})
_TLS_FIRST = (0x16, 0x80)  # the first byte of a ClientHello: TLS, SSL 2
_BEFORE_LOGIN = frozenset({"EHLO", "HELO", "AUTH", "QUIT", "RSET", "NOOP", "HELP"})

_STOPPING = reply(421, "4.3.2", "coldask is being stopped; try again later.")


class House(Protocol):
    """What a session needs of the listener it belongs to."""

    journal: Journal
    login: str
    password: str
    max_bytes: int
    idle: float  # seconds a client may say nothing
    penance: float  # seconds a wrong password costs

    def admit(self, session: "Conversation") -> bool:
        """Is there room for one more?"""

    def left(self, session: "Conversation") -> None:
        """The session is over."""

    def offers(self) -> list[str]:
        """The lines of EHLO."""

    def new_flow(self) -> Flow:
        """The mail side of a session."""


class End(Exception):
    """The session is over; `last` is said before hanging up."""

    def __init__(self, last: Reply | None = None) -> None:
        super().__init__()
        self.last = last


class Conversation(SMTP):
    """The protocol object of one connection.

    aiosmtpd gives the stream, the table of commands and the AUTH mechanisms. Its loop is replaced: it reads a
    mail line by line, and drops work under way when the client hangs up after the final dot.
    """

    line_length_limit = BLOCK  # what the stream reads ahead

    def __init__(self, house: House) -> None:
        super().__init__(object(), hostname="localhost", ident="coldask", timeout=7 * 86400)
        self.house = house
        self.flow = house.new_flow()
        self.busy = False  # a command is being worked on
        self.leaving = False  # the service stops
        self.greeted = self.extended = self.logged_in = False
        self.bogus = 0

    # -- the connection

    def eof_received(self) -> bool | None:
        """A client that has said all it had to say still gets its answers."""
        return asyncio.StreamReaderProtocol.eof_received(self)

    def connection_lost(self, error: Exception | None) -> None:
        """Work under way goes on: a mail that was handed in whole is sent or kept, whoever listens."""
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        asyncio.StreamReaderProtocol.connection_lost(self, error)
        self.transport = None

    def gone(self) -> bool:
        """Nobody is there any more to read an answer.

        A client that closed its side counts as gone, too: one that only stopped talking cannot be told from
        one that lost patience, and the latter sends its mail again.
        """
        return self.transport is None or self.transport.is_closing() or self.inlet.ended

    def dismiss(self) -> None:
        """The service stops: end now, or after the command under way."""
        self.leaving = True
        if not self.busy and self._handler_coroutine is not None:
            self._handler_coroutine.cancel()

    async def _handle_client(self) -> None:
        self.inlet = Inlet(self._reader, self.house.idle)
        try:
            if not self.house.admit(self):
                raise End(reply(421, "4.7.0", "Too many connections at once; try again later."))
            await self._talk()
        except End as end:
            await self._last_words(end.last)
        except TimeoutError:
            await self._last_words(reply(421, "4.4.2", "Nothing was said for too long."))
        except asyncio.CancelledError:
            await self._last_words(_STOPPING)
        except ConnectionError:
            pass
        finally:
            self.house.left(self)
            await self.flow.end()
            self._writer.close()
            if self._writer.transport.get_write_buffer_size():
                self.loop.call_later(LAST_SECONDS, self._writer.transport.abort)

    async def _last_words(self, last: Reply | None) -> None:
        if last is not None:
            with contextlib.suppress(ConnectionError, TimeoutError):
                async with asyncio.timeout(LAST_SECONDS):
                    await self.answer(last)

    async def _talk(self) -> None:
        await self.answer(Reply(220, (f"localhost {GREETING}",)))
        if await self.inlet.first() in _TLS_FIRST:
            self.house.journal.trouble(
                "smtp", "a client spoke TLS at once; set its connection security to none"
            )
            raise End
        while not self.leaving:
            try:
                line = await self.inlet.line(MAX_AUTH)
            except TooLong:
                await self.answer(reply(500, "5.5.2", "This line is too long."))
                continue
            self.busy = True
            try:
                await self._obey(line)
            finally:
                self.busy = False
        raise End(_STOPPING)

    async def _obey(self, line: bytes) -> None:
        word, _, rest = line.partition(b" ")
        command = word.upper().decode("ascii", "replace")
        if command in _HTTP or word.endswith(b":"):
            self.house.journal.trouble("smtp", "something that is no mail client connected; hung up")
            raise End(reply(421, "4.7.0", "This is an SMTP server."))
        try:
            if command == "BDAT":  # what follows is not commands but data that look like it
                raise End(reply(502, "5.5.1", "BDAT is not offered here."))
            method = self._smtp_methods.get(command)
            if method is None or command == "STARTTLS":
                await self._bogus()
            elif len(line) > MAX_COMMAND and command != "AUTH":
                await self.answer(reply(500, "5.5.2", "This line is too long."))
            elif command not in _BEFORE_LOGIN and not self.greeted:
                await self.answer(reply(503, "5.5.1", "Say EHLO first."))
            elif command not in _BEFORE_LOGIN and not self.logged_in:
                await self.answer(
                    reply(530, "5.7.0", "Log in first; `coldask password` prints the password.")
                )
            else:
                await method(rest.decode("utf-8", "surrogateescape").strip(" "))
        except BadArgument as e:
            await self.answer(e.reply)
        except (ConnectionError, TimeoutError, End):
            raise
        except Exception as e:
            await self.answer(await self._failed(e))

    async def _bogus(self) -> None:
        self.bogus += 1
        if self.bogus > MAX_BOGUS:
            raise End(reply(421, "4.7.0", "Too many unknown commands."))
        await self.answer(reply(500, "5.5.2", "This command is not known here."))

    async def _failed(self, error: Exception) -> Reply:
        """Something of ours failed: the client keeps its mail. Only sentences of ours are said to it."""
        await self.flow.drop()
        if isinstance(error, StoreError):
            return reply(452, "4.3.1", str(error))
        if isinstance(error, ColdaskError):
            return reply(451, "4.3.0", str(error))
        self.house.journal.trouble("smtp", type(error).__name__)
        return reply(451, "4.3.0", "Something in coldask failed; its log says more.")

    async def answer(self, answer: Reply) -> None:
        """Say it, and wait until the client can take more. Raises TimeoutError where it reads nothing."""
        async with asyncio.timeout(self.house.idle):
            await self.push(answer.wire().removesuffix(b"\r\n"))

    # -- the commands; the table of aiosmtpd finds them by their names

    async def smtp_HELO(self, arg: str) -> None:
        await self._greet(arg, extended=False)

    async def smtp_EHLO(self, arg: str) -> None:
        await self._greet(arg, extended=True)

    async def _greet(self, arg: str, *, extended: bool) -> None:
        if not arg:
            await self.answer(reply(501, "5.5.4", "Say who you are."))
            return
        await self.flow.drop()
        self.greeted, self.extended = True, extended
        await self.answer(Reply(250, ("localhost", *(self.house.offers() if extended else ()))))

    async def smtp_NOOP(self, arg: str) -> None:
        await self.answer(reply(250, "2.0.0", "Fine."))

    async def smtp_HELP(self, arg: str) -> None:
        await self.answer(reply(214, "2.0.0", "`coldask --help` and its README say what this server does."))

    async def smtp_VRFY(self, arg: str) -> None:
        await self.answer(reply(252, "2.5.0", "Only sending to it will show."))

    async def smtp_EXPN(self, arg: str) -> None:
        await self.answer(reply(502, "5.5.1", "EXPN is not offered here."))

    async def smtp_RSET(self, arg: str) -> None:
        await self.flow.drop()
        await self.answer(reply(250, "2.0.0", "Forgotten."))

    async def smtp_QUIT(self, arg: str) -> None:
        raise End(reply(221, "2.0.0", "Goodbye."))
