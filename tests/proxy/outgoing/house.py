"""The real listener with a real store and a scripted provider, for tests of one event loop."""

import asyncio
import base64
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.settings import Settings
from proxy.desk import Desk
from proxy.journal import Journal
from proxy.outgoing.judging import Judging
from proxy.outgoing.listener import Listener
from proxy.outgoing.upstream import Timeouts
from proxy.store.database import Store
from tests.proxy.outgoing.scripted import Scripted

PASSWORD = "local-secret"
QUICK = Timeouts(connect=2.0, command=2.0, final=2.0)


class Ear(Journal):
    """Keeps what the service complained about."""

    def __init__(self) -> None:
        self.troubles: list[str] = []

    def trouble(self, where: str, what: str) -> None:
        self.troubles.append(f"{where}: {what}")


class Client:
    """A raw SMTP client that sees every byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def line(self) -> str:
        """The next line without its end; empty where the server hung up."""
        line = await asyncio.wait_for(self.reader.readline(), 5)
        assert not line or line.endswith(b"\r\n"), line
        return line.decode("utf-8", "surrogateescape").rstrip("\r\n")

    async def reply(self) -> str:
        """The next reply, lines joined by newlines; empty where the server hung up."""
        lines = [await self.line()]
        while lines[-1][3:4] == "-":
            lines.append(await self.line())
        return "\n".join(lines)

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def say(self, text: str) -> str:
        """Send a line and read the reply."""
        self.send(text.encode("utf-8", "surrogateescape") + b"\r\n")
        return await self.reply()

    async def log_in(self) -> None:
        assert (await self.say("EHLO client.example")).startswith("250")
        secret = base64.b64encode(f"\0coldask\0{PASSWORD}".encode()).decode()
        assert (await self.say(f"AUTH PLAIN {secret}")).startswith("235")

    async def mail(self, body: bytes, *recipients: str, sender: str = "ann@example.org") -> str:
        """One whole transaction with bytes as they go over the wire; the reply to the final dot."""
        assert (answer := await self.say(f"MAIL FROM:<{sender}>")).startswith("250"), answer
        for recipient in recipients or ("bob@other.example",):
            assert (answer := await self.say(f"RCPT TO:<{recipient}>")).startswith("250"), answer
        assert (answer := await self.say("DATA")).startswith("354"), answer
        self.send(body)
        return await self.reply()

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


@dataclass
class House:
    """Everything a test may look at."""

    listener: Listener
    provider: Scripted
    store: Store
    ear: Ear
    clients: list[Client]

    async def connect(self) -> Client:
        """A client that has not read the greeting yet."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.listener.port, limit=2**20)
        self.clients.append(Client(reader, writer))
        return self.clients[-1]

    async def client(self) -> Client:
        """A client past its login."""
        client = await self.connect()
        assert (await client.reply()).startswith("220 ")
        await client.log_in()
        return client

    async def close(self) -> None:
        for client in self.clients:
            await client.close()
        await self.listener.close(patience=2.0)
        await self.provider.stop()
        await self.store.close()


def settings(folder: Path, port: int, **tables: Any) -> Settings:
    """A configuration for one account, ann@example.org, at the provider on that port."""
    secret = folder / "work.password"
    if not secret.exists():
        secret.touch(0o600)
        secret.write_text("secret\n")
    smtp = {
        "host": "127.0.0.1",
        "port": port,
        "security": "plaintext",
        "username": "ann@example.org",
        "password_file": str(secret),
        **tables.pop("smtp", {}),
    }
    return Settings.model_validate(
        {
            "accounts": {
                "work": {"addresses": ["ann@example.org"], "smtp": smtp},
                **tables.pop("accounts", {}),
            },
            "outgoing": {"notify_command": ["true"], **tables.pop("outgoing", {})},
            **tables,
        }
    )


async def build(
    folder: Path,
    provider: Scripted,
    *,
    learned: bool = True,
    judging: dict[str, Any] | None = None,
    timeouts: Timeouts = QUICK,
    at: int = 0,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    **tables: Any,
) -> House:
    """Start provider and listener."""
    port = await provider.start()
    store = await Store.open(folder / "coldask.db")
    if learned:
        await store.set_fact("learned", True)
    ear = Ear()
    desk = Desk(settings(folder, port, **tables), folder, store, clock, ear)
    asked = Judging(desk, **(judging or {}))
    try:
        listener = await Listener.open(desk, PASSWORD, judging=asked, timeouts=timeouts, port=at)
    except BaseException:
        await store.close()
        raise
    listener.penance = 0.05
    return House(listener, provider, store, ear, [])
