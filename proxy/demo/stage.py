"""The stage: a configuration of its own in a temporary folder, and the real service on the sandbox provider."""

import asyncio
import contextlib
import imaplib
import json
import smtplib
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from models.errors import OutsideError
from proxy.config import load_config, store_path
from proxy.control import call
from proxy.daemon import serve
from proxy.demo.cast import MIA, bare, history
from proxy.demo.provider import LOOPBACK, Provider, free_port
from proxy.desk import result_of
from proxy.desk.alone import alone
from proxy.secrets import local_password

ACCOUNT = "demo"
PASSWORD = "sandbox"  # noqa: S105 (the sandbox provider's, on loopback, gone with the demo)
START_SECONDS = 30.0

T = TypeVar("T")

_CONFIG = """\
[store]
path = {store}
[listen]
port = {port}
[accounts.{account}]
addresses = [{address}]
[accounts.{account}.smtp]
host = "127.0.0.1"
port = {smtp}
security = "plaintext"
username = {address}
password_file = {secret}
[accounts.{account}.imap]
host = "127.0.0.1"
port = {imap}
security = "plaintext"
username = {address}
password_file = {secret}
[outgoing]
notify_command = ["true"]
[incoming]
poll_seconds = 1
[model]
encoder = false
"""


@dataclass(frozen=True)
class Stage:
    """Everything the play needs: the provider, the running service, and the ways to both."""

    provider: Provider
    config: Path
    port: int
    password: str  # of coldask's local login

    async def send(self, sender: str, recipients: tuple[str, ...], mail: bytes) -> str:
        """Send as a mail client would; the service's final answer, code first, lines joined by a newline."""
        return await asyncio.to_thread(self._send, sender, recipients, mail)

    def _send(self, sender: str, recipients: tuple[str, ...], mail: bytes) -> str:
        with smtplib.SMTP(LOOPBACK, self.port, timeout=30) as client:
            client.login("coldask", self.password)
            client.mail(sender)
            for address in recipients:
                client.rcpt(address)
            code, words = client.data(mail)
        return f"{code} {words.decode('utf-8', 'replace')}"

    async def ask(self, operation: str, **args: Any) -> Any:
        """Ask the running service, as the command line does."""
        return await call(store_path(load_config(self.config)), operation, args)

    async def mailbox(self, work: Callable[[imaplib.IMAP4], T]) -> T:
        """Do something in Mia's mailbox, as a second mail client would."""

        def session() -> T:
            with imaplib.IMAP4(LOOPBACK, self.provider.imap_port, timeout=10) as box:
                box.login(self.provider.user, self.provider.password)
                return work(box)

        return await asyncio.to_thread(session)

    async def folder_of(self, message_id: str) -> str:
        """The folder a mail lies in, by its Message-ID; empty where it is in neither."""

        def look(box: imaplib.IMAP4) -> str:
            for folder in ("INBOX", "Cold Asks"):
                if box.select(f'"{folder}"', readonly=True)[0] != "OK":
                    continue
                found = box.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')[1]
                if found and found[0]:
                    return folder
            return ""

        return await self.mailbox(look)

    async def move_back(self, message_id: str) -> None:
        """Mia drags a mail from Cold Asks back into the inbox."""

        def drag(box: imaplib.IMAP4) -> None:
            box.select('"Cold Asks"')
            uid = box.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')[1][0].decode().split()[0]
            box.uid("MOVE", uid, "INBOX")

        await self.mailbox(drag)


@contextlib.asynccontextmanager
async def set_up(now: Any) -> AsyncIterator[Stage]:
    """Provider, history, configuration and service; all of it gone at the end. Nothing of the user's is touched."""
    with tempfile.TemporaryDirectory(prefix="coldask-demo-") as folder:
        async with Provider(bare(MIA), PASSWORD) as provider:
            await provider.make_folder("Sent")
            for box, mail, at in history(now):
                await provider.deliver(mail, folder=box, at=at, seen=True)
            port = free_port()
            config = _write_config(Path(folder), provider, port)
            await _learn(config)
            async with _service(config):
                yield Stage(provider, config, port, local_password(store_path(load_config(config))))


def _write_config(folder: Path, provider: Provider, port: int) -> Path:
    secret, config = folder / "password", folder / "config.toml"
    for private in (secret, config):
        private.touch(mode=0o600)
    secret.write_text(PASSWORD)
    text = _CONFIG.format(
        store=json.dumps(str(folder / "coldask.db")), secret=json.dumps(str(secret)), address=json.dumps(provider.user),
        port=port, smtp=provider.smtp_port, imap=provider.imap_port, account=ACCOUNT,
    )  # fmt: skip
    config.write_text(text)
    return config


async def _learn(config: Path) -> None:
    """`coldask learn`, before the service starts: Mia has used coldask for a while."""
    async with alone(load_config(config), config.parent, lambda _: None) as desk:
        await result_of(desk, "learn", {"sources": [], "owner": []})


@contextlib.asynccontextmanager
async def _service(config: Path) -> AsyncIterator[None]:
    """The real service, from when it watches the inbox until the play is over."""
    events: asyncio.Queue[str] = asyncio.Queue()
    stop = asyncio.Event()
    task = asyncio.create_task(
        serve(load_config(config), config.parent, lambda event, **_: events.put_nowait(event), stop=stop)
    )
    try:
        async with asyncio.timeout(START_SECONDS):
            while True:
                event = asyncio.create_task(events.get())
                await asyncio.wait({event, task}, return_when=asyncio.FIRST_COMPLETED)
                if task.done():
                    event.cancel()
                    task.result()
                    raise OutsideError("The demo's service ended before it was ready.")
                if event.result() == "watching":
                    break
        yield
    except TimeoutError:
        raise OutsideError(f"The demo's service was not ready within {START_SECONDS:.0f} seconds.") from None
    finally:
        stop.set()
        with contextlib.suppress(ssl.SSLError):
            await task
