"""Everything removed while the service runs: it reads the mailbox anew by itself, and judges nothing twice."""

import time

from tests.e2e.letters import PITCH, friendship, letter
from tests.servers import machine
from tests.servers.dovecot import Dovecot
from tests.servers.service import Service, by_dovecot


def test_a_running_service_reads_its_history_anew(service: Service, dovecot: Dovecot) -> None:
    ann, ben = dovecot.user(), "ben@friend.example"
    for mail in friendship(ann.address, ben):
        if mail.startswith(b"From: ann"):
            dovecot.append(ann, "Sent", [mail])
        else:
            dovecot.deliver(mail, ann.address)
    nobody = {"host": "127.0.0.1", "port": machine.free_port(), "security": "plaintext"}
    service.account("work", ann, nobody, by_dovecot(dovecot))
    service.start(watching=["work"])
    machine.until(lambda: service.ask("people", ben)[0]["tie"] == "established", "Ben is known")

    def judged(words: str) -> int:
        return service.stderr.count(words)

    dovecot.deliver(letter(ben, ann.address, "Sunday", "Shall we meet on Sunday?\n"), ann.address)
    machine.until(lambda: judged("judged keep") == 1, "Ben's letter is judged")
    done = service.call("purge", "--everything", "--yes")
    assert done.returncode == 0 and "reads your mail anew" in done.stderr, done.stderr
    machine.until(lambda: service.query("history")["learned"], "its history is read again")
    assert service.ask("people", ben)[0]["tie"] == "established"
    dovecot.deliver(letter("rex@cold.example", ann.address, "Calendar", PITCH), ann.address)
    machine.until(lambda: dovecot.subjects(ann.address, "Cold Asks") == ["Calendar"], "it is filed")
    time.sleep(0.5)
    assert (judged("judged keep"), judged("judged file")) == (1, 1), service.stderr
    assert service.stop() == 0
