"""Reaching a provider: connect, secure the line, check the certificate, log in; every failure in words."""

import asyncio
import socket
import ssl
from dataclasses import dataclass

import aiosmtplib
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPResponseException,
    SMTPTimeoutError,
)

from models.errors import LoginRefused, ProviderError
from models.settings import Security, SmtpTable
from proxy.secrets import password, ssl_context, tls_words, token

GREETING = "ESMTP coldask"  # what our own listener says

# Tried in this order; the next only where the server does not know this one. A refused password is never
# tried again in another way: providers lock accounts for that.
_METHODS = ("plain", "login", "cram-md5")
_UNKNOWN_METHOD = (500, 502, 503, 504)


@dataclass(frozen=True)
class Session:
    """A session past its login: the line, and what the server offers."""

    transport: asyncio.WriteTransport
    extensions: dict[str, str]


async def read_secret(name: str, server: SmtpTable) -> str:
    """The password or a fresh token of account `name`. Raises SecretError."""
    return await (password if server.token_command is None else token)(server, f"account {name}, smtp")


async def open_session(name: str, server: SmtpTable, secret: str, timeout: float) -> Session:
    """A session of account `name`. Raises LoginRefused, ConfigError, ProviderError."""
    smtp = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        timeout=timeout,
        use_tls=server.security is Security.TLS,
        start_tls=server.security is Security.STARTTLS,
        tls_context=None if server.security is Security.PLAINTEXT else ssl_context(server),
        local_hostname="localhost",
    )
    try:
        async with asyncio.timeout(timeout):
            greeting = await smtp.connect()
            if greeting.message.endswith(GREETING):
                raise ProviderError(f"{server.host}:{server.port} is coldask itself; write the provider's.")
            await smtp.ehlo()
            await _log_in(smtp, name, server, secret)
    except BaseException as e:
        smtp.close()
        if isinstance(e, ProviderError) or not isinstance(e, (SMTPException, OSError, ssl.SSLError)):
            raise
        raise ProviderError(_words(e, server)) from None
    transport = smtp.transport
    if not isinstance(transport, asyncio.WriteTransport) or transport.is_closing():
        raise ProviderError(f"{server.host} hung up after the login.")
    return Session(transport, dict(smtp.esmtp_extensions))


async def _log_in(smtp: aiosmtplib.SMTP, name: str, server: SmtpTable, secret: str) -> None:
    """Raises LoginRefused with the server's words, ProviderError where it cannot say now."""
    refusal: SMTPAuthenticationError | None = None
    offered = smtp.server_auth_methods
    for method in ("xoauth2",) if server.token_command else _METHODS:
        if method not in offered:
            continue
        log_in = getattr(smtp, "auth_" + method.replace("-", ""))
        try:
            await log_in(server.username, secret)
            return
        except SMTPAuthenticationError as e:
            refusal = e
            if e.code not in _UNKNOWN_METHOD:
                break
    if refusal is None:
        ways = ", ".join(offered).upper() or "none"
        raise ProviderError(f"{server.host} offers no way to log in that coldask knows (it offers: {ways}).")
    said = f"{refusal.code} {refusal.message}".replace("\n", " ")
    if 400 <= refusal.code < 500:
        raise ProviderError(f"{server.host} cannot check logins now: {said}")
    raise LoginRefused(f"{server.host} refused the login of account {name}: {said}")


def _words(error: Exception, server: SmtpTable) -> str:
    """What went wrong, as a sentence that names the server."""
    host = f"{server.host}:{server.port}"
    cause = error.__cause__ or error
    if words := tls_words(cause, server.host):
        return words
    if isinstance(error, (SMTPTimeoutError, TimeoutError)) or isinstance(cause, TimeoutError):
        return f"{host} did not answer in time."
    if isinstance(cause, socket.gaierror):
        return f"{server.host} is not known to the name service; check host, or the network."
    if isinstance(cause, ConnectionRefusedError):
        return f"{host} refused the connection; check host and port."
    if isinstance(error, (SMTPConnectResponseError, SMTPResponseException)):
        said = str(error.message).replace("\n", " ")[:200]
        return f"{host} answered {error.code} {said}" if error.code > 0 else f"{host} answered no SMTP."
    if isinstance(error, SMTPException) and "STARTTLS" in str(error.message):
        return f"{server.host} does not offer STARTTLS; the password was not sent."
    if isinstance(cause, OSError) and cause.strerror:
        return f"{host} cannot be reached: {cause.strerror}."
    return f"{host} hung up before the login was done."
