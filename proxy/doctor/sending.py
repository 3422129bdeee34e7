"""The provider's server for sending: its secret, its certificate, its login, and what it offers."""

from collections.abc import AsyncIterator
from typing import Final

from models.errors import ColdaskError, LoginRefused, SecretError
from models.settings import AccountTable, SecretSource, Settings
from proxy.doctor.line import Line, fail, ok, warn
from proxy.outgoing.login import read_secret
from proxy.outgoing.upstream import Timeouts, Upstream

_TOLD: Final = ("8bitmime", "smtputf8", "pipelining", "dsn", "chunking")
_LOGIN: Final = (
    "check username and password; many providers want an app password, or a token (token_command), "
    "instead of the one you know"
)
SECRET_FIX: Final = "mend it, then run `coldask doctor` again; nothing was sent to the provider"  # noqa: S105


async def look_at_sending(
    name: str, account: AccountTable, settings: Settings, limit: float
) -> AsyncIterator[Line]:
    """One connection with one login, then QUIT. No mail is sent."""
    area, server = f"account {name}", account.smtp
    where = f"smtp {server.host}:{server.port} ({server.security.value})"
    try:
        secret = await read_secret(name, server)
    except SecretError as error:
        yield fail(area, f"smtp: {error}", SECRET_FIX)
        return
    yield ok(
        area, f"smtp: a {'token' if server.token_command else 'password'} comes from {source_of(server)}"
    )
    try:
        line = await Upstream.connect(name, account, timeouts=Timeouts(limit, limit, limit), secret=secret)
    except LoginRefused as error:
        yield fail(area, str(error), _LOGIN)
        return
    except ColdaskError as error:
        yield fail(
            area, f"{where}: {error}", f"check host, port, security and ca_file under [accounts.{name}.smtp]"
        )
        return
    offers = dict(line.extensions)
    await line.close()
    told = ", ".join(word.upper() for word in _TOLD if word in offers) or "no extensions"
    size = _size(offers)
    yield ok(area, f"{where}: logged in; {told}" + (f", mails up to {size} MB" if size else ""))
    if "8bitmime" not in offers:
        text = "the provider takes no 8-bit mail; a mail client that sends such is refused"
        yield warn(area, text, "let the mail client encode its mail (quoted-printable)")
    if 0 < size < settings.outgoing.max_message_mb:
        yield ok(
            area,
            f"larger mails, up to max_message_mb = {settings.outgoing.max_message_mb}, the provider refuses",
        )


def source_of(server: SecretSource) -> str:
    """Where its secret comes from, in words without the secret."""
    for key in ("password_command", "token_command"):
        if (argv := getattr(server, key)) is not None:
            return f"{key} ({argv[0]})"
    if server.password_env:
        return f"the variable {server.password_env}"
    return server.password_file or "the keyring"


def _size(offers: dict[str, str]) -> int:
    """The largest mail in MB; 0 where it is not said."""
    told = offers.get("size", "").strip()
    return int(told) // 1_000_000 if told.isdecimal() else 0
