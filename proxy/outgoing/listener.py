"""The local SMTP server: one socket, a limited number of sessions, and an orderly end."""

import asyncio
import contextlib
import ipaddress
import socket
from typing import Self

from models.errors import ColdaskError, ConfigError, OutsideError
from models.settings import ListenTable, Security
from proxy.outgoing.conversation import Conversation
from proxy.outgoing.flow import Flow
from proxy.outgoing.handling import Handling
from proxy.outgoing.judging import Judging
from proxy.outgoing.offers import Offers
from proxy.outgoing.pool import Pool
from proxy.outgoing.session import Session
from proxy.outgoing.upstream import PATIENT, Timeouts
from proxy.outgoing.workplace import Workplace

IDLE_SECONDS = 300.0
LAST_SECONDS = 2.0  # for the last words once the provider's line has been cut


class Listener:
    """Makes a session of each connection. `await Listener.open(…)` listens, `await close()` ends it."""

    def __init__(
        self,
        desk: Workplace,
        password: str,
        judging: Judging,
        offers: Offers,
        *,
        timeouts: Timeouts = PATIENT,
    ) -> None:
        self.desk = desk
        self.journal = desk.journal
        self.login = desk.settings.listen.login
        self.password = password
        self.max_bytes = desk.settings.outgoing.max_message_mb * 1024 * 1024
        self.idle = IDLE_SECONDS
        self.penance = 1.0
        self.pool = Pool(desk.settings.accounts, offers.saw, timeouts=timeouts)
        self.handling = Handling(desk, judging)
        self.port = 0  # in use, once it listens
        self._offers = offers
        self._sessions: dict[Conversation, asyncio.Task[None]] = {}
        self._server: asyncio.Server | None = None
        self._closing = False

    @classmethod
    async def open(
        cls,
        desk: Workplace,
        password: str,
        *,
        judging: Judging | None = None,
        timeouts: Timeouts = PATIENT,
        port: int | None = None,
    ) -> Self:
        """Listen as configured; `port` overrides it (0: any free one).

        Raises ConfigError for what cannot be listened to, OutsideError where the port is taken.
        """
        table = desk.settings.listen
        check_listen(table)
        offers = Offers(
            desk.store, desk.settings.accounts, desk.settings.outgoing.max_message_mb * 1024 * 1024
        )
        await offers.load()
        listener = cls(desk, password, judging or Judging(desk), offers, timeouts=timeouts)
        loop = asyncio.get_running_loop()
        chosen = table.port if port is None else port
        try:
            listener._server = await loop.create_server(
                lambda: Session(listener), table.host, chosen, backlog=128
            )
        except OSError as e:
            raise OutsideError(_cannot_listen(table.host, chosen, e)) from None
        listener.port = listener._server.sockets[0].getsockname()[1]
        return listener

    async def look_around(self) -> None:
        """Reach each provider never seen before, so that EHLO can say what it offers. Nothing waits."""
        for name in self._offers.unseen:
            try:
                await self.pool.give(await self.pool.lend(name))
            except ColdaskError as e:
                self.journal.trouble(f"account {name}", str(e))

    def offers(self) -> list[str]:
        """The lines of EHLO."""
        return self._offers.lines()

    def new_flow(self) -> Flow:
        """The mail side of a new session."""
        return Flow(self.handling, self.pool)

    def admit(self, session: Conversation) -> bool:
        """Room for one more? Counted from its first moment to its last."""
        if self._closing or len(self._sessions) >= self.desk.settings.listen.max_connections:
            return False
        task = asyncio.current_task()
        assert task is not None
        self._sessions[session] = task
        return True

    def left(self, session: Conversation) -> None:
        self._sessions.pop(session, None)

    async def close(self, patience: float = 5.0) -> None:
        """Take no more mail; let what is in flight end, and cut its line to the provider when time is up.

        A mail whose final dot was sent and not answered by then is kept as unsure.
        """
        self._closing = True
        if self._server is not None:
            self._server.close()
        for session in list(self._sessions):
            session.dismiss()
        await self._wait(patience)
        for session in list(self._sessions):
            session.flow.abort()
        await self._wait(LAST_SECONDS)
        for task in self._sessions.values():
            task.cancel()
        await self._wait(LAST_SECONDS)
        await self.handling.close()
        await self.pool.close()

    async def _wait(self, seconds: float) -> None:
        if self._sessions:
            await asyncio.wait(self._sessions.values(), timeout=seconds)


def check_listen(table: ListenTable) -> None:
    """Raises ConfigError for an address other machines can reach, and for what this version cannot do."""
    if table.security is not Security.PLAINTEXT:
        raise ConfigError(
            f"listen.security = '{table.security}' comes with a later version; write 'plaintext': it stays "
            "on this machine."
        )
    if not table.allow_remote and not is_loopback(table.host):
        raise ConfigError(
            f"listen.host = {table.host!r} can be reached by other machines; write '127.0.0.1', or set "
            "allow_remote = true if that is meant."
        )


def is_loopback(host: str) -> bool:
    """Every address this name stands for stays on this machine. An unknown name does not."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback  # an address needs no looking up
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(
        ipaddress.ip_address(str(a[4][0]).partition("%")[0]).is_loopback for a in found
    )


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    if error.errno in (98, 48):
        return (
            f"Port {port} on {host} is taken by another program (another coldask?); stop it, or choose "
            "another listen.port, in your mail client too."
        )
    if error.errno == 13:
        return f"Port {port} needs more rights than coldask has; write a listen.port above 1023."
    return f"coldask cannot listen on {host}:{port}: {error.strerror or error}."
