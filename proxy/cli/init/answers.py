"""What a first configuration needs to know: from the command line, and where a person sits there, by questions."""

import getpass
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from models.errors import UsageError
from proxy.cli.init.providers import CLOSED, Provider, Server, provider_of, providers, server, usual
from proxy.cli.render import tell

_SOURCES: Final = (
    ("password_command", "a command that prints it (a password manager)", "The command"),
    ("password_file", "a file only you can read, written now", ""),
    ("keyring", "the desktop's keyring", ""),
    ("password_env", "an environment variable", "The variable's name"),
    ("token_command", "a command that prints an OAuth access token", "The command"),
)


@dataclass(frozen=True)
class Answers:
    """One account. `secret`: the key and its value, as they stand in the configuration."""

    addresses: tuple[str, ...]
    name: str
    provider: Provider
    smtp: Server
    imap: Server | None
    username: str
    secret: tuple[str, str | list[str] | bool]
    ca_file: str = ""
    observe: bool = True
    typed: str = field(default="", repr=False)  # a password for the file, typed just now

    @property
    def domain(self) -> str:
        return self.addresses[0].rpartition("@")[2].lower()


@dataclass(frozen=True)
class Given:
    """What the command line said; None or empty: nothing."""

    addresses: tuple[str, ...] = ()
    name: str = "work"
    provider: str | None = None
    smtp: str | None = None
    imap: str | None = None
    username: str | None = None
    secrets: tuple[tuple[str, str], ...] = ()
    ca_file: str = ""
    guard: bool = False


def answers(given: Given, secret_file: str, *, asking: bool) -> Answers:
    """Everything, asked for where `asking` and not given. Raises UsageError for what is missing or wrong."""
    if len(given.secrets) > 1:
        raise UsageError(f"Name one source of the password, not {len(given.secrets)}.")
    addresses = given.addresses or _ask_address(asking)
    for address in addresses:
        local, at, domain = address.rpartition("@")
        if not (at and local and domain) or any(c.isspace() or ord(c) < 32 for c in address):
            raise UsageError(f"{address!r} is no mail address; write it like 'ann@example.org'.")
    domain = addresses[0].rpartition("@")[2].lower()
    if domain in CLOSED and not given.smtp:
        raise UsageError(f"{domain} lets no mail program in by SMTP or IMAP, so coldask cannot work for it.")
    provider = _provider(domain, given)
    known = Answers(
        addresses, given.name, provider, provider.smtp, provider.imap, given.username or addresses[0],
        ("", ""), _authority(given.ca_file), not given.guard,
    )  # fmt: skip
    known = _with_servers(known, given, asking=asking and not provider.name)
    if provider.hint:
        tell(provider.hint)
    if asking and not given.secrets:
        known = _ask_secret(known, secret_file)
        mode = _ask("Only watch for the first week, and hold or move nothing? (y/n)", "y")
        return replace(known, observe=not given.guard and mode.lower() not in ("n", "no"))
    return replace(known, secret=_secret(given))


def _authority(text: str) -> str:
    path = _from_anywhere(text)
    if path and not Path(path).expanduser().is_file():
        raise UsageError(f"--ca-file {text}: there is no such file; name one that holds the authority's PEM.")
    return path


def _from_anywhere(text: str) -> str:
    """A path that means the same wherever coldask is started; one that begins with ~ does already."""
    return text if not text or text.startswith("~") else str(Path(text).absolute())


def _provider(domain: str, given: Given) -> Provider:
    if given.provider is None:
        return provider_of(domain) or usual(domain)
    found = next((p for p in providers() if p.name == given.provider), None)
    if found is None:
        names = ", ".join(p.name for p in providers())
        raise UsageError(f"{given.provider!r} is no provider coldask knows; it knows {names}.")
    return found


def _with_servers(known: Answers, given: Given, *, asking: bool) -> Answers:
    smtp = imap = None
    if given.smtp is not None:
        smtp = _server(given.smtp, 465, "--smtp")
    elif asking:
        smtp = _ask_server("The server for sending, HOST[:PORT]", known.smtp, 465)
    elif not known.provider.name:
        tell(f"Nothing is known of {known.domain}; its servers are guessed. `coldask doctor` tries them.")
    if given.imap == "none":
        return replace(known, smtp=smtp or known.smtp, imap=None)
    if given.imap is not None:
        imap = _server(given.imap, 993, "--imap")
    elif asking and known.imap is not None:
        imap = _ask_server("The server for reading, HOST[:PORT]", known.imap, 993)
    return replace(known, smtp=smtp or known.smtp, imap=imap or known.imap)


def _server(text: str, port: int, option: str) -> Server:
    try:
        return server(text, port)
    except ValueError as error:
        raise UsageError(f"{option}: {error}.") from None


def _secret(given: Given) -> tuple[str, str | list[str] | bool]:
    if not given.secrets:
        raise UsageError(
            "Where does the password come from? Add --password-command 'pass mail/work', or one of "
            "--password-file, --password-env, --keyring, --token-command."
        )
    key, text = given.secrets[0]
    return key, _value(key, text)


def _value(key: str, text: str) -> str | list[str] | bool:
    if key == "keyring":
        return True
    if key == "password_file":
        return _from_anywhere(text)
    if not key.endswith("_command"):
        return text
    try:
        argv = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no command: {str(error).lower()}.") from None
    if not argv:
        raise UsageError(f"{key} is empty; write the command that prints the secret.")
    return argv


# ── questions ───────────────────────────────────────────────────────────────────────────────────────────────


def _ask(question: str, default: str = "") -> str:
    """One line from the person. Raises UsageError where the questions are broken off."""
    sys.stderr.write(f"{question}{f' [{default}]' if default else ''}: ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        sys.stderr.write("\n")  # the question's line is not ended
        raise UsageError("The questions were broken off; nothing was written.")
    return line.strip() or default


def _asked(question: str, default: str, read: Callable[[str], str | Server]) -> str | Server:
    """Ask until the answer can be read."""
    while True:
        try:
            return read(_ask(question, default))
        except ValueError as error:
            tell(f"{error}.")


def _ask_address(asking: bool) -> tuple[str, ...]:
    if not asking:
        raise UsageError("Whose mail is it? Name your address with --address ADDR.")

    def read(text: str) -> str:
        if "@" not in text.strip("@") or " " in text:
            raise ValueError(f"{text!r} is no mail address; write it like 'ann@example.org'")
        return text

    return (str(_asked("Your mail address", "", read)),)


def _ask_server(question: str, likely: Server, port: int) -> Server:
    found = _asked(question, f"{likely.host}:{likely.port}", lambda text: server(text, port))
    assert isinstance(found, Server)
    return found


def _ask_secret(known: Answers, secret_file: str) -> Answers:
    tell("Where does the password come from?")
    for number, (_, words, _) in enumerate(_SOURCES, 1):
        tell(f"  {number}  {words}")
    usual_one = "5" if "token_command" in known.provider.hint else "1"
    while (choice := _ask("Its number", usual_one)) not in [str(n + 1) for n in range(len(_SOURCES))]:
        tell(f"{choice!r} is none of these.")
    key, _, question = _SOURCES[int(choice) - 1]
    if key == "password_file":
        typed = getpass.getpass(f"The password of {known.username} (not shown): ", sys.stderr)
        if not typed:
            raise UsageError("The password is empty; nothing was written.")
        return replace(known, secret=(key, secret_file), typed=typed)
    text = ""
    while question and not (text := _ask(question)):
        pass
    return replace(known, secret=(key, _value(key, text)))
