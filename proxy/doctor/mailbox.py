"""The provider's server for reading: its login, what it can do, and the folders coldask works with."""

import difflib
from collections.abc import AsyncIterator, Iterator
from typing import Final

from models.errors import ColdaskError, MailboxRefused, SecretError
from models.settings import ImapTable, Settings
from proxy.doctor.line import Line, fail, ok, warn
from proxy.doctor.sending import SECRET_FIX
from proxy.mailbox import Mailbox
from proxy.mailbox.folders import Folders, list_folders, sent_of
from proxy.mailbox.session import Session

_WITHOUT: Final = {
    b"MOVE": "mails are copied, then taken away, with a journal of it",
    b"UIDPLUS": "a mail taken away may stay marked as deleted for a while",
    b"IDLE": "the inbox is looked at every {seconds} seconds",
}
_LOGIN: Final = "check username and password; many providers want an app password, and IMAP switched on"


async def look_at_mailbox(
    name: str, server: ImapTable, settings: Settings, limit: float
) -> AsyncIterator[Line]:
    """One connection with one login. Nothing is changed, made or marked read."""
    area, where = f"account {name}", f"imap {server.host}:{server.port} ({server.security.value})"
    try:
        async with await Mailbox.open(name, server, timeout=limit) as box:
            has = box.session.capabilities
            folders = await box.do(list_folders)
            inbox = await box.do(Session.select, "INBOX", read_only=True)
    except SecretError as error:
        yield fail(area, f"imap: {error}", SECRET_FIX)
        return
    except MailboxRefused as error:
        yield fail(area, str(error), _LOGIN)
        return
    except ColdaskError as error:
        yield fail(
            area, f"{where}: {error}", f"check host, port, security and ca_file under [accounts.{name}.imap]"
        )
        return
    can = [word.decode() for word in _WITHOUT if word in has]
    yield ok(
        area, f"{where}: logged in; {', '.join(can) or 'plain IMAP'}; INBOX holds {inbox.messages} mails"
    )
    for word, instead in _WITHOUT.items():
        if word not in has:
            yield ok(area, f"no {word.decode()}: {instead.format(seconds=settings.incoming.poll_seconds)}")
    for line in look_at_folders(name, server, folders):
        yield line


def look_at_folders(name: str, server: ImapTable, folders: Folders) -> Iterator[Line]:
    """Cold Asks, Sent, and the folders that tell whom the user knows."""
    area = f"account {name}"
    if found := folders.find(server.cold_asks):
        yield ok(area, f"cold asks are filed in {found!r}")
    else:
        yield ok(
            area, f"the folder {folders.to_make(server.cold_asks)!r} is made when the first mail is filed"
        )
    sent = sent_of(folders, server.sent)
    if sent is not None:
        yield ok(area, f"sent mail lies in {sent!r}")
    elif server.sent == "auto":
        text = "no Sent folder can be told from the others, so whom you write to stays unknown"
        yield warn(
            area, text, f'write sent = "NAME" under [accounts.{name}.imap]; there are: {_names(folders)}'
        )
    else:
        yield warn(area, f"there is no folder {server.sent!r}", _instead(server.sent, name, "sent", folders))
    for wanted in server.history:
        if folders.find(wanted) is None:
            yield warn(area, f"there is no folder {wanted!r}", _instead(wanted, name, "history", folders))


def _instead(wanted: str, name: str, key: str, folders: Folders) -> str:
    near = difflib.get_close_matches(wanted, [f.name for f in folders.all], n=1)
    hint = f"is {near[0]!r} meant?" if near else f"there are: {_names(folders)}"
    return f"change {key} under [accounts.{name}.imap]; {hint}"


def _names(folders: Folders) -> str:
    names = [f.name for f in folders.all if f.selectable]
    return ", ".join(map(repr, names[:12])) + (" …" if len(names) > 12 else "")
