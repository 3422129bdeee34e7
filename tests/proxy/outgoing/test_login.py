"""Reaching a provider: the line secured, the certificate checked, the password never in clear."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from models.errors import ConfigError, LoginRefused, ProviderError
from models.settings import AccountTable
from proxy.outgoing.upstream import Timeouts, Upstream
from tests.proxy.outgoing.scripted import Scripted

QUICK = Timeouts(connect=2.0, command=1.0, final=1.0)
NOW = datetime.now(UTC)


@dataclass
class Authority:
    """Signs certificates for the tests, good and bad."""

    folder: Path

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
        ca = self._builder(self.name, self.key, NOW + timedelta(days=2))
        ca = ca.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.file = self.folder / "ca.pem"
        self.file.write_bytes(ca.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def _builder(self, subject: x509.Name, key: Any, until: datetime) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - timedelta(days=9))
            .not_valid_after(until)
        )

    def context(self, kind: str) -> ssl.SSLContext:
        """A server's side: a certificate that is `good`, `expired`, `other-name` or of an `unknown` CA."""
        key = ec.generate_private_key(ec.SECP256R1())
        until = NOW + timedelta(days=-1 if kind == "expired" else 1)
        shown: list[x509.GeneralName] = [x509.DNSName("elsewhere.example")]
        if kind != "other-name":
            shown = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        made = self._builder(x509.Name([]), key, until)
        made = made.add_extension(x509.SubjectAlternativeName(shown), critical=True)
        signer = ec.generate_private_key(ec.SECP256R1()) if kind == "unknown" else self.key
        file = self.folder / f"{kind}.pem"
        file.write_bytes(
            made.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def account(port: int, security: str, ca: Path | None, **more: Any) -> AccountTable:
    smtp = {"host": "localhost", "port": port, "security": security, "username": "ann@example.org"}
    smtp |= {"ca_file": str(ca) if ca else "", **(more or {"password_command": ["echo", "secret"]})}
    return AccountTable.model_validate({"addresses": ["ann@example.org"], "smtp": smtp})


async def connect(provider: Scripted, security: str, ca: Path | None, **more: Any) -> Upstream:
    """Start the provider and log in."""
    port = await provider.start()
    return await Upstream.connect("work", account(port, security, ca, **more), timeouts=QUICK)


def never_in_clear(provider: Scripted) -> None:
    assert b"AUTH" not in provider.wire and not provider.logins


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_good_certificate(scripted: Scripted, authority: Authority, security: str) -> None:
    setattr(scripted, security, authority.context("good"))
    upstream = await connect(scripted, security, authority.file)
    assert (await upstream.mail("ann@example.org")).code == 250
    assert (await upstream.rcpt("bob@other.example")).code == 250
    assert (await upstream.data(b"To: bob@other.example\r\n\r\n.hi\r\n")).lines == ("2.0.0 queued as A1",)
    await upstream.close()
    await scripted.stop()
    assert scripted.mails == [b"To: bob@other.example\r\n\r\n..hi\r\n"]
    assert scripted.logins == ["PLAIN"]


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("expired", "its certificate has expired"),
        ("other-name", "its certificate is for another name"),
        ("unknown", "its certificate"),
    ],
)
async def test_a_bad_certificate(
    scripted: Scripted, authority: Authority, security: str, kind: str, words: str
) -> None:
    setattr(scripted, security, authority.context(kind))
    with pytest.raises(ProviderError, match=f"localhost was not believed: {words}"):
        await connect(scripted, security, authority.file)
    await scripted.stop()
    never_in_clear(scripted)


async def test_an_authority_this_machine_does_not_know(scripted: Scripted, authority: Authority) -> None:
    scripted.tls = authority.context("good")
    with pytest.raises(ProviderError, match="authority this machine does not know"):
        await connect(scripted, "tls", None)
    await scripted.stop()


async def test_starttls_stripped(scripted: Scripted, authority: Authority) -> None:
    """The line between takes STARTTLS out of the answer: then there is no login, with or without AUTH."""
    with pytest.raises(ProviderError, match="does not offer STARTTLS; the password was not sent"):
        await connect(scripted, "starttls", authority.file)
    await scripted.stop()
    never_in_clear(scripted)


async def test_starttls_refused(scripted: Scripted, authority: Authority) -> None:
    scripted.starttls = authority.context("good")
    scripted.answers["STARTTLS"] = b"454 4.7.0 not now\r\n"
    with pytest.raises(ProviderError, match=r"answered 454 4\.7\.0 not now"):
        await connect(scripted, "starttls", authority.file)
    await scripted.stop()
    never_in_clear(scripted)


async def test_plain_smtp_on_a_tls_port(scripted: Scripted, authority: Authority) -> None:
    with pytest.raises(ProviderError, match="speaks no TLS on this port"):
        await connect(scripted, "tls", authority.file)
    await scripted.stop()


async def test_a_ca_file_that_is_none(scripted: Scripted, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no certificate"):
        await connect(scripted, "tls", tmp_path / "nothing.pem")
    await scripted.stop()


@pytest.mark.parametrize(
    ("auth", "used"),
    [("AUTH LOGIN", ["LOGIN"]), ("AUTH CRAM-MD5 LOGIN PLAIN", ["PLAIN"]), ("AUTH=LOGIN", ["LOGIN"])],
)
async def test_ways_to_log_in(scripted: Scripted, auth: str, used: list[str]) -> None:
    scripted.auth = auth
    await (await connect(scripted, "plaintext", None)).close()
    await scripted.stop()
    assert scripted.logins == used


async def test_a_token(scripted: Scripted) -> None:
    scripted.auth = "AUTH XOAUTH2 PLAIN"
    await (await connect(scripted, "plaintext", None, token_command=["echo", "secret"])).close()
    await scripted.stop()
    assert scripted.logins == ["XOAUTH2"]


async def test_no_way_to_log_in(scripted: Scripted) -> None:
    scripted.auth = "AUTH GSSAPI"
    with pytest.raises(ProviderError, match=r"offers no way to log in that coldask knows .*GSSAPI"):
        await connect(scripted, "plaintext", None)
    await scripted.stop()


async def test_a_wrong_password_is_tried_once(scripted: Scripted) -> None:
    with pytest.raises(
        LoginRefused, match=r"refused the login of account work: 535 5\.7\.8 wrong password"
    ) as e:
        await connect(scripted, "plaintext", None, password_command=["echo", "canary-wrong"])
    await scripted.stop()
    assert scripted.logins == ["PLAIN"] and "canary" not in str(e.value)


async def test_a_login_server_that_is_down_refuses_nobody(scripted: Scripted) -> None:
    scripted.answers["AUTH"] = b"454 4.7.0 temporary\r\n"
    with pytest.raises(ProviderError, match="cannot check logins now: 454") as e:
        await connect(scripted, "plaintext", None)
    assert not isinstance(e.value, LoginRefused)
    await scripted.stop()


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        (b"421 4.3.2 shutting down\r\n", "answered 421 4.3.2 shutting down"),
        (b"554 no service for you\r\n", "answered 554 no service"),
        (b"* OK IMAP4rev1 ready\r\n", "answered no SMTP"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "answered no SMTP"),
        (b"220 localhost ESMTP coldask\r\n", "is coldask itself"),
        (b"", "hung up before the login"),
        (b"220-" + b"x" * 70_000, "answered no SMTP"),
    ],
)
async def test_greetings(scripted: Scripted, greeting: bytes, words: str) -> None:
    scripted.greeting = greeting
    scripted.hang_up = not greeting
    with pytest.raises(ProviderError, match=words):
        await connect(scripted, "plaintext", None)
    await scripted.stop()
    assert not scripted.logins


async def test_nobody_there(unused_tcp_port: int) -> None:
    with pytest.raises(ProviderError, match="refused the connection; check host and port"):
        await Upstream.connect("work", account(unused_tcp_port, "plaintext", None), timeouts=QUICK)


async def test_a_name_nobody_knows() -> None:
    table = account(25, "tls", None)
    smtp = table.smtp.model_copy(update={"host": "no-such-host.invalid"})
    with pytest.raises(ProviderError, match="not known to the name service"):
        await Upstream.connect("work", table.model_copy(update={"smtp": smtp}), timeouts=QUICK)


async def test_silence(scripted: Scripted) -> None:
    scripted.greeting = b"220-wait\r\n"
    with pytest.raises(ProviderError, match="did not answer in time"):
        port = await scripted.start()
        quick = Timeouts(connect=0.2)
        await Upstream.connect("work", account(port, "plaintext", None), timeouts=quick)
    await scripted.stop()
