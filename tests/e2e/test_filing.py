"""A mail's way in, whole: LMTP into the inbox, the watcher, "Cold Asks", and the user's word about it."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.e2e.letters import ASK, NEWS, PITCH, ago, friendship, letter, message_id, same_letter
from tests.servers import machine
from tests.servers.dovecot import BARE, Dovecot, User
from tests.servers.service import Service, by_dovecot

COLD = "Cold Asks"


@dataclass
class Inbox:
    """Ann's mailbox on one kind of server, watched. Ben is a friend; one mail was there before."""

    service: Service
    ann: User
    ben: str
    server: Dovecot

    def arrive(self, sender: str, subject: str, text: str, **headers: str) -> bytes:
        mail = letter(sender, self.ann.address, subject, text, **headers)
        self.server.deliver(mail, self.ann.address)
        return mail

    def where(self, subject: str) -> list[str]:
        """The folders that hold a mail of that subject."""
        folders = ("INBOX", COLD, "Junk", "Trash", "Sent")
        return [f for f in folders if subject in self.server.subjects(self.ann.address, f)]

    def filed(self, subject: str, *, seconds: float = 10) -> None:
        machine.until(lambda: self.where(subject) == [COLD], f"{subject!r} in Cold Asks", seconds=seconds)

    def settle(self) -> None:
        """Wait until the watcher has surely judged all that came before: a later cold mail has been filed."""
        subject = f"marker {time.monotonic_ns()}"
        self.arrive(f"marker{time.monotonic_ns()}@marker.example", subject, PITCH)
        self.filed(subject)

    def move(self, subject: str, source: str, target: str) -> None:
        """What a mail client does when its user drags a mail to another folder."""
        with self.server.imap(self.ann) as client:
            client.select(f'"{self.server.name_of(source)}"')
            _, found = client.uid("SEARCH", "HEADER", "SUBJECT", f'"{subject}"')
            [uid] = found[0].split()
            target = f'"{self.server.name_of(target)}"'
            if self.server.capabilities == BARE:
                client.uid("COPY", uid, target)
                client.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
                client.expunge()
            else:
                client.uid("MOVE", uid, target)


@pytest.fixture(scope="module", params=["dovecot", "dovecot_bare", "dovecot_dots", "dovecot_prefix"])
def inbox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    server: Dovecot = request.getfixturevalue(request.param)
    ann, ben = server.user(), "ben@friend.example"
    server.append(ann, "Sent", [m for m in friendship(ann.address, ben) if m.startswith(b"From: ann")])
    for mail in friendship(ann.address, ben):
        if not mail.startswith(b"From: ann"):
            server.deliver(mail, ann.address)
    server.deliver(letter("old@cold.example", ann.address, "There before", PITCH, date=ago(3)), ann.address)
    nobody = {"host": "127.0.0.1", "port": machine.free_port(), "security": "plaintext"}
    with Service(tmp_path_factory.mktemp("inbox")) as service:
        service.account("work", ann, nobody, by_dovecot(server))
        learned = service.call("learn")
        assert learned.returncode == 0, learned.stderr
        service.start(watching=["work"])
        yield Inbox(service, ann, ben, server)
        assert service.stop() == 0


def test_a_cold_ask_is_filed_within_two_seconds_of_the_servers_notice(inbox: Inbox) -> None:
    inbox.settle()
    mail = inbox.arrive("Max <max@agency.example>", "Quick question", PITCH)
    # Dovecot tells IDLE after half a second; where IDLE is hidden the next look is up to a second away.
    notice = 1.0 if inbox.server.capabilities == BARE else 0.5
    inbox.filed("Quick question", seconds=notice + 2)
    [filed] = [m for m in inbox.server.mails(inbox.ann.address, COLD) if b"Quick question" in m]
    same_letter(mail, filed)
    with inbox.server.imap(inbox.ann) as client:
        client.select(f'"{inbox.server.name_of(COLD)}"')
        _, [unseen] = client.search(None, "UNSEEN", "SUBJECT", '"Quick question"')
        assert unseen, "never marked read"
        _, listed = client.lsub()
        assert any(COLD.encode() in folder for folder in listed), "subscribed"


def test_what_was_filed_says_why(inbox: Inbox) -> None:
    mail = inbox.arrive("Paul <paul@seeker.example>", "Your network", ASK)
    inbox.filed("Your network")
    asks = inbox.service.ask("asks")
    assert "Your network" in str(asks)
    why = inbox.service.ask("why", message_id(mail))
    assert (why["direction"], why["disposition"]) == ("incoming", "file")
    assert why["ties"]["paul@seeker.example"]["tie"] == "unknown"
    assert {"job", "introduction"} & {a["ask"] for a in why["asks"]}
    for ask in why["asks"]:
        assert ask["quote"] in " ".join(ASK.split())
        assert ask["quote"] in why["reason"] or len(why["asks"]) > 1


def test_what_is_not_cold_stays_in_the_inbox_unread(inbox: Inbox) -> None:
    inbox.arrive(f"Ben <{inbox.ben}>", "A friend asks", ASK)
    inbox.arrive("clara@thanks.example", "Only thanks", "Thank you for your talk. It helped me.\r\n")
    inbox.arrive("news@shop.example", "Newsletter", PITCH, List_Id="<news.shop.example>",
                 List_Unsubscribe="<https://shop.example/u>", Precedence="bulk")  # fmt: skip
    inbox.settle()
    kept = ("There before", "A friend asks", "Only thanks", "Newsletter")
    assert [inbox.where(subject) for subject in kept] == [["INBOX"]] * 4
    with inbox.server.imap(inbox.ann) as client:
        client.select("INBOX", readonly=True)
        for subject in kept:
            assert client.search(None, "UNSEEN", "SUBJECT", f'"{subject}"')[1] != [b""], f"{subject} unread"


def test_moved_back_by_the_user_it_stays_and_the_person_is_released(inbox: Inbox) -> None:
    inbox.arrive("eve@offer.example", "An offer", PITCH)
    inbox.filed("An offer")
    inbox.move("An offer", COLD, "INBOX")
    assert inbox.where("An offer") == ["INBOX"]
    machine.until(lambda: _state(inbox, "An offer") == "returned", "the user's move is understood")
    again = inbox.arrive("eve@offer.example", "Another offer", PITCH)
    inbox.settle()
    assert inbox.where("An offer") == ["INBOX"], "never moved again"
    assert inbox.where("Another offer") == ["INBOX"], "the person is released"
    assert inbox.service.ask("why", message_id(again))["disposition"] == "keep"


def _state(inbox: Inbox, subject: str) -> str:
    """Where the ledger has the one mail of that subject."""
    [entry] = [e for e in inbox.service.ask("asks") if e["subject"] == subject]
    return str(entry["state"])


def test_writing_to_somebody_filed_releases_them(inbox: Inbox) -> None:
    inbox.arrive("fay@later.example", "First try", PITCH)
    inbox.filed("First try")
    answer = letter(inbox.ann.address, "Fay <Fay@Later.example>", "Re: First try", NEWS)
    inbox.server.append(inbox.ann, "Sent", [answer])  # from her phone, past coldask
    machine.until(
        lambda: "no mail either way" not in str(inbox.service.ask("people", "fay@later.example")),
        "the sent mail counts",
    )
    inbox.arrive("fay@later.example", "Second try", PITCH)
    inbox.settle()
    assert inbox.where("Second try") == ["INBOX"]


def test_what_came_while_it_was_down_is_filed_when_it_is_back(inbox: Inbox) -> None:
    assert inbox.service.stop() == 0
    inbox.arrive("gus@night.example", "In the night", PITCH)
    inbox.service.start(watching=["work"])
    inbox.filed("In the night")


def test_moved_to_the_trash_it_teaches_nothing(inbox: Inbox) -> None:
    inbox.arrive("hal@again.example", "Rubbish", PITCH)
    inbox.filed("Rubbish")
    inbox.move("Rubbish", COLD, "Trash")
    inbox.settle()
    inbox.arrive("hal@again.example", "Rubbish again", PITCH)
    inbox.filed("Rubbish again")


def test_killed_while_it_files_every_mail_is_there_once(inbox: Inbox) -> None:
    chance = random.Random(4)
    for turn in range(4):
        subjects = [f"Burst {turn} {n}" for n in range(5)]
        for n, subject in enumerate(subjects):
            inbox.arrive(f"burst{turn}{n}@cold.example", subject, PITCH)
        time.sleep(chance.uniform(0, 0.9))
        inbox.service.kill()
        inbox.service.start(watching=["work"])
        for subject in subjects:
            inbox.filed(subject)
        everything = inbox.server.subjects(inbox.ann.address, COLD)
        assert [everything.count(subject) for subject in subjects] == [1] * 5
