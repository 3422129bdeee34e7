"""The configuration's schema: every key, its type, default and reason (`config.example.toml` is checked against it)."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from models.address import canonical, domain_of

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _address(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain or any(c.isspace() or ord(c) < 32 for c in text):
        raise ValueError(f"{text!r} is not a mail address; write it like 'ann@example.org'")
    return text


def _domain(text: str) -> str:
    if "@" in text or "." not in text or " " in text:
        raise ValueError(f"{text!r} is not a domain; write it like 'example.org'")
    return text.lower().strip(".")


Address = Annotated[str, AfterValidator(_address)]
Domain = Annotated[str, AfterValidator(_domain)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Table(BaseModel):
    """A table of the configuration: unknown keys are refused, and so is a wrong type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Security(StrEnum):
    """How a connection is protected (RFC 8314)."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAINTEXT = "plaintext"


class RuleEffect(StrEnum):
    """What the user wants of a rule."""

    HOLD = "hold"
    WARN = "warn"
    NOTE = "note"
    OFF = "off"


class StoreTable(Table):
    path: str = Field("", description="the SQLite file; empty: coldask.db in the system's data folder")


class ListenTable(Table):
    host: str = Field("127.0.0.1", description="where mail clients connect; not loopback needs allow_remote")
    port: Port = Field(2587, description="the SMTP port for the mail client")
    security: Annotated[Security, Field(strict=False)] = Field(
        Security.PLAINTEXT, description="plaintext | starttls | tls, on this machine's own wire"
    )
    login: str = Field(
        "coldask", min_length=1, description="local login; `coldask password` prints its password"
    )
    allow_remote: bool = Field(False, description="allow a host that other machines can reach")
    max_connections: int = Field(50, ge=1, le=10000, description="clients at once; more get 421")


class SecretSource(Table):
    """Where a password or token comes from: exactly one of these keys."""

    password_command: list[str] | None = Field(None, description="argv that prints the password")
    password_env: str | None = Field(None, description="environment variable that holds the password")
    password_file: str | None = Field(None, description="file (mode 0600) that holds the password")
    keyring: bool = Field(False, description="the desktop's keyring (extra `keyring`)")
    token_command: list[str] | None = Field(
        None, description="argv that prints an OAuth access token (XOAUTH2)"
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> "SecretSource":
        given = [k for k in SecretSource.model_fields if getattr(self, k) not in (None, False)]
        if len(given) != 1:
            what = "none is given" if not given else f"{' and '.join(given)} are given"
            raise ValueError(
                f"{what}; write exactly one of password_command, password_env, password_file, "
                "keyring = true, token_command"
            )
        return self


class ServerTable(SecretSource):
    host: str = Field(min_length=1, description="the provider's server")
    port: Port
    security: Annotated[Security, Field(strict=False)] = Field(
        Security.TLS, description="tls | starttls | plaintext (loopback only)"
    )
    username: str = Field(min_length=1, description="login at the provider")
    ca_file: str = Field("", description="certificate authority to trust instead of the system's")

    @model_validator(mode="after")
    def _no_password_in_clear(self) -> "ServerTable":
        if self.security is Security.PLAINTEXT and self.host not in LOOPBACK:
            raise ValueError(
                f"security = 'plaintext' would send the password to {self.host} in clear; write 'tls' or 'starttls'"
            )
        return self


class SmtpTable(ServerTable):
    port: Port = Field(465, description="465 for tls, 587 for starttls")


class ImapTable(ServerTable):
    port: Port = Field(993, description="993 for tls, 143 for starttls")
    cold_asks: str = Field(
        "Cold Asks", min_length=1, description="the folder cold asks are filed in; made if missing"
    )
    sent: str = Field(
        "auto", min_length=1, description="the Sent folder; auto: by SPECIAL-USE or its usual names"
    )
    history: list[str] = Field(["INBOX"], description="folders `learn` reads beside Sent")

    @model_validator(mode="after")
    def _folder_of_its_own(self) -> "ImapTable":
        if self.cold_asks.upper() == "INBOX" or self.cold_asks in (self.sent, *self.history):
            raise ValueError(
                f"cold_asks = {self.cold_asks!r} is a folder with another use; write one of its own"
            )
        return self


class AccountTable(Table):
    addresses: list[Address] = Field(
        min_length=1, description="the account is picked by the envelope's sender"
    )
    smtp: SmtpTable
    imap: ImapTable | None = Field(None, description="leave it out to run without a watcher")


class OutgoingTable(Table):
    mode: Literal["guard", "observe"] = Field("guard", description="observe: judge and record, never hold")
    keep_held_days: int = Field(30, ge=1, description="then a notice and `expired`, never silently")
    max_message_mb: int = Field(50, ge=1, le=1024, description="larger mail is refused with 552")
    notify_command: list[str] = Field(
        [], description="argv, gets the sentence on stdin; empty: desktop notification or a notice mail"
    )
    on_hold: Literal["refuse", "accept"] = Field(
        "refuse", description="refuse: 554 with the reason | accept: 250 and a notice mail"
    )
    on_warn: Literal["pass", "hold"] = Field(
        "pass", description="pass: recorded, shown by `held list --warnings` | hold"
    )
    sent_copy: Literal["auto", "always", "never"] = Field(
        "auto", description="copy released mail to Sent; auto: where the provider does not do it itself"
    )


class IncomingTable(Table):
    mode: Literal["file", "mark", "observe"] = Field(
        "file", description="file: move | mark: keyword ColdAsk only | observe: only record"
    )
    poll_seconds: int = Field(
        60, ge=1, le=3600, description="where there is no IDLE, and for Sent and the history folders"
    )
    file_above: float | None = Field(
        None, gt=0, lt=1, description="probability above which a cold ask is filed; left out: the shipped one"
    )


class ModelTable(Table):
    encoder: bool = Field(True, description="use the sentence encoder where it is installed")


class PeopleTable(Table):
    trusted: list[Address] = Field([], description="never warned about, never filed")
    internal_domains: list[Domain] = Field([], description="colleagues: never cold, never strangers")
    vouched_days: int = Field(90, ge=1, le=3650, description="how long an introduction carries")
    lists: dict[str, list[str]] = Field(
        {}, description="mailings you run: addresses, or file:PATH with one a line"
    )


class Settings(Table):
    """The whole configuration."""

    store: StoreTable = StoreTable()
    listen: ListenTable = ListenTable()
    accounts: dict[str, AccountTable] = Field({}, description="one table an account")
    outgoing: OutgoingTable = OutgoingTable()
    incoming: IncomingTable = IncomingTable()
    model: ModelTable = ModelTable()
    rules: dict[str, Annotated[RuleEffect, Field(strict=False)]] = Field(
        {}, description="one line a rule: hold | warn | note | off"
    )
    people: PeopleTable = PeopleTable()

    @model_validator(mode="after")
    def _one_account_an_address(self) -> "Settings":
        seen: dict[str, str] = {}
        for name, account in self.accounts.items():
            for address in account.addresses:
                other = seen.setdefault(canonical(address), name)
                if other != name:
                    raise ValueError(f"{address} belongs to accounts {other} and {name}; write it in one")
        return self

    @property
    def own_addresses(self) -> frozenset[str]:
        return frozenset(canonical(a) for account in self.accounts.values() for a in account.addresses)

    @property
    def own_domains(self) -> frozenset[str]:
        return frozenset(domain_of(a) for a in self.own_addresses)


def path_in_home(text: str) -> Path:
    """A path of the configuration, with ~ opened."""
    return Path(text).expanduser()
