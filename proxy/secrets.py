"""Passwords, tokens and trust: where a secret comes from, and whom a TLS connection believes."""

import asyncio
import contextlib
import os
import secrets
import ssl
from pathlib import Path

from models.errors import ConfigError, SecretError, SecretMissing
from models.settings import SecretSource, ServerTable, path_in_home

COMMAND_SECONDS = 60.0  # long enough for a person to unlock a password store


async def password(source: SecretSource, what: str, *, timeout: float = COMMAND_SECONDS) -> str:
    """The password `source` names. `what` says whose it is, for the sentence ("account work, smtp").

    Raises SecretError, which never holds the secret.
    """
    if source.password_command is not None:
        return await _printed_by(source.password_command, "password_command", what, timeout)
    if source.password_env:
        value = os.environ.get(source.password_env, "")
        if not value:
            raise SecretMissing(
                f"The environment variable {source.password_env} ({what}) is empty or not set."
            )
        return value
    if source.password_file:
        return _in_file(path_in_home(source.password_file), what)
    if source.keyring:
        return await asyncio.to_thread(_in_keyring, getattr(source, "username", ""), what)
    raise SecretError(f"There is no password for {what}, it logs in by token_command.")


async def token(source: SecretSource, what: str, *, timeout: float = COMMAND_SECONDS) -> str:
    """A fresh OAuth access token from `token_command`. Raises SecretError."""
    if source.token_command is None:
        raise SecretError(f"There is no token_command for {what}.")
    return await _printed_by(source.token_command, "token_command", what, timeout)


async def _printed_by(argv: list[str], key: str, what: str, timeout: float) -> str:
    """The first line a command prints. What it says on stderr may hold secrets and is not shown."""
    shown = f"The {key} of {what} ({argv[0] if argv else 'empty'})"
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except (OSError, ValueError, TypeError) as e:
        reason = e.strerror if isinstance(e, OSError) and e.strerror else "not a command"
        raise SecretError(f"{shown} could not be started: {reason}.") from None
    try:
        printed, _ = await asyncio.wait_for(process.communicate(), timeout)
    except TimeoutError:
        raise SecretError(f"{shown} gave no answer in {timeout:.0f} seconds.") from None
    finally:
        # A child of its own may keep the pipe open for ever: only the transport, which has no public name,
        # can let go of it. It kills a command that still runs.
        process._transport.close()  # type: ignore[attr-defined]
        await process.wait()
    if process.returncode:
        raise SecretError(f"{shown} failed with exit code {process.returncode}; run it by hand to see why.")
    line = printed.decode("utf-8", "replace").partition("\n")[0].rstrip("\r")
    if not line:
        raise SecretError(f"{shown} printed nothing.")
    return line


def _in_file(path: Path, what: str) -> str:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if mode & 0o077:
                raise SecretMissing(f"{path} ({what}) can be read by others; run `chmod 600 {path}`.")
            text = file.read(10_000).decode("utf-8", "replace")
    except OSError as e:
        raise SecretMissing(f"{path} ({what}) cannot be read: {e.strerror}.") from None
    line = text.partition("\n")[0].rstrip("\r")
    if not line:
        raise SecretMissing(f"{path} ({what}) has an empty first line; write the password there.")
    return line


def _in_keyring(username: str, what: str) -> str:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        raise SecretError(
            f"keyring = true ({what}) needs the extra: install `coldask[keyring]`, or use password_command."
        ) from None
    try:
        found = keyring.get_password("coldask", username)
    except keyring.errors.KeyringError as e:
        raise SecretError(f"The keyring ({what}) fails: {type(e).__name__}; use password_command.") from None
    if not found:
        raise SecretError(f"The keyring has no password for {what}; run `keyring set coldask {username}`.")
    return str(found)


def ssl_context(server: ServerTable) -> ssl.SSLContext:
    """What a TLS connection to this server believes: the system's authorities, or `ca_file` alone.

    Name and dates are always checked (RFC 8314), TLS 1.2 at least. Raises ConfigError for a bad `ca_file`.
    """
    path = path_in_home(server.ca_file) if server.ca_file else None
    try:
        context = ssl.create_default_context(cafile=str(path) if path else None)
    except (OSError, ssl.SSLError):
        raise ConfigError(f"ca_file {path} is not there or holds no certificate in PEM form.") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # Debian's Python leaves it to the system
    return context


_OWN_SERVER = "; for a server of your own, name its authority as ca_file"
_UNKNOWN = f"its certificate is signed by an authority this machine does not know{_OWN_SERVER}"
# OpenSSL's verification codes (x509_vfy.h).
_CERTIFICATE_WORDS = {
    9: "its certificate is not valid yet (check this machine's clock)",
    10: "its certificate has expired",
    18: f"its certificate is signed by itself{_OWN_SERVER}",
    19: _UNKNOWN,
    20: _UNKNOWN,
    21: _UNKNOWN,
    23: "its certificate has been revoked",
    62: "its certificate is for another name",
    64: "its certificate is for another address",
}


def tls_words(error: BaseException | None, host: str) -> str:
    """Why a TLS handshake failed, as a sentence about `host`; empty where the error is not about TLS."""
    if isinstance(error, ssl.SSLCertVerificationError):
        other = f"its certificate cannot be trusted ({error.verify_message})"
        reason = _CERTIFICATE_WORDS.get(error.verify_code, other)
        return f"{host} was not believed: {reason}."
    if isinstance(error, ssl.SSLError):
        if getattr(error, "reason", "") == "WRONG_VERSION_NUMBER":
            return f'{host} speaks no TLS on this port; check port and security ("starttls" for 587 and 143).'
        reason = (getattr(error, "reason", "") or type(error).__name__).replace("_", " ").lower()
        return f"{host}: the TLS handshake failed ({reason})."
    return ""


def local_password(store: Path) -> str:
    """The password of the local login, made at the first call; kept in a 0600 file beside the store.

    Raises SecretError where the file cannot be read or made.
    """
    path = store.with_name(store.name + ".password")
    try:
        if not path.exists():
            _make_password(path)
        return _in_file(path, "the local login")
    except OSError as e:
        raise SecretError(f"{path} (the local login's password) cannot be made: {e.strerror}.") from None


def _make_password(path: Path) -> None:
    """Whole or not at all, and never over one that another process made meanwhile."""
    path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(18) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
