"""kill -9 at any moment: what was answered is not lost, and nothing is sent twice."""

import contextlib
import random
import smtplib
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest

from tests.e2e.letters import NEWS, letter
from tests.servers import machine
from tests.servers.dovecot import User
from tests.servers.provider import Provider
from tests.servers.service import COLDASK, MakeService, Service, by_provider

ANN = "ann@example.org"
CROWD = [f"stranger{n}@outside.example" for n in range(9)]
ROUNDS = 10


@pytest.fixture
def service(make_service: MakeService, provider: Provider) -> Iterator[Service]:
    """coldask before the scripted provider, with a history of nobody."""
    made = make_service()
    made.account("work", User(ANN), by_provider(provider))
    made.learn()
    yield made


def _entries(service: Service, subject: str) -> list[dict[str, object]]:
    return [e for e in service.query("held.list", closed=True) if e["subject"] == subject]


def _send_and_die(service: Service, recipients: list[str], mail: bytes, delay: float) -> int:
    """Send; kill the service `delay` seconds after the mail left. The answer's code, 0 without one."""

    def die() -> None:
        time.sleep(delay)
        service.kill()

    client = service.client()
    client.ehlo()
    client.docmd(f"MAIL FROM:<{ANN}>")
    for recipient in recipients:
        client.docmd(f"RCPT TO:<{recipient}>")
    killer = threading.Thread(target=die)
    killer.start()
    code = 0
    with contextlib.suppress(smtplib.SMTPException, OSError):
        code = client.data(mail)[0]
    killer.join()
    client.close()
    return code


def test_killed_while_a_mail_is_held_it_is_there_or_the_client_still_has_it(
    service: Service, provider: Provider
) -> None:
    chance = random.Random(1)
    service.start()
    for number in range(ROUNDS):
        subject = f"Held {number}"
        mail = letter(ANN, "", subject, NEWS)
        code = _send_and_die(service, CROWD, mail, chance.uniform(0, 0.05))
        assert code in (0, 554)
        service.start()
        found = _entries(service, subject)
        assert len(found) == 1 or (code == 0 and not found), "what was answered is kept"
        if code == 0:  # the client hands it in again
            assert service.send(ANN, CROWD, mail)[0] == 554
            assert len(_entries(service, subject)) == 1, "… and it is one entry"
    assert provider.taken == [], "nothing was sent"


def test_killed_while_a_mail_passes_the_provider_has_it_once_or_the_client_has_no_answer(
    service: Service, provider: Provider
) -> None:
    chance = random.Random(2)
    provider.script.after = 0.02
    for number in range(ROUNDS):
        subject = f"Passing {number}"
        mail = letter(ANN, "bob@outside.example", subject, NEWS)
        service.start()
        code = _send_and_die(service, ["bob@outside.example"], mail, chance.uniform(0, 0.06))
        assert code in (0, 250)
        time.sleep(0.05)
        copies = provider.copies(subject.encode())["bob@outside.example"]
        assert copies == 1 if code == 250 else copies <= 1
    before = len(provider.taken)
    service.start()
    time.sleep(1)
    assert len(provider.taken) == before, "nothing is sent by itself after a crash"


def test_killed_between_the_providers_taking_and_the_answer(service: Service, provider: Provider) -> None:
    provider.script.after = 5
    service.start()
    client = service.client()
    sender = threading.Thread(
        target=_quietly, args=(client, letter(ANN, "bob@outside.example", "Lost answer"))
    )
    sender.start()
    machine.until(lambda: provider.taken, "the provider has the mail")
    service.kill()
    sender.join(10)
    provider.script.after = 0
    service.start()
    time.sleep(1)
    assert provider.copies(b"Lost answer") == {"bob@outside.example": 1}


def _quietly(client: smtplib.SMTP, mail: bytes) -> None:
    with contextlib.suppress(smtplib.SMTPException, OSError):
        client.sendmail(ANN, ["bob@outside.example"], mail)


def _states(service: Service, entry: str) -> dict[str, str]:
    """Each recipient's state."""
    shown = service.query("held.show", id=entry)
    return {r["address"]: r["state"] for r in shown["recipients"]}


def _release(service: Service, entry: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [COLDASK, "held", "release", entry, "--json"],
        env=service.environment, cwd=service.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def _check(service: Service, provider: Provider, entry: str, token: bytes) -> None:
    """After a crash: who is released has one copy, who is held none, who is unsure one at most."""
    copies = provider.copies(token)
    states = _states(service, entry)
    for address in CROWD:
        state, number = states[address], copies[address]
        assert state in ("held", "released", "unsure"), f"{address} is left {state}"
        allowed = {"held": (0,), "released": (1,), "unsure": (0, 1)}[state]
        assert number in allowed, f"{address} is {state} and was sent {number} copies"


def test_killed_while_releasing_each_copy_is_sent_once_or_told_unsure(
    service: Service, provider: Provider
) -> None:
    chance = random.Random(3)
    service.start()
    for number in range(ROUNDS):
        subject = f"Release {number}"
        assert service.send(ANN, CROWD, letter(ANN, "", subject, NEWS))[0] == 554
        entry = str(_entries(service, subject)[0]["id"])
        provider.script.before, provider.script.after = chance.uniform(0, 0.1), chance.uniform(0, 0.1)
        releasing = _release(service, entry)
        time.sleep(chance.uniform(0.2, 0.9))
        service.kill()
        releasing.communicate(timeout=30)
        provider.script.before = provider.script.after = 0
        time.sleep(0.2)
        service.start()
        _check(service, provider, entry, subject.encode())
        if "held" in _states(service, entry).values():
            service.query("held.release", id=entry)
        _check(service, provider, entry, subject.encode())


def test_killed_after_the_final_dot_the_user_decides(service: Service, provider: Provider) -> None:
    service.start()
    assert service.send(ANN, CROWD, letter(ANN, "", "Decide", NEWS))[0] == 554
    entry = str(_entries(service, "Decide")[0]["id"])
    provider.script.after = 5
    releasing = _release(service, entry)
    machine.until(lambda: provider.copies(b"Decide"), "the provider has it")
    service.kill()
    _, said = releasing.communicate(timeout=30)
    assert releasing.returncode == 3 and b"Traceback" not in said, said
    provider.script.after = 0
    service.start()
    time.sleep(1)
    assert set(_states(service, entry).values()) == {"unsure"}
    assert provider.copies(b"Decide") == dict.fromkeys(CROWD, 1), "not sent again by itself"


def test_the_providers_final_answer_lost_is_unsure_without_a_crash(
    service: Service, provider: Provider
) -> None:
    service.start()
    assert service.send(ANN, CROWD, letter(ANN, "", "Cut", NEWS))[0] == 554
    entry = str(_entries(service, "Cut")[0]["id"])
    provider.script.cut = True
    done = service.call("held", "release", entry)
    assert done.returncode == 3, done.stdout + done.stderr
    assert set(_states(service, entry).values()) == {"unsure"}
    assert provider.copies(b"Cut") == dict.fromkeys(CROWD, 1)
