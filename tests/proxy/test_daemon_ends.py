"""The service's start and end beside an inbox that hangs, and the moment from which it may hold mail."""

import asyncio
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.held import State
from proxy.store.database import Store
from proxy.store.held import load
from proxy.store.moves import claim, mark_dot_sent
from tests.proxy.held_samples import hold_one
from tests.proxy.mailbox.scripted import scripted
from tests.servers import machine
from tests.servers.dovecot import User
from tests.servers.provider import Provider
from tests.servers.service import Service, by_provider

ANN = User("ann@example.org")
MAIL = b"From: ann@example.org\r\nTo: undisclosed-recipients:;\r\nSubject: One\r\n\r\nHello all.\r\n"
STRANGERS = [f"p{i}@s{i}.example" for i in range(12)]


@pytest.fixture
def service(tmp_path: Path, provider: Provider) -> Iterator[Service]:
    """An installation with one account at the scripted provider, not yet started."""
    made = Service(tmp_path)
    made.account("work", ANN, by_provider(provider))
    yield made
    if made.running:
        made.kill()
    assert "Traceback" not in made.stderr


@pytest.fixture
def hanging(service: Service, provider: Provider) -> Iterator[Service]:
    """The same with an IMAP server that takes the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        imap = {"host": "127.0.0.1", "port": silent.getsockname()[1], "security": "plaintext"}
        service.account("work", ANN, by_provider(provider), imap)
        yield service


def test_without_an_inbox_there_is_nothing_to_learn_and_mail_is_held_soon(service: Service) -> None:
    service.start()

    def held() -> bool:
        return service.send("ann@example.org", STRANGERS, MAIL)[0] == 554

    machine.until(held, "a blast is held", every=0.2)
    assert "learn" not in service.stderr


def test_an_inbox_that_is_added_later_is_learned_before_anything_is_held(
    service: Service, provider: Provider
) -> None:
    service.start()
    machine.until(lambda: service.send("ann@example.org", STRANGERS, MAIL)[0] == 554, "held", every=0.2)
    assert service.stop() == 0
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        imap = {"host": "127.0.0.1", "port": silent.getsockname()[1], "security": "plaintext"}
        service.account("work", ANN, by_provider(provider), imap)
        service.start()
        assert service.send("ann@example.org", STRANGERS, MAIL + b"Again.\r\n")[0] == 250


def test_no_mail_is_taken_once_it_is_told_to_end(service: Service, provider: Provider) -> None:
    with scripted({b"LIST": [60.0]}) as silent:  # past the login: its connection is given time to end
        imap = {"host": "127.0.0.1", "port": silent.port, "security": "plaintext"}
        service.account("work", ANN, by_provider(provider), imap)
        service.start()
        machine.until(lambda: any(b"LIST" in line for line in silent.heard), "it is asked")
        assert service._process is not None
        began = time.monotonic()
        service._process.terminate()
        machine.until(lambda: not machine.listens(service.port), "the port is closed", seconds=2)
        assert service._process.wait(15) == 0
        assert time.monotonic() - began < 7


def test_a_notice_that_cannot_be_sent_does_not_keep_it_from_starting(hanging: Service) -> None:
    hanging.tables["outgoing"]["notify_command"] = []
    hanging.learn()

    async def cut_off() -> str:
        async with await Store.open(hanging.folder / "coldask.db") as store:
            held = await hold_one(store, "sue@corp.example", now=datetime.now(UTC))
            await claim(store, held.id, [0], datetime.now(UTC), narrowed=False)
            await mark_dot_sent(store, held.id, [0])
            return held.id

    async def state_of(held: str) -> State:
        async with await Store.open(hanging.folder / "coldask.db", read_only=True) as store:
            return (await load(store, held)).state

    held = asyncio.run(cut_off())
    hanging.start(seconds=8)
    assert asyncio.run(state_of(held)) is State.UNSURE
