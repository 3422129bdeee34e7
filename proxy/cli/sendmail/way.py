"""The way to the provider: through the running service, or where none runs a listener of the command's own.

Either way the mail goes by the same conversation, so it is judged, held and recorded as from a mail client.
"""

import asyncio
import secrets
import smtplib
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from models.errors import OutsideError
from models.settings import Settings
from proxy.cli.options import run_async
from proxy.cli.render import tell
from proxy.config import store_path
from proxy.control import socket_path
from proxy.desk import Desk
from proxy.desk.learning import check_history
from proxy.desk.upkeep import recover_held, tell_recovered
from proxy.encoder import ear_of
from proxy.journal import Journal, keep_silent
from proxy.outgoing.listener import Listener
from proxy.secrets import local_password
from proxy.store.database import Store, StoreInUse, lock

PATIENCE = 5.0  # seconds: a service that is just starting, or another command, has the store
ANSWER_SECONDS = 900.0  # a provider may take ten minutes after the dot, and the service waits for it


class Parcel(NamedTuple):
    """One mail to send: envelope, bytes with CRLF line ends, and what is wanted of delivery reports."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    reports: dict[str, str]


class Answer(NamedTuple):
    """The last reply: at which stage, its code, its text without enhanced codes, and the first of these."""

    stage: str  # greeting, login, mail, rcpt, data
    code: int
    text: str
    status: str = ""  # the enhanced code of the first line, where it has one


def submit(config: Path, settings: Settings, parcel: Parcel) -> Answer:
    """Hand the mail in, and wait for the answer to its final dot. Raises OutsideError, StoreError."""
    path = store_path(settings)
    until = time.monotonic() + PATIENCE
    while True:
        if _service_runs(path):
            listen = settings.listen
            return _talk(listen.host, listen.port, listen.login, local_password(path), parcel)
        try:
            with lock(path):
                return run_async(_alone(_on_loopback(settings), config.absolute().parent, path, parcel))
        except StoreInUse:
            if time.monotonic() > until:
                raise
        time.sleep(0.1)


def _service_runs(store: Path) -> bool:
    """Only the service of this store answers there: the password is shown to nobody else."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as control:
        try:
            control.connect(str(socket_path(store)))
        except OSError:
            return False
    return True


def _on_loopback(settings: Settings) -> Settings:
    """Whatever the service listens to: this one mail needs nobody from outside."""
    return settings.model_copy(update={"listen": settings.listen.model_copy(update={"host": "127.0.0.1"})})


async def _alone(settings: Settings, folder: Path, path: Path, parcel: Parcel) -> Answer:
    """A listener on a free port of loopback, for this one mail. Call it under the store's lock."""
    async with await Store.open(path) as store:
        keep_silent()
        ear = ear_of(settings, tell)
        desk = Desk(settings, folder, store, lambda: datetime.now(UTC), Journal(), ear)
        cut_off = await recover_held(desk)
        await check_history(desk)
        password = secrets.token_urlsafe(18)
        listener = await Listener.open(desk, password, port=0)
        try:
            here = (settings.listen.host, listener.port, settings.listen.login, password)
            answer = await asyncio.to_thread(_talk, *here, parcel)
        finally:
            await listener.close()
        await tell_recovered(desk, cut_off)
        return answer


def _talk(host: str, port: int, login: str, password: str, parcel: Parcel) -> Answer:
    """One mail by SMTP, up to the first refusal."""
    try:
        with smtplib.SMTP(timeout=ANSWER_SECONDS) as client:
            code, text = client.connect(host, port)
            if code != 220:
                return _answer("greeting", code, text)
            client.ehlo()
            try:
                client.login(login, password)
            except smtplib.SMTPAuthenticationError as error:
                return _answer("login", error.smtp_code, error.smtp_error)
            return _transaction(client, parcel)
    except (OSError, smtplib.SMTPException) as error:
        raise OutsideError(
            f"The service at {host}:{port} broke off ({str(error).partition(chr(10))[0]}); try again."
        ) from None


def _transaction(client: smtplib.SMTP, parcel: Parcel) -> Answer:
    client.command_encoding = "utf-8"
    code, text = client.docmd(f"MAIL FROM:<{parcel.sender}>{_mail_parameters(client, parcel)}")
    if code != 250:
        return _answer("mail", code, text)
    notify = parcel.reports.get("NOTIFY")
    wish = f" NOTIFY={notify}" if notify and client.has_extn("dsn") else ""
    for recipient in parcel.recipients:
        code, text = client.docmd(f"RCPT TO:<{recipient}>{wish}")
        if code not in (250, 251):
            answer = _answer("rcpt", code, text)
            return answer._replace(text=f"{recipient}: {answer.text} Nothing was sent to anybody.")
    return _answer("data", *client.data(parcel.raw))


def _mail_parameters(client: smtplib.SMTP, parcel: Parcel) -> str:
    """What the mail needs, as far as it is offered; what it cannot go without is asked for in any case."""
    has: Callable[[str], bool] = client.has_extn
    found = [f"SIZE={len(parcel.raw)}"] if has("size") else []
    if not parcel.raw.isascii() and has("8bitmime"):
        found.append("BODY=8BITMIME")
    if not all(address.isascii() for address in (parcel.sender, *parcel.recipients)):
        found.append("SMTPUTF8")
    if has("dsn"):
        found += [f"{key}={parcel.reports[key]}" for key in ("RET", "ENVID") if key in parcel.reports]
    return "".join(f" {one}" for one in found)


def _answer(stage: str, code: int, text: bytes | str) -> Answer:
    """The reply's lines joined; the enhanced status code stays where it says what the words do not."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    lines = [line.strip() for line in words.splitlines()]
    split = [line.split(" ", 1) if line[:1].isdigit() and line[1:2] == "." else ["", line] for line in lines]
    plain, status = " ".join(one[-1] for one in split), split[0][0] if split else ""
    return Answer(stage, code, plain if code < 500 or "5.6.0" not in words else f"{plain} (5.6.0)", status)
