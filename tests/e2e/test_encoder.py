"""The running service and an encoder that cannot be used: nothing is loaded early, and mail goes on."""

import json
from pathlib import Path

from tests.proxy.encoder import stand_in
from tests.servers.dovecot import User
from tests.servers.provider import Provider
from tests.servers.service import Service, by_provider

ANN = User("ann@example.org")
LETTER = b"""From: ann@example.org
To: sue@out.example
Subject: A word

Dear Sue, I read what you wrote about tides and liked it. Would a word from you to your editor be possible?
"""


def _send(service: Service, number: int) -> int:
    mail = LETTER.replace(b"A word", b"A word %d" % number).replace(b"\n", b"\r\n")
    return service.send(ANN.address, ["sue@out.example"], mail)[0]


def _complaints(service: Service) -> int:
    return service.stderr.count("The sentence encoder in ")


def test_a_foreign_model_is_told_once_and_mail_goes_on(
    service: Service, provider: Provider, tmp_path: Path
) -> None:
    stand_in.make(tmp_path / "encoder")
    service.environment["COLDASK_ENCODER"] = str(tmp_path / "encoder")
    service.account("work", ANN, by_provider(provider))
    service.tables["outgoing"]["mode"] = "observe"
    service.learn()
    service.start()
    assert service.ask("encoder", "status")["installed"]
    assert _complaints(service) == 0, "nothing is loaded before a mail needs it"
    assert [_send(service, n) for n in (1, 2, 3)] == [250, 250, 250]
    assert _complaints(service) == 1 and "another model" in service.stderr
    lines = json.loads(service.call("doctor", "--json").stdout)["lines"]
    said = [line["text"] for line in lines if line["area"] == "encoder" and line["level"] == "warn"]
    assert len(said) == 2 and "the service could not use it" in said[1]
    assert service.stop() == 0


def test_switched_off_in_the_configuration_it_is_not_looked_at(
    service: Service, provider: Provider, tmp_path: Path
) -> None:
    stand_in.make(tmp_path / "encoder")
    service.environment["COLDASK_ENCODER"] = str(tmp_path / "encoder")
    service.account("work", ANN, by_provider(provider))
    service.tables["model"] = {"encoder": False}
    service.tables["outgoing"]["mode"] = "observe"
    service.learn()
    service.start()
    assert _send(service, 1) == 250
    assert _complaints(service) == 0
