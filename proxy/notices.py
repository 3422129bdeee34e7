"""Telling the user: a command of theirs, a desktop notification, or a notice mail in the inbox."""

import asyncio
import contextlib
import json
import os
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum

from models.errors import ColdaskError
from models.letter import short_hash
from models.settings import AccountTable, ImapTable, Settings
from proxy.journal import Journal
from proxy.mailbox import Mailbox
from proxy.store.database import Store

COMMAND_SECONDS = 10.0
MAIL_SECONDS = 60.0
LATER = (60.0, 600.0, 3600.0)  # pauses after which the service tries again what could not be told
_TOLD = "notice.warned.{}"  # fact: when an account was last sent a notice mail about a warning
_SHOWN = 10  # recipients named in a notice


class Occasion(StrEnum):
    """What there is to tell."""

    HOLD = "hold"
    WARN = "warn"
    EXPIRED = "expired"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Notice:
    """One thing to tell. `sentence` holds the reason, never the mail's subject or text beyond a quote."""

    occasion: Occasion
    account: str
    sentence: str
    recipients: tuple[str, ...] = ()
    id: str = ""  # of the held or warned mail

    @property
    def next_step(self) -> str:
        """The one command to go on with."""
        if self.occasion is Occasion.WARN:
            return "coldask held list --warnings"
        if self.occasion is Occasion.EXPIRED:
            return f"coldask held export {self.id} FOLDER"
        return f"coldask held show {self.id}"

    @property
    def line(self) -> str:
        """All of it in one line: what a command gets on stdin."""
        return " ".join(f"{_HEADLINES[self.occasion]} {self.sentence} See: {self.next_step}".split())


_HEADLINES = {
    Occasion.HOLD: "A mail is held.",
    Occasion.WARN: "A mail was sent with a warning.",
    Occasion.EXPIRED: "A held mail has expired.",
    Occasion.UNSURE: "A mail may or may not have been sent.",
}


async def tell(
    notice: Notice,
    *,
    settings: Settings,
    store: Store,
    journal: Journal,
    now: datetime,
    again: Sequence[float] = (),
) -> str:
    """Tell the user. Answers what carried it: "command", "desktop", "mail" or "" (nothing). Never raises.

    Every notice runs `notify_command`; without one the desktop is told, and without a desktop the account's
    inbox gets a notice mail, for warnings one a day at most. What nothing carries is in the lists still. What
    failed is tried once more after each of the pauses in `again` (seconds).
    """
    carrier = ""
    for pause in (*again, None):
        try:
            carrier = await _carry(notice, settings, store, now)
            break
        except (ColdaskError, OSError, TimeoutError) as error:
            words = str(error) if isinstance(error, ColdaskError) else type(error).__name__
            journal.trouble("notice", words)
        if pause is not None:
            await asyncio.sleep(pause)
    journal.told(notice.occasion, notice.id, carrier or "nobody")
    return carrier


async def _carry(notice: Notice, settings: Settings, store: Store, now: datetime) -> str:
    command = settings.outgoing.notify_command
    if command:
        return "command" if await _run(command, notice.line) else ""
    desktop = desktop_command(os.environ)
    if desktop and await _run([*desktop, _HEADLINES[notice.occasion], notice.line], ""):
        return "desktop"
    account = settings.accounts.get(notice.account)
    if account is None or account.imap is None:
        return ""
    if notice.occasion is not Occasion.WARN:
        return await _mail(notice, account, account.imap, now)
    before = await store.fact(_TOLD.format(notice.account))
    if not await _first_today(store, notice.account, now):
        return ""
    try:
        return await _mail(notice, account, account.imap, now)
    except BaseException:
        await store.set_fact(_TOLD.format(notice.account), before)
        raise


async def _mail(notice: Notice, account: AccountTable, imap: ImapTable, now: datetime) -> str:
    raw = notice_mail(notice, account, now)
    async with asyncio.timeout(MAIL_SECONDS), await Mailbox.open(notice.account, imap) as box:
        await box.append("INBOX", raw)
    return "mail"


async def _first_today(store: Store, account: str, now: datetime) -> bool:
    """True for the first of the warnings of 24 hours, however many come at once: its notice mail is to go."""
    key = _TOLD.format(account)

    def claim(db: sqlite3.Connection) -> bool:
        row = db.execute("SELECT value FROM fact WHERE key = ?", (key,)).fetchone()
        if row and timedelta() <= now - datetime.fromisoformat(json.loads(row[0])) < timedelta(days=1):
            return False
        db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (key, json.dumps(now.isoformat())))
        return True

    return await store.write(claim)


def desktop_command(environment: Mapping[str, str]) -> list[str]:
    """The program that shows a notification, or nothing where there is no desktop."""
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return []
    if not environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return []
    program = shutil.which("notify-send")
    return [program, "--app-name=coldask", "--"] if program else []


async def _run(argv: Sequence[str], text: str) -> bool:
    """Run a program, never through a shell, the text on its stdin. False where it fails or is too slow."""
    process = await asyncio.create_subprocess_exec(
        *argv,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(COMMAND_SECONDS):
            await process.communicate((text + "\n").encode("utf-8", "replace") if text else b"")
    except TimeoutError:
        return False
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return process.returncode == 0


def notice_mail(notice: Notice, account: AccountTable, now: datetime) -> bytes:
    """The notice as a mail from coldask to the user, marked as automatic (RFC 3834)."""
    own = account.addresses[0]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"coldask <{own}>"
    mail["To"] = own
    mail["Subject"] = f"coldask: {_HEADLINES[notice.occasion].rstrip('.').lower()}"
    mail["Date"] = format_datetime(now.astimezone(UTC))
    key = short_hash(f"{notice.line} {now.isoformat()}")
    mail["Message-ID"] = f"<{key:x}.notice@coldask.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Coldask-Notice"] = "yes"
    named = list(notice.recipients[:_SHOWN])
    if len(notice.recipients) > _SHOWN:
        named.append(f"and {len(notice.recipients) - _SHOWN} more")
    paragraphs = [
        _HEADLINES[notice.occasion],
        notice.sentence,
        f"To: {', '.join(named)}" if named else "",
        f"What to do next:\n    {notice.next_step}",
    ]
    text = "\n\n".join(p for p in paragraphs if p) + "\n"
    mail.set_content(text.encode("utf-8", "replace").decode("utf-8"), cte="quoted-printable")
    return mail.as_bytes()
