"""kill -9 at random, again and again, under load: nothing answered is lost, nothing is sent twice.

Clients send mails that pass and mails that are held, another hand releases what is held, and the service is
killed and started again until the time is up. Then every mail is accounted for. Exit 0 only if all is right.
"""

import argparse
import contextlib
import random
import smtplib
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.e2e.letters import letter
from tests.servers.dovecot import User
from tests.servers.provider import Provider
from tests.servers.service import COLDASK, Service, by_provider

ANN = "ann@example.org"
CROWD = [f"stranger{n}@outside.example" for n in range(9)]


@dataclass
class Load:
    """What was sent and how it was answered: subject -> code, 0 where no answer came."""

    service: Service
    ended: threading.Event = field(default_factory=threading.Event)
    answers: dict[str, int] = field(default_factory=dict)
    releases: int = 0

    def send_on(self, name: str, recipients: list[str], seed: int) -> None:
        """A client: new mails until the end, each handed in once."""
        chance, number = random.Random(seed), 0
        while not self.ended.is_set():
            number += 1
            subject = f"{name}-{number}-end"
            mail = letter(ANN, "", subject, "x\r\n" * chance.randint(1, 900))
            self.answers[subject] = self._send(recipients, mail)
            time.sleep(chance.uniform(0, 0.02))

    def _send(self, recipients: list[str], mail: bytes) -> int:
        try:
            client = self.service.client(timeout=20)
        except (OSError, smtplib.SMTPException):
            time.sleep(0.1)
            return 400  # it never took the mail
        with contextlib.closing(client):
            try:
                client.ehlo()
                steps = [f"MAIL FROM:<{ANN}>", *(f"RCPT TO:<{r}>" for r in recipients)]
                for step in steps:
                    if client.docmd(step)[0] != 250:
                        return 400
            except (OSError, smtplib.SMTPException):
                return 400
            try:
                return client.data(mail)[0]
            except (OSError, smtplib.SMTPException):
                return 0

    def release_on(self) -> None:
        """The user: releases what is held, one after another."""
        while not self.ended.is_set():
            with contextlib.suppress(AssertionError, subprocess.TimeoutExpired, ValueError):
                for entry in self.service.ask("held", "list"):
                    if self.ended.is_set():
                        return
                    if entry["state"] == "held":
                        command = [COLDASK, "held", "release", entry["id"]]
                        environment = self.service.environment
                        subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)
                        self.releases += 1


def run(service: Service, provider: Provider, seconds: float, seed: int) -> tuple[Load, int]:
    """Kill and start until the time is up; the load and how often it was killed."""
    chance, load, kills = random.Random(seed), Load(service), 0
    service.start()
    assert service.password
    hands = [
        threading.Thread(target=load.send_on, args=("pass", ["bob@outside.example"], seed)),
        threading.Thread(target=load.send_on, args=("hold", CROWD, seed + 1)),
        threading.Thread(target=load.release_on),
    ]
    for hand in hands:
        hand.start()
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            provider.script.before, provider.script.after = chance.uniform(0, 0.03), chance.uniform(0, 0.03)
            time.sleep(chance.uniform(0.1, 2))
            service.kill()
            kills += 1
            service.start()
    finally:
        load.ended.set()
        for hand in hands:
            hand.join(90)
    return load, kills


def account(load: Load, provider: Provider) -> list[str]:
    """What came out wrong, in words; empty where all is right."""
    service, wrong = load.service, []
    entries: dict[str, list[dict[str, object]]] = {}
    for entry in service.ask("held", "list", "--all"):
        entries.setdefault(str(entry["subject"]), []).append(entry)
    for subject, code in load.answers.items():
        copies = provider.copies(subject.encode())
        if any(number > 1 for number in copies.values()):
            wrong.append(f"{subject}: sent twice ({dict(copies)}), answered {code}")
        if subject.startswith("pass") and code == 250 and copies != {"bob@outside.example": 1}:
            wrong.append(f"{subject}: answered 250 and lost")
        if subject.startswith("hold"):
            wrong += _held(subject, code, set(copies), entries.get(subject, []))
    with contextlib.closing(sqlite3.connect(service.tables["store"]["path"])) as store:
        check = store.execute("PRAGMA integrity_check").fetchall()
    return wrong if check == [("ok",)] else [*wrong, f"the store is damaged: {check}"]


def _held(subject: str, code: int, sent: set[str], found: list[dict[str, object]]) -> list[str]:
    if code == 250:
        return [f"{subject}: a blast passed"]
    if len(found) != 1:
        lost = code == 554 or len(found) > 1
        return [f"{subject}: answered {code}, {len(found)} entries"] if lost else []
    state = found[0]["state"]
    right = {"held": not sent, "released": sent == set(CROWD), "unsure": True}
    return (
        [] if right.get(str(state)) else [f"{subject}: is {state}, and {len(sent)} of {len(CROWD)} have it"]
    )


def main() -> None:
    """Print what was done and what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    args = parser.parse_args()
    print(f"seed {args.seed}, {args.seconds:g} s", flush=True)
    with Provider() as provider, tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder))
        service.account("work", User(ANN), by_provider(provider))
        service.learn()
        load, kills = run(service, provider, args.seconds, args.seed)
        wrong = account(load, provider)
        service.stop()
        if "Traceback" in service.stderr:
            wrong.append("a traceback: " + service.stderr[-2000:])
    codes = sorted(load.answers.values())
    counts = ", ".join(f"{codes.count(c)} x {c or 'no answer'}" for c in sorted(set(codes)))
    print(
        f"{kills} kills, {len(codes)} mails ({counts}), {load.releases} releases, {len(provider.taken)} sent"
    )
    print("\n".join(wrong) or "nothing lost, nothing doubled")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
