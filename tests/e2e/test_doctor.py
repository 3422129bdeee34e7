"""`coldask doctor` as a person runs it, on real servers that are well, and on some that are not."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot, User
from tests.servers.postfix import Postfix
from tests.servers.provider import Provider
from tests.servers.service import MakeService, Service, by_dovecot, by_postfix, by_provider

ANN = User("ann@example.org")


def doctor(service: Service, seconds: float = 60) -> tuple[int, list[dict[str, str]]]:
    """Exit code and lines. No secret is ever in them."""
    service.write()
    service.config.chmod(0o600)
    service.folder.chmod(0o700)
    done = service.call("doctor", "--json", seconds=seconds)
    found: dict[str, Any] = json.loads(done.stdout)
    assert ANN.password not in done.stdout + done.stderr
    assert found["ok"] == (done.returncode == 0)
    return done.returncode, found["lines"]


def bad(lines: list[dict[str, str]], area: str) -> list[dict[str, str]]:
    """What it says against an area; each with what to do."""
    found = [line for line in lines if line["area"] == area and line["level"] != "ok"]
    assert all(line["fix"] for line in found)
    return found


def said(lines: list[dict[str, str]], area: str) -> str:
    return "\n".join(line["text"] for line in lines if line["area"] == area)


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where somebody takes calls and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_all_is_well_on_real_servers(service: Service, postfix: Postfix, dovecot: Dovecot) -> None:
    ann = dovecot.user()
    service.account("work", ann, by_postfix(postfix), by_dovecot(dovecot))
    service.learn()
    service.password  # noqa: B018 (made)
    code, lines = doctor(service)
    assert bad(lines, "account work") == [] and bad(lines, "config") == [] and bad(lines, "store") == []
    told = said(lines, "account work")
    assert "logged in; 8BITMIME" in told and "MOVE, UIDPLUS, IDLE" in told
    assert "'Cold Asks' is made when" in told and "sent mail lies in 'Sent'" in told
    assert code == (3 if any(line["level"] == "FAIL" for line in lines) else 0)
    assert [line["area"] for line in lines if line["level"] == "FAIL"] in ([], ["model"])
    assert dovecot.mails(ann.address) == []


def test_a_running_service_is_known(service: Service, provider: Provider) -> None:
    service.account("work", ANN, by_provider(provider))
    service.learn()
    service.start()
    _, lines = doctor(service)
    assert "runs (process" in said(lines, "service") and bad(lines, "service") == []
    assert bad(lines, "port") == [] and bad(lines, "store") == []
    service.account("home", User("eve@example.org"), by_provider(provider))
    _, lines = doctor(service)
    assert "another configuration" in bad(lines, "service")[0]["text"]


def test_it_reads_as_lines_for_a_person(service: Service, provider: Provider) -> None:
    service.account("work", ANN, by_provider(provider))
    service.write()
    done = service.call("doctor")
    assert "\nok    account work: smtp: a password comes from" in done.stdout
    assert "\nwarn  service: does not run" in done.stdout and "\n      → start `coldask run`" in done.stdout
    assert "to mend" in done.stderr and done.stdout.count("FAIL") == done.stdout.count("\nFAIL")


def test_a_bare_server_is_enough(service: Service, provider: Provider, dovecot_bare: Dovecot) -> None:
    ann = dovecot_bare.user()
    service.account("work", ann, by_provider(provider), by_dovecot(dovecot_bare))
    service.tables["accounts"]["work"]["imap"] |= {"history": ["INBOX", "Draft"], "sent": "Out"}
    _, lines = doctor(service)
    assert "no IDLE: the inbox is looked at every 1 seconds" in said(lines, "account work")
    sent, history = bad(lines, "account work")
    assert "'Out'" in sent["text"] and "there are: " in sent["fix"]
    assert "'Draft'" in history["text"] and "is 'Drafts' meant?" in history["fix"]


def test_refused_logins_are_told_once_each(service: Service, provider: Provider, dovecot: Dovecot) -> None:
    ann = dovecot.user()
    service.account("work", ann, by_provider(provider), by_dovecot(dovecot))
    (service.folder / "work.password").write_text("wrong-one\n")
    code, lines = doctor(service)
    smtp, imap = bad(lines, "account work")
    assert code == 3 and smtp["level"] == imap["level"] == "FAIL"
    assert "535 5.7.8 wrong password" in smtp["text"] and "app password" in smtp["fix"]
    assert "refused the login" in imap["text"]
    assert provider.logins == [(ann.address, False)]
    assert "wrong-one" not in json.dumps(lines)


def test_a_certificate_nobody_vouches_for(
    service: Service, certificates: Certificates, dovecot: Dovecot, postfix: Postfix
) -> None:
    service.account("work", dovecot.user(), by_postfix(postfix), by_dovecot(dovecot))
    for side in ("smtp", "imap"):
        service.tables["accounts"]["work"][side]["ca_file"] = ""
    code, lines = doctor(service)
    smtp, imap = bad(lines, "account work")
    assert code == 3 and "authority this machine does not know" in smtp["text"]
    assert "authority this machine does not know" in imap["text"] and "[accounts.work.imap]" in imap["fix"]


def test_the_wrong_kind_of_port(service: Service, dovecot: Dovecot, postfix: Postfix) -> None:
    smtp = by_postfix(postfix) | {"security": "tls"}
    imap = by_dovecot(dovecot, "starttls") | {"security": "tls"}
    service.account("work", dovecot.user(), smtp, imap)
    _, lines = doctor(service)
    assert ["no TLS on this port" in line["text"] for line in bad(lines, "account work")] == [True, True]


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ({"password_file": "/nowhere/secret"}, "cannot be read"),
        ({"password_command": ["false"]}, "failed with exit code 1"),
        ({"password_command": ["no-such-program"]}, "could not be started"),
        ({"password_env": "NOBODY_SET_THIS"}, "is empty or not set"),
    ],
)
def test_a_secret_that_cannot_be_had(
    service: Service, provider: Provider, harm: dict[str, Any], words: str
) -> None:
    service.account("work", ANN, by_provider(provider))
    table = service.tables["accounts"]["work"]["smtp"]
    del table["password_file"]
    table |= harm
    code, lines = doctor(service)
    [line] = bad(lines, "account work")
    assert code == 3 and words in line["text"] and provider.logins == []


def test_nobody_waits_for_ever(make_service: MakeService, silent: int) -> None:
    """Servers that say nothing, and a password command that waits: told, within the limit."""
    service = make_service()
    quiet = {"host": "127.0.0.1", "port": silent, "security": "plaintext"}
    service.account("work", ANN, quiet, quiet)
    service.account("home", User("eve@example.org"), quiet)
    table = service.tables["accounts"]["home"]["smtp"]
    del table["password_file"]
    table["password_command"] = [sys.executable, "-c", "import time; time.sleep(60)"]
    service.write()
    code = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom proxy.doctor import examine\n"
        "async def main():\n"
        "    async for line in examine(Path(sys.argv[1]), limit=0.3): print(line.level, line.area, line.text)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, service.config], capture_output=True, text=True, timeout=20,
        env=service.environment, check=True,
    )  # fmt: skip
    assert (
        "did not answer in time" in done.stdout
        and "FAIL account home smtp: the look at it took longer" in done.stdout
    )
    assert done.stdout.count("FAIL account work") == 2


def test_what_init_writes_the_doctor_accepts(service: Service, postfix: Postfix, dovecot: Dovecot) -> None:
    ann = dovecot.user()
    secret = service.folder / "secret"
    secret.touch(0o600)
    secret.write_text(ann.password + "\n")
    done = service.call(
        "init", "--address", ann.address, "--smtp", f"localhost:{postfix.tls_port}/tls",
        "--imap", f"localhost:{dovecot.imap_port}/starttls", "--password-file", str(secret),
        "--ca-file", str(dovecot.certificates.authority), "--force",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    service.folder.chmod(0o700)
    found = json.loads(service.call("doctor", "--json").stdout)["lines"]
    assert bad(found, "config") == [] and bad(found, "account work") == []
    assert "outgoing observe, incoming observe" in said(found, "config")
    assert service.call("learn").returncode == 0


def test_held_mail_is_saved_out_of_a_damaged_store(service: Service, provider: Provider) -> None:
    mail = b"From: ann@example.org\r\nTo: bob@other.example\r\nSubject: One\r\n\r\nDear {first_name},\r\nhello.\r\n"
    service.account("work", ANN, by_provider(provider))
    service.learn()
    service.start()
    assert service.send(ANN.address, ["bob@other.example"], mail)[0] == 554
    service.stop()
    store = service.folder / "coldask.db"
    store.write_bytes(bytes(100) + store.read_bytes()[100:])
    [line] = bad(doctor(service)[1], "store")
    assert "damaged" in line["text"] and "coldask doctor --salvage FOLDER" in line["fix"]
    done = service.call("doctor", "--salvage", str(service.folder / "saved"))
    assert done.returncode == 0 and "1 held mails were read, 0 could not be." in done.stderr
    eml, envelope = done.stdout.splitlines()
    assert (service.folder / "saved" / eml).read_bytes() == mail
    assert json.loads((service.folder / "saved" / envelope).read_text())["recipients"] == [
        {"address": "bob@other.example", "state": "held"}
    ]
