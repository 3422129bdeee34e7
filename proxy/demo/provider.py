"""The sandbox provider: SMTP (aiosmtpd) and IMAP (pymap, in memory) on free loopback ports.

What it accepts by SMTP from its own user for others is kept as sent; what others send to its user is
delivered into that user's INBOX. Real sockets and real protocols, nothing on disk.
"""

import asyncio
import logging
import socket
import warnings
from argparse import Namespace
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, DictBackend, Identity
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials.flag import Flag
from pysasl.hashing import BuiltinHash

LOOPBACK = "127.0.0.1"


class Provider:
    """One user's mail provider. `async with Provider(user, password) as provider: …`."""

    def __init__(self, user: str, password: str) -> None:
        self.user = user
        self.password = password
        self.smtp_port = 0
        self.imap_port = 0
        self.sent: list[tuple[tuple[str, ...], bytes]] = []  # (recipients, bytes) of what left for the world
        self._stack = AsyncExitStack()
        self._identity: Identity | None = None

    async def __aenter__(self) -> Self:
        await self._start_imap()
        await self._start_smtp()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def deliver(
        self, raw: bytes, *, folder: str = "INBOX", at: datetime | None = None, seen: bool = False
    ) -> None:
        """Put a mail into one of the user's folders, as LMTP or another client's APPEND would."""
        assert self._identity is not None
        flags = frozenset({Flag(rb"\Seen")}) if seen else frozenset()
        async with self._identity.new_session() as session:
            await session.append_messages(folder, [AppendMessage(raw, at or datetime.now(UTC), flags)])

    async def make_folder(self, name: str) -> None:
        """Create a folder of the user's."""
        assert self._identity is not None
        async with self._identity.new_session() as session:
            await session.create_mailbox(name)

    async def _start_imap(self) -> None:
        args = Namespace(
            host=None,
            port="0",
            tls=False,
            cert=None,
            key=None,
            passlib_cfg=None,
            proxy_protocol=None,
            inherited_sockets=None,
            debug=False,
            demo_data=False,
            demo_user=self.user,
            demo_password=self.password,
        )
        # A sandbox needs no half a million rounds at each of the play's many logins.
        backend, config = await DictBackend.init(args, hash_context=BuiltinHash(rounds=1))
        assert isinstance(config, Config)
        config.apply_context()
        await backend.start(self._stack)
        self._identity = Identity(self.user, backend.login, None, frozenset())
        serve = IMAPServer(backend.login, config)

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await serve(reader, writer, SocketInfoLocal(writer))

        server = await asyncio.start_server(connected, LOOPBACK, 0)
        self.imap_port = _port(server)
        self._stack.push_async_callback(_stop, server)

    async def _start_smtp(self) -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._smtp_session, LOOPBACK, 0)
        self.smtp_port = _port(server)
        self._stack.push_async_callback(_stop, server)

    def _smtp_session(self) -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of AUTH without TLS, which on loopback is what we want
            logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # … and says so a second time
            return self._smtp()

    def _smtp(self) -> SMTP:
        return SMTP(
            self,
            hostname="sandbox.example",
            authenticator=self._login,
            auth_require_tls=False,
            auth_required=True,
            enable_SMTPUTF8=True,
            data_size_limit=50_000_000,
            timeout=660,
        )

    def _login(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        right = isinstance(data, LoginPassword) and data == LoginPassword(
            self.user.encode(), self.password.encode()
        )
        return AuthResult(success=right, handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.original_content or b""
        recipients = tuple(envelope.rcpt_tos)
        if self.user in recipients:
            await self.deliver(raw)
        self.sent.append((recipients, raw))
        return "250 2.0.0 sandbox: taken"


def _port(server: asyncio.Server) -> int:
    name: tuple[str, int] = server.sockets[0].getsockname()
    return name[1]


async def _stop(server: asyncio.Server) -> None:
    server.close()


def free_port() -> int:
    """A loopback port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
