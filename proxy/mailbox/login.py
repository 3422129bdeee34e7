"""Logging in to an IMAP server: TLS first, then LOGIN, PLAIN or XOAUTH2; no secret in clear (RFC 8314)."""

import imaplib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import imapclient
from imapclient.exceptions import IMAPClientError

from models.errors import MailboxError, MailboxRefused
from models.settings import ImapTable, Security
from proxy.mailbox.answers import Answer
from proxy.mailbox.wire import Wire, shown, string

# Refusals that say nothing about the password (RFC 5530): trying again later is right.
_PASSING = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")


@dataclass(frozen=True)
class Login:
    """How to log in: the secret, and whether it is an OAuth token. Never shown."""

    secret: str
    is_token: bool = False

    def __repr__(self) -> str:
        return "Login(…)"


class Client(imapclient.IMAPClient):
    """imapclient on our own wire: it knows the mechanisms of logging in."""

    def __init__(self, wire: Callable[[], Wire], *, tls: bool, timeout: float) -> None:
        self._make_wire = wire
        super().__init__("", port=0, ssl=tls, timeout=timeout)
        self._imap.debug = 0  # imapclient has every line formatted for a log nobody reads

    def _create_IMAP4(self) -> Wire:
        return self._make_wire()

    @property
    def wire(self) -> Wire:
        wire: Wire = self._imap
        return wire

    @property
    def offered(self) -> frozenset[bytes]:
        """The capabilities in capitals, as last told."""
        found: Any = self.capabilities()  # type: ignore[no-untyped-call]
        return frozenset(found)

    def learn_from(self, answer: Answer) -> None:
        """A CAPABILITY told with the login's answer saves a question; what was told before it is void."""
        told = answer.codes(b"CAPABILITY")
        for words in answer.named(b"CAPABILITY"):
            told.append(b" ".join(w for w in words if isinstance(w, bytes)))
        known: Any = tuple(told[-1].upper().split()) if told else None
        self._cached_capabilities = known


def secure(client: Client, server: ImapTable, context: Any, where: str) -> None:
    """STARTTLS where it is configured; never on without it. Raises MailboxError."""
    if server.security is not Security.STARTTLS:
        return
    if client.wire.state != "NONAUTH":
        raise MailboxError(f"{where} greeted as if logged in, without TLS; nothing was sent to it.")
    if "STARTTLS" not in client.wire.capabilities:
        raise MailboxError(
            f"{where} offers no STARTTLS, so no password was sent; write security = 'tls' and port = 993."
        )
    client.starttls(context)


def log_in(client: Client, server: ImapTable, login: Login, where: str) -> None:
    """Log in, unless the server greeted as if we were (PREAUTH). Raises MailboxRefused with its words."""
    if client.wire.state != "NONAUTH":
        return
    try:
        _present(client, server.username, login, where)
    except IMAPClientError as error:
        words = shown(str(error)).rstrip(".")
        if (
            isinstance(error, imaplib.IMAP4.abort)
            or client.wire.farewell
            or words.upper().startswith(_PASSING)
        ):
            raise MailboxError(f"{where} did not let {server.username} in now: {words}.") from None
        raise MailboxRefused(
            f"{where} refused the login of {server.username}: {words}. "
            "Check username and password; `coldask doctor` tries it."
        ) from None


def _present(client: Client, user: str, login: Login, where: str) -> None:
    offered = client.offered
    if login.is_token:
        if b"AUTH=XOAUTH2" not in offered:
            raise MailboxError(f"{where} does not offer XOAUTH2; use a password instead of token_command.")
        client.oauth2_login(user, login.secret)
    elif b"LOGINDISABLED" not in offered and (user + login.secret).isascii():
        answer = client.wire.run(b"LOGIN", string(user), string(login.secret))
        if not answer.ok:
            raise IMAPClientError(shown(answer.text) or "no reason given")
        client.wire.state = "AUTH"
        client.learn_from(answer)
    elif b"AUTH=PLAIN" in offered:
        client.plain_login(user, login.secret)  # type: ignore[no-untyped-call]
    else:
        raise MailboxError(f"{where} offers no login coldask knows (LOGIN, PLAIN, XOAUTH2).")
