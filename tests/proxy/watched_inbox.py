"""A watched mailbox on a real Dovecot: the watcher in this process, a second client moving mail about."""

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from models.past import Owner
from models.settings import Settings
from proxy.config import owner_of
from proxy.history.imap import Reader
from proxy.incoming import Watcher
from proxy.mailbox import Mailbox
from proxy.store.database import Store
from proxy.store.positions import Purpose
from tests.servers.dovecot import BARE, Dovecot, User

COLD = "Cold Asks"
PITCH = (
    "Hi,\r\n\r\nI came across your website. Our agency helps firms like yours to win customers.\r\n"
    "Would you be interested in buying our SEO package? Could we schedule a call this week?\r\n\r\nMax\r\n"
)
THANKS = "Thank you for your talk. It helped me.\r\n"
_COUNT = itertools.count(1)


def write(sender: str, to: str, subject: str, text: str = PITCH, **headers: str) -> bytes:
    """A mail with a Message-ID of its own, CRLF line ends."""
    now = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    fields = {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Date": headers.pop("date", now),
        "Message-ID": headers.pop("message_id", f"<{next(_COUNT)}@client.example>"),
        "Content-Type": "text/plain; charset=utf-8",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return ("".join(f"{n}: {v}\r\n" for n, v in fields.items()) + "\r\n" + text).encode()


def settings_for(server: Dovecot, user: User, port: int = 0, **incoming: Any) -> Settings:
    """A configuration with one account, `work`, read from this server over TLS."""
    login = {"host": "localhost", "username": user.address, "password_env": "COLDASK_TEST_PASSWORD"}
    return Settings.model_validate(
        {
            "accounts": {
                "work": {
                    "addresses": [user.address],
                    "smtp": {**login, "port": 465},
                    "imap": {
                        **login, "port": port or server.imaps_port,
                        "ca_file": str(server.certificates.authority),
                    },
                }
            },
            "incoming": {"poll_seconds": 1, **incoming},
        }
    )  # fmt: skip


@dataclass
class Inbox:
    """Ann's watched mailbox."""

    server: Dovecot
    ann: User
    settings: Settings
    store: Store
    watching: list[str] = field(default_factory=list)
    _task: asyncio.Task[None] | None = None

    @property
    def owner(self) -> Owner:
        return owner_of(self.settings)

    async def learn(self) -> int:
        async with await self.mailbox() as box:
            reader = Reader("work", box, self.store, self.owner, lambda: datetime.now(UTC))
            new = await reader.learn(Purpose.LEARN) + 0 * await reader.learn(Purpose.TEXTS)
        await self.store.set_fact("learned", True)
        return new

    async def mailbox(self) -> Mailbox:
        imap = self.settings.accounts["work"].imap
        assert imap is not None
        return await Mailbox.open("work", imap)

    async def start(self) -> None:
        """Watch, from when it is known what was there before."""
        before = len(self.watching)
        watcher = Watcher(
            "work", self.settings, self.store, on_watching=lambda a, f: self.watching.append(f"{a} {f}")
        )
        self._task = asyncio.create_task(watcher.run())
        await eventually(lambda: len(self.watching) > before, "the watch begins")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def arrive(self, sender: str, subject: str, text: str = PITCH, **headers: str) -> bytes:
        mail = write(sender, self.ann.address, subject, text, **headers)
        # An empty envelope sender would be a delivery report's.
        self.server.deliver(mail, self.ann.address, sender=sender.rpartition("<")[2].rstrip(">"))
        return mail

    def where(self, subject: str) -> list[str]:
        """The folders in which a mail of that subject lies, once for each copy."""
        folders = ("INBOX", COLD, "Junk", "Trash", "Sent", "Keep")
        return [f for f in folders for s in self.server.subjects(self.ann.address, f) if s == subject]

    async def filed(self, subject: str, seconds: float = 10) -> None:
        await eventually(lambda: self.where(subject) == [COLD], f"{subject!r} is filed", seconds)

    async def settle(self) -> None:
        """Until all that came before has been judged: a later cold mail has been filed."""
        subject = f"marker {next(_COUNT)}"
        self.arrive(f"marker{next(_COUNT)}@marker.example", subject)
        await self.filed(subject)

    def move(self, subject: str, source: str, target: str) -> None:
        """What a mail client does when its user drags a mail to another folder."""
        with self.server.imap(self.ann) as client:
            client.select(f'"{self.server.name_of(source)}"')
            _, found = client.uid("SEARCH", "HEADER", "SUBJECT", f'"{subject}"')
            [uid] = found[0].split()
            if self.server.capabilities == BARE:
                client.uid("COPY", uid, f'"{self.server.name_of(target)}"')
                client.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
                client.expunge()
            else:
                client.uid("MOVE", uid, f'"{self.server.name_of(target)}"')


def renumber(server: Dovecot, user: User) -> None:
    """Make the server forget the inbox's numbers: new ones come under another UIDVALIDITY."""
    for file in server.path_of(user.address).glob("dovecot*"):
        if not file.name.startswith("dovecot-uidvalidity"):  # so that the next one is really another
            file.unlink()


async def eventually(look: Callable[[], Any], what: str, seconds: float = 10) -> Any:
    """Look again and again until it is true; the value it then had."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (value := await asyncio.to_thread(look)):
        assert asyncio.get_running_loop().time() < deadline, f"waited {seconds:g} s in vain: {what}"
        await asyncio.sleep(0.02)
    return value


async def until(look: Callable[[], Awaitable[Any]], what: str, seconds: float = 10) -> Any:
    """The same for what must be awaited."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (value := await look()):
        assert asyncio.get_running_loop().time() < deadline, f"waited {seconds:g} s in vain: {what}"
        await asyncio.sleep(0.02)
    return value


MakeInbox = Callable[..., Awaitable[Inbox]]
