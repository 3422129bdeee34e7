"""Bad input of every kind gets an answer a person can read, and loses nothing."""

import re
import smtplib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.letters import NEWS, PITCH, letter, same_letter
from tests.servers import certificates as made
from tests.servers import machine
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot, User
from tests.servers.postfix import Postfix
from tests.servers.provider import Provider
from tests.servers.service import MakeService, Service, by_dovecot, by_postfix, by_provider

ANN = "ann@example.org"
BOB = "bob@outside.example"
CROWD = [f"stranger{n}@outside.example" for n in range(1000)]


@pytest.fixture
def service(make_service: MakeService, provider: Provider) -> Iterator[Service]:
    """coldask before the scripted provider."""
    made_one = make_service()
    made_one.account("work", User(ANN), by_provider(provider))
    yield made_one


def _readable(text: str) -> None:
    assert text.strip(), "says something"
    assert "Traceback" not in text
    assert "Errno" not in text
    assert len(text) < 1000


# Configuration


def _unknown(tables: dict[str, Any]) -> None:
    tables["listen"]["prot"] = 2587


def _wrong_type(tables: dict[str, Any]) -> None:
    tables["listen"]["port"] = "2587"


def _not_loopback(tables: dict[str, Any]) -> None:
    tables["listen"]["host"] = "0.0.0.0"


def _no_password(tables: dict[str, Any]) -> None:
    del tables["accounts"]["work"]["smtp"]["password_file"]


def _no_host(tables: dict[str, Any]) -> None:
    del tables["accounts"]["work"]["smtp"]["host"]


def _unknown_rule(tables: dict[str, Any]) -> None:
    tables["rules"] = {"blind-blas": "hold"}


def _bad_effect(tables: dict[str, Any]) -> None:
    tables["rules"] = {"blind-blast": "stop"}


def _password_in_clear(tables: dict[str, Any]) -> None:
    tables["accounts"]["work"]["smtp"]["host"] = "smtp.example.org"


def _no_accounts(tables: dict[str, Any]) -> None:
    del tables["accounts"]


MISTAKES: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (_unknown, r"listen\.prot.*unknown.*'port'"),
    (_wrong_type, r"listen\.port.*whole number"),
    (_not_loopback, r"allow_remote"),
    (_no_password, r"password_command"),
    (_no_host, r"smtp\.host.*missing"),
    (_unknown_rule, r"blind-blas.*blind-blast"),
    (_bad_effect, r"blind-blast.*'hold'"),
    (_password_in_clear, r"smtp\.example\.org.*(tls|starttls)"),
    (_no_accounts, r"account"),
]


@pytest.mark.parametrize(("mistake", "words"), MISTAKES, ids=[m.__name__.strip("_") for m, _ in MISTAKES])
def test_a_mistake_in_the_configuration_is_named(
    service: Service, mistake: Callable[[dict[str, Any]], None], words: str
) -> None:
    mistake(service.tables)
    done = service.call("run", seconds=20)
    assert done.returncode == 2, done.stderr
    _readable(done.stderr)
    assert re.search(words, done.stderr), done.stderr
    assert str(service.config) in done.stderr


def test_a_missing_configuration_is_named(service: Service, tmp_path: Path) -> None:
    done = service.call("run", "--config", str(tmp_path / "nothing.toml"), seconds=20)
    assert done.returncode == 2
    assert "nothing.toml" in done.stderr
    _readable(done.stderr)


@pytest.mark.parametrize(
    ("text", "words"),
    [("[listen\nport = 1", "TOML"), ("", "account"), ('[listen]\nhost = "\xe9"', "UTF-8"), ("\0", "TOML")],
    ids=["not TOML", "empty", "Latin-1", "NUL"],
)
def test_a_file_that_is_no_configuration_is_named(service: Service, text: str, words: str) -> None:
    service.config.write_bytes(text.encode("latin-1"))
    done = service.call("run", seconds=20)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    _readable(done.stderr)


@pytest.mark.parametrize("command", ["held list", "asks", "people", "password", "learn"])
def test_every_command_names_a_missing_configuration(service: Service, tmp_path: Path, command: str) -> None:
    done = service.call(*command.split(), "--config", str(tmp_path / "nothing.toml"), seconds=20)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "nothing.toml" in done.stderr


def test_a_password_command_that_fails_refuses_for_now_and_says_so(
    service: Service, provider: Provider
) -> None:
    smtp = service.tables["accounts"]["work"]["smtp"]
    del smtp["password_file"]
    smtp["password_command"] = ["sh", "-c", "echo the-secret-itself; echo locked >&2; exit 7"]
    service.start()
    code, text = service.send(ANN, [BOB], letter(ANN, BOB, "Secret"))
    assert code == 451, text
    assert "work" in text
    assert "the-secret-itself" not in text + service.stderr
    assert provider.taken == []


def test_a_password_file_others_can_read_is_refused(service: Service) -> None:
    secret = Path(service.tables["accounts"]["work"]["smtp"]["password_file"])
    secret.chmod(0o644)
    service.start()
    code, text = service.send(ANN, [BOB], letter(ANN, BOB, "Open secret"))
    assert code == 451, text


def test_a_port_in_use_is_named(service: Service) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", service.port))
        taken.listen()
        done = service.call("run", seconds=20)
    assert done.returncode in (2, 3)
    assert str(service.port) in done.stderr
    _readable(done.stderr)


def test_a_second_service_on_the_same_store_is_refused(service: Service) -> None:
    service.start()
    other = service.folder / "other.toml"
    text = service.config.read_text().replace(f"port = {service.port}", f"port = {machine.free_port()}")
    other.write_text(text)
    done = service.call("run", "--config", str(other), seconds=30)
    assert done.returncode == 3, done.stderr
    assert "in use by another coldask" in done.stderr
    _readable(done.stderr)
    assert service.send(ANN, [BOB], letter(ANN, BOB, "Still here"))[0] == 250


def test_a_store_that_is_no_store_is_left_alone(service: Service) -> None:
    store = Path(service.tables["store"]["path"])
    store.write_bytes(b"this is not a database, but somebody's letter\n" * 100)
    store.chmod(0o600)
    before = store.read_bytes()
    done = service.call("run", seconds=20)
    assert done.returncode == 3, done.stderr
    assert str(store) in done.stderr
    _readable(done.stderr)
    assert store.read_bytes() == before


# The provider


def test_a_provider_that_is_down_is_a_refusal_for_now(service: Service, provider: Provider) -> None:
    provider.stop()
    service.start()
    with service.client() as client:
        client.ehlo()
        code, text = client.docmd(f"MAIL FROM:<{ANN}>")
    assert 400 <= code < 500, text
    _readable(text.decode())
    provider.start()
    assert service.send(ANN, [BOB], letter(ANN, BOB, "Back again"))[0] == 250


def test_a_wrong_password_is_not_told_as_the_local_one(service: Service, provider: Provider) -> None:
    provider.script.password = "another"
    service.start()
    code, text = service.send(ANN, [BOB], letter(ANN, BOB, "Wrong"))
    assert code == 451 and text.startswith("4.7.0"), text
    assert "work" in text and "coldask doctor" in text
    for _ in range(3):
        service.send(ANN, [BOB], letter(ANN, BOB, "Wrong"))
    assert len(provider.logins) <= 4, "no hammering"


def test_a_certificate_of_an_unknown_authority_is_refused(
    make_service: MakeService, postfix: Postfix, tmp_path: Path
) -> None:
    other = made.make(tmp_path / "other")
    service = make_service()
    smtp = {**by_postfix(postfix), "ca_file": str(other.authority)}
    ann = postfix.dovecot.user()
    service.account("work", ann, smtp)
    service.start()
    code, text = service.send(ann.address, [BOB], letter(ann.address, BOB, "Certificate"))
    assert 400 <= code < 500, text
    assert "certificate" in text.lower() or "certificate" in service.stderr.lower()


def test_a_certificate_for_another_name_is_refused(make_service: MakeService, tmp_path: Path) -> None:
    wrong: Certificates = made.make(tmp_path / "wrong", "mail.elsewhere.example")
    with Provider(certificates=wrong) as provider:
        service = make_service()
        smtp = {**by_provider(provider), "security": "tls", "ca_file": str(wrong.authority)}
        service.account("work", User(ANN), smtp)
        service.start()
        code, text = service.send(ANN, [BOB], letter(ANN, BOB, "Certificate"))
        assert 400 <= code < 500, text
        assert provider.logins == [], "the password was not shown to it"


def test_a_ca_file_that_is_missing_is_named(service: Service) -> None:
    service.tables["accounts"]["work"]["smtp"].update(security="tls", ca_file="/nowhere/ca.pem")
    service.start(ready=False)
    machine.until(lambda: not service.running or service.lines, "it is up, or has ended")
    if service.running:
        code, text = service.send(ANN, [BOB], letter(ANN, BOB, "No authority"))
        assert 400 <= code < 500, text
    machine.until(lambda: "/nowhere/ca.pem" in service.stderr, "the file is named")
    _readable(service.stderr)


@pytest.mark.parametrize(
    "garbage",
    ["hello\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "* OK IMAP4rev1 ready\r\n", "\xff\xfe\0\r\n", "220"],
    ids=["no code", "HTTP", "IMAP", "bytes", "half a line"],
)
def test_a_provider_that_speaks_something_else(service: Service, garbage: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        service.tables["accounts"]["work"]["smtp"]["port"] = server.getsockname()[1]

        def speak() -> None:
            for _ in range(4):
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                with peer:
                    peer.sendall(garbage.encode("latin-1"))

        threading.Thread(target=speak, daemon=True).start()
        service.start()
        code, text = service.send(ANN, [BOB], letter(ANN, BOB, "Garbage"))
    assert 400 <= code < 500, text


# Odd mail


def _odd() -> dict[str, bytes]:
    head = letter(ANN, BOB, "Odd", "")
    return {
        "nothing at all": b"",
        "one empty line": b"\r\n",
        "a body and no header": b"\r\nonly text\r\n",
        "a header and no body": head.rstrip(b"\r\n") + b"\r\n",
        "lines of 100,000 characters": head + b"x" * 100_000 + b"\r\n" + b"y" * 100_000 + b"\r\n",
        "a header of 100,000 characters": b"X-Long: " + b"z" * 100_000 + b"\r\n" + head,
        "bytes of no character set": head + bytes(range(128, 256)) * 10 + b"\r\n",
        "dots": head + b".\r\n..\r\n...\r\n.x\r\n",
        "1,000 nested parts": _nested(1000),
        "10,000 addresses": letter(ANN, ", ".join(f"a{n}@crowd.example" for n in range(10_000)), "Many"),
        "control characters": head + b"\x1b]52;c;evil\x07\x01\x02\r\n",
    }


def _nested(depth: int) -> bytes:
    lines = [b"From: ann@example.org", b"Subject: nested", b"MIME-Version: 1.0"]
    for n in range(depth):
        lines += [b"Content-Type: multipart/mixed; boundary=b%d" % n, b"", b"--b%d" % n]
    return b"\r\n".join([*lines, b"Content-Type: text/plain", b"", b"deep"]) + b"\r\n"


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Provider]]:
    """One running service for many odd mails."""
    with Provider() as provider, Service(tmp_path_factory.mktemp("relay")) as service:
        service.account("work", User(ANN), by_provider(provider))
        service.learn()
        service.start()
        yield service, provider
        assert service.stop() == 0


@pytest.mark.parametrize("name", _odd())
def test_an_odd_mail_goes_on_as_it_is(relay: tuple[Service, Provider], name: str) -> None:
    service, provider = relay
    mail = _odd()[name]
    before = len(provider.taken)
    with service.client(timeout=30) as client:
        client.ehlo()
        client.docmd(f"MAIL FROM:<{ANN}>")
        client.docmd(f"RCPT TO:<{BOB}>")
        code, text = client.docmd("DATA")
        assert code == 354
        client.send(re.sub(rb"(?m)^\.", b"..", mail) + b".\r\n")
        code, text = client.getreply()
    assert code == 250, text
    assert [t.mail for t in provider.taken[before:]] == [mail]


@pytest.mark.parametrize("evil", [b"a bare \r in it\r\n", b"a NUL \0 in it\r\n"], ids=["CR", "NUL"])
def test_a_bare_cr_or_a_nul_is_refused(relay: tuple[Service, Provider], evil: bytes) -> None:
    service, provider = relay
    before = len(provider.taken)
    with service.client() as client:
        client.ehlo()
        client.docmd(f"MAIL FROM:<{ANN}>")
        client.docmd(f"RCPT TO:<{BOB}>")
        client.docmd("DATA")
        client.send(letter(ANN, BOB, "Evil", "") + evil + b".\r\n")
        code, text = client.getreply()
        assert (code, text[:5]) == (550, b"5.6.0"), text
        assert client.noop()[0] == 250, "the session goes on"
    assert len(provider.taken) == before


def test_a_bare_lf_is_made_crlf(relay: tuple[Service, Provider]) -> None:
    service, provider = relay
    mail = letter(ANN, BOB, "Unix", "one\r\ntwo\r\n")
    with service.client() as client:
        client.ehlo()
        client.docmd(f"MAIL FROM:<{ANN}>")
        client.docmd(f"RCPT TO:<{BOB}>")
        client.docmd("DATA")
        client.send(mail.replace(b"\r\n", b"\n") + b"\r\n.\r\n")
        assert client.getreply()[0] == 250
    assert provider.taken[-1].mail in (mail, mail + b"\r\n")


def test_a_mail_of_30_megabytes(relay: tuple[Service, Provider]) -> None:
    service, provider = relay
    mail = letter(ANN, BOB, "Large", ("0123456789abcde\r\n" * 64).join([""] * 1765) * 16)
    assert len(mail) > 30_000_000
    started = time.monotonic()
    assert service.send(ANN, [BOB], mail, timeout=60)[0] == 250
    assert time.monotonic() - started < 20
    assert provider.taken[-1].mail == mail


def test_a_large_mail_is_held_and_released_whole(relay: tuple[Service, Provider]) -> None:
    service, provider = relay
    mail = letter(ANN, "", "Large and held", "0123456789abcde\r\n" * 300_000)
    assert service.send(ANN, CROWD[:9], mail)[0] == 554
    [entry] = [e for e in service.ask("held", "list") if e["subject"] == "Large and held"]
    service.ask("held", "release", entry["id"])
    assert provider.taken[-1].mail == mail


def test_a_mail_larger_than_allowed_is_refused_as_a_provider_would(
    make_service: MakeService, provider: Provider
) -> None:
    service = make_service(outgoing={"max_message_mb": 1})
    service.account("work", User(ANN), by_provider(provider))
    service.start()
    mail = letter(ANN, BOB, "Too large", "0123456789abcde\r\n" * 100_000)
    code, text = service.send(ANN, [BOB], mail)
    assert code == 552, text
    with service.client() as client:  # without a word about its size beforehand
        client.ehlo()
        client.docmd(f"MAIL FROM:<{ANN}>")
        client.docmd(f"RCPT TO:<{BOB}>")
        assert client.data(mail)[0] == 552
    assert provider.taken == []


def test_1000_recipients_are_held_and_released(relay: tuple[Service, Provider]) -> None:
    service, provider = relay
    mail = letter(ANN, "", "A thousand")
    code, text = service.send(ANN, CROWD, mail, timeout=60)
    assert code == 554, text
    [entry] = [e for e in service.ask("held", "list") if e["subject"] == "A thousand"]
    assert entry["recipients"] == CROWD
    service.ask("held", "release", entry["id"])
    assert provider.copies(b"A thousand") == dict.fromkeys(CROWD, 1)


def test_three_refused_of_a_thousand_are_held_again(relay: tuple[Service, Provider]) -> None:
    service, provider = relay
    assert service.send(ANN, CROWD, letter(ANN, "", "Some refused"), timeout=60)[0] == 554
    refused = CROWD[10:13]
    provider.script.replies = dict.fromkeys(refused, "550 5.1.1 no such user here")
    [entry] = [e for e in service.ask("held", "list") if e["subject"] == "Some refused"]
    service.call("held", "release", entry["id"])
    provider.script.replies = {}
    assert provider.copies(b"Some refused") == dict.fromkeys(set(CROWD) - set(refused), 1)
    [entry] = [e for e in service.ask("held", "list") if e["subject"] == "Some refused"]
    assert entry["state"] == "held"
    assert "no such user here" in service.call("held", "show", entry["id"], "--json").stdout


def test_without_a_history_nothing_is_held_by_relationship(service: Service, provider: Provider) -> None:
    away = {"host": "127.0.0.1", "port": machine.free_port(), "security": "plaintext"}
    service.account("work", User(ANN), by_provider(provider), away)  # learning waits for the inbox
    service.start()
    code, text = service.send(ANN, CROWD[:9], letter(ANN, "", "No history yet"))
    assert code == 250, text
    assert provider.copies(b"No history yet") == dict.fromkeys(CROWD[:9], 1)
    assert service.ask("held", "list") == []
    assert "WARNING learn: " in service.stderr, "and says so"


# The mailbox


def _watched(service: Service, dovecot: Dovecot, ann: User) -> None:
    nobody = {"host": "127.0.0.1", "port": machine.free_port(), "security": "plaintext"}
    service.account("work", ann, nobody, by_dovecot(dovecot))
    service.learn()


def test_imap_down_at_the_start_and_in_the_middle(
    make_service: MakeService, certificates: Certificates
) -> None:
    service = make_service()
    with Dovecot(certificates) as server:
        ann = server.user()
        server.deliver(letter("x@there.example", ann.address, "Before"), ann.address)
        server.stop()
        _watched(service, server, ann)
        service.start()
        time.sleep(1.5)
        assert service.running
        server.start()
        service.wait_for("watching work INBOX", 40)
        server.deliver(letter("max@agency.example", ann.address, "First", PITCH), ann.address)
        machine.until(lambda: server.subjects(ann.address, "Cold Asks") == ["First"], "filed", seconds=15)
        server.stop()
        time.sleep(1)
        server.start()
        server.deliver(letter("moe@agency.example", ann.address, "Second", PITCH), ann.address)
        machine.until(
            lambda: set(server.subjects(ann.address, "Cold Asks")) == {"First", "Second"}, "back", seconds=40
        )
        assert server.subjects(ann.address) == ["Before"]
        assert service.stop() == 0


@pytest.mark.parametrize("what", ["password", "certificate", "port"])
def test_a_mailbox_that_cannot_be_had_is_told_and_sending_goes_on(
    make_service: MakeService, dovecot: Dovecot, provider: Provider, tmp_path: Path, what: str
) -> None:
    service = make_service()
    ann = dovecot.user()
    service.account("work", ann, by_provider(provider), by_dovecot(dovecot))
    imap = service.tables["accounts"]["work"]["imap"]
    if what == "password":
        secret = tmp_path / "wrong.password"
        secret.touch(0o600)
        secret.write_text("wrong\n")
        imap["password_file"] = str(secret)
    elif what == "certificate":
        imap["ca_file"] = str(made.make(tmp_path / "other").authority)
    else:
        imap["port"] = provider.port  # speaks SMTP
        imap["security"] = "plaintext"
    service.learn()
    service.start()
    assert service.send(ann.address, [BOB], letter(ann.address, BOB, "Goes on"))[0] == 250
    machine.until(lambda: "work" in service.stderr, "told", seconds=15)
    assert service.stop() == 0
    learned = service.call("learn")
    assert learned.returncode == 3, learned.stderr
    _readable(learned.stderr)


def test_odd_mail_in_the_inbox_stays_there(make_service: MakeService, dovecot: Dovecot) -> None:
    service = make_service()
    ann = dovecot.user()
    _watched(service, dovecot, ann)
    service.start(watching=["work"])
    odd = {name: mail for name, mail in _odd().items() if name not in ("nothing at all",)}
    for mail in odd.values():
        dovecot.deliver(mail.replace(b"From: ann@example.org", b"From: odd@sender.example"), ann.address)
    cold = letter("max@agency.example", ann.address, "After the odd ones", PITCH)
    dovecot.deliver(cold, ann.address)
    machine.until(lambda: dovecot.mails(ann.address, "Cold Asks"), "the cold one is filed", seconds=20)
    [filed] = dovecot.mails(ann.address, "Cold Asks")
    same_letter(cold, filed)
    assert len(dovecot.mails(ann.address)) == len(odd)


# Local clients that are none


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"\0" * 5000,
    ],
    ids=["GET", "POST", "TLS", "NUL"],
)
def test_what_is_no_mail_client_is_shown_the_door(relay: tuple[Service, Provider], line: bytes) -> None:
    service, provider = relay
    before = len(provider.taken)
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as peer:
        peer.sendall(
            line
            + b"\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@outside.example>\r\nDATA\r\n.\r\nQUIT\r\n"
        )
        peer.settimeout(5)
        said = b""
        try:
            while more := peer.recv(4096):
                said += more
        except (TimeoutError, ConnectionError):
            pass
    assert b"354" not in said
    assert len(provider.taken) == before


def test_a_client_that_goes_away_in_the_middle_leaves_nothing(relay: tuple[Service, Provider]) -> None:
    service, provider = relay
    before = len(provider.taken)
    mail = letter(ANN, BOB, "Half", NEWS * 50)
    for part in (0, len(mail) // 2, len(mail)):
        client = service.client()
        client.ehlo()
        client.docmd(f"MAIL FROM:<{ANN}>")
        client.docmd(f"RCPT TO:<{BOB}>")
        client.docmd("DATA")
        client.send(mail[:part])
        client.close()
    assert service.send(ANN, [BOB], letter(ANN, BOB, "Whole"))[0] == 250
    assert len(provider.taken) == before + 1


def test_the_answer_to_a_cut_session_is_not_the_next_ones(relay: tuple[Service, Provider]) -> None:
    """Several mails in one session: a held one, a refused one, one that passes; no state carries over."""
    service, provider = relay
    with service.client() as client:
        with pytest.raises(smtplib.SMTPDataError) as held:
            client.sendmail(ANN, CROWD[:9], letter(ANN, "", "State one"))
        assert held.value.smtp_code == 554
        provider.script.replies = {"no@outside.example": "550 5.1.1 no"}
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.sendmail(ANN, ["no@outside.example"], letter(ANN, BOB, "State two"))
        provider.script.replies = {}
        client.sendmail(ANN, [BOB], letter(ANN, BOB, "State three"))
    assert provider.copies(b"State") == {BOB: 1}
