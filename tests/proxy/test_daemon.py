"""The service as a process: how it starts, what it says, how it ends, and what a kill -9 leaves."""

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import machine
from tests.servers.dovecot import User
from tests.servers.provider import Provider
from tests.servers.service import Service, by_provider

ANN = User("ann@example.org")
MAIL = b"From: ann@example.org\r\nTo: bob@other.example\r\nSubject: One\r\n\r\nHello Bob.\r\n"


@pytest.fixture
def service(tmp_path: Path, provider: Provider) -> Iterator[Service]:
    """An installation with one account at the scripted provider, not yet started."""
    made = Service(tmp_path)
    made.account("work", ANN, by_provider(provider))
    made.write()
    yield made
    if made.running:
        made.kill()
    assert "Traceback" not in made.stderr


def refused(service: Service, code: int, *words: str) -> None:
    """`coldask run` ends with this code and one sentence that holds these words."""
    service.write()
    done = service.call("run", seconds=20)
    assert done.returncode == code, (done.returncode, done.stderr)
    assert done.stdout == ""
    for word in words:
        assert word in done.stderr


def test_it_says_when_it_is_ready_and_ends_on_sigterm(service: Service, tmp_path: Path) -> None:
    service.learn()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(10)
        service.environment["NOTIFY_SOCKET"] = str(tmp_path / "notify")
        service.start()
        assert service.lines == [f"ready smtp=127.0.0.1:{service.port} accounts=1"]
        assert systemd.recv(100) == b"READY=1"
        began = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - began < 5
        assert systemd.recv(100) == b"STOPPING=1"
    left = sorted(p.name for p in tmp_path.iterdir() if p.name.startswith("coldask.db"))
    assert "coldask.db.sock" not in left
    for name in left:
        assert (tmp_path / name).stat().st_mode & 0o077 == 0, name


def test_mail_goes_through_and_is_refused_by_name(service: Service, provider: Provider) -> None:
    service.learn()
    service.start()
    assert service.send("ann@example.org", ["bob@other.example"], MAIL) == (250, "2.0.0 Ok: queued as 1")
    code, text = service.send("eve@example.org", ["bob@other.example"], MAIL)
    assert code == 553 and "eve@example.org" in text and "ann@example.org" in text
    assert [taken.mail for taken in provider.taken] == [MAIL]
    assert service.stop() == 0
    assert "One" not in service.stderr and "Hello" not in service.stderr, "no subject or text in the log"
    assert ANN.password not in service.stderr and service.password not in service.stderr


def test_it_says_the_same_in_json(service: Service) -> None:
    service.start("--json", ready=False)
    line = json.loads(service.wait_for("{"))
    assert line == {"event": "ready", "smtp": f"127.0.0.1:{service.port}", "accounts": 1}


def test_the_service_answers_the_command_line(service: Service) -> None:
    service.learn()
    service.start()
    assert service.ask("held", "list") == []
    service.kill()
    assert (service.folder / "coldask.db.sock").exists(), "left by the kill"
    assert service.ask("held", "list") == [], "and no hindrance"
    service.start()
    assert service.ask("held", "list") == []


def test_without_a_history_nothing_is_held(service: Service, provider: Provider) -> None:
    away = {"host": "127.0.0.1", "port": machine.free_port(), "security": "plaintext"}
    service.account("work", ANN, by_provider(provider), away)  # learning goes on until the inbox is there
    service.start()
    strangers = [f"p{i}@s{i}.example" for i in range(12)]
    blast = MAIL.replace(b"To: bob@other.example", b"To: undisclosed-recipients:;")
    assert service.send("ann@example.org", strangers, blast)[0] == 250
    service.learn()
    assert service.send("ann@example.org", strangers, blast + b"Again.\r\n")[0] == 554


def test_the_inbox_being_down_does_not_stop_mail_going_out(service: Service, provider: Provider) -> None:
    away = {"host": "127.0.0.1", "port": machine.free_port(), "security": "plaintext"}
    service.account("work", ANN, by_provider(provider), away)
    service.start()
    assert service.send("ann@example.org", ["bob@other.example"], MAIL)[0] == 250
    assert service.stop() == 0
    assert "account work" in service.stderr


def test_a_port_that_is_taken(service: Service) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", service.port))
        other.listen()
        refused(service, 3, f"Port {service.port} on 127.0.0.1 is taken", "listen.port")


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_host_others_can_reach(service: Service, host: str) -> None:
    service.tables["listen"]["host"] = host
    refused(service, 2, "can be reached by other machines", "allow_remote = true")


def test_no_account(service: Service) -> None:
    del service.tables["accounts"]
    refused(service, 2, "has no account", "[accounts.NAME]")


def test_what_comes_later(service: Service) -> None:
    service.tables["outgoing"]["on_hold"] = "accept"
    refused(service, 2, "on_hold = 'accept' comes with a later version")
    service.tables["outgoing"]["on_hold"] = "refuse"
    service.tables["listen"]["security"] = "tls"
    refused(service, 2, "listen.security = 'tls' comes with a later version")


def test_itself_as_provider(service: Service) -> None:
    service.tables["accounts"]["work"]["smtp"]["port"] = service.port
    refused(service, 2, "coldask's own port")
    service.tables["accounts"]["work"]["smtp"] |= {"host": "127.0.0.2", "security": "tls"}
    refused(service, 2, "coldask's own port")
    service.tables["accounts"]["work"]["smtp"]["host"] = "10.20.30.40"
    service.tables["listen"] |= {"host": "10.20.30.40", "allow_remote": True}
    refused(service, 2, "coldask's own port")


def test_a_list_that_is_not_there(service: Service) -> None:
    service.tables["people"] = {"lists": {"choir": ["file:choir.txt"]}}
    refused(service, 2, "people.lists.choir", "choir.txt cannot be read")


def test_a_store_that_is_none(service: Service) -> None:
    (service.folder / "coldask.db").write_bytes(b"this is no database at all " * 100)
    refused(service, 3, "is damaged or no coldask store")


def test_the_password_is_the_same_before_and_after(service: Service) -> None:
    first = service.call("password")
    assert first.returncode == 0 and len(first.stdout.strip()) >= 20
    service.learn()
    service.start()
    assert service.call("password").stdout == first.stdout
    document = service.ask("password")
    assert document["password"] == first.stdout.strip() and document["login"] == "coldask"
    assert document["port"] == service.port


def test_killed_before_the_answer_nothing_is_sent_twice(service: Service, provider: Provider) -> None:
    """kill -9 after the provider took the mail and before the client heard: the retry is known."""
    service.learn()
    service.start()
    provider.script.after = 30
    client = service.client()
    client.docmd("MAIL", "FROM:<ann@example.org>")
    client.docmd("RCPT", "TO:<bob@other.example>")
    client.docmd("DATA")
    client.send(MAIL + b".\r\n")
    machine.until(lambda: provider.taken, "the provider took it")
    service.kill()
    client.close()
    provider.script.after = 0
    service.start()
    code, text = service.send("ann@example.org", ["bob@other.example"], MAIL)
    assert code == 554 and "may have gone" in text
    assert len(provider.taken) == 1
    held = service.ask("held", "list")
    assert [mail["state"] for mail in held] == ["unsure"] and held[0]["id"] in text


def test_killed_after_the_answer_a_held_mail_is_there(service: Service, provider: Provider) -> None:
    service.learn()
    service.start()
    strangers = [f"p{i}@s{i}.example" for i in range(12)]
    blast = MAIL.replace(b"To: bob@other.example", b"To: undisclosed-recipients:;")
    code, text = service.send("ann@example.org", strangers, blast)
    service.kill()
    assert code == 554
    held = service.ask("held", "list")
    assert len(held) == 1 and held[0]["id"] in text and sorted(held[0]["recipients"]) == sorted(strangers)
    assert provider.taken == []


def test_sigint_is_an_orderly_end_too(service: Service) -> None:
    service.learn()
    service.start()
    assert service._process is not None
    os.kill(service._process.pid, signal.SIGINT)
    assert service._process.wait(10) == 0
