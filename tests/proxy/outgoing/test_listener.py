"""Listening and ending: where, for whom, and what happens to mail in flight."""

import asyncio
import socket
import time
from pathlib import Path

import pytest

from models.errors import ConfigError, OutsideError
from models.held import State
from models.settings import ListenTable
from proxy.outgoing.listener import check_listen, is_loopback
from proxy.outgoing.offers import ehlo_lines
from proxy.store.held import list_held
from tests.proxy.outgoing.conftest import Build
from tests.proxy.outgoing.house import build
from tests.proxy.outgoing.scripted import Scripted

MAIL = b"From: ann@example.org\r\nTo: bob@other.example\r\n\r\nhello\r\n.\r\n"


async def test_an_idle_client_is_told_at_once(make_house: Build) -> None:
    house = await make_house()
    client = await house.client()
    began = time.monotonic()
    await house.listener.close()
    assert await client.reply() == "421 4.3.2 coldask is being stopped; try again later."
    assert await client.line() == "" and time.monotonic() - began < 1
    with pytest.raises(OSError):
        await house.connect()


async def test_mail_in_flight_is_finished(make_house: Build) -> None:
    house = await make_house()

    async def slowly() -> None:
        await asyncio.sleep(0.3)

    house.provider.before_dot_answer = slowly
    client = await house.client()
    sending = asyncio.create_task(client.mail(MAIL))
    await asyncio.sleep(0.1)
    await house.listener.close()
    assert await sending == "250 2.0.0 queued as A1"
    assert await client.reply() == "421 4.3.2 coldask is being stopped; try again later."
    assert await list_held(house.store) == []


async def test_mail_in_flight_that_does_not_end_is_unsure(make_house: Build) -> None:
    house = await make_house()
    house.provider.before_dot_answer = asyncio.Event().wait  # type: ignore[assignment]
    client = await house.client()
    sending = asyncio.create_task(client.mail(MAIL))
    while not house.provider.mails:
        await asyncio.sleep(0.01)
    await house.listener.close(patience=0.2)
    assert (await sending).startswith("554-5.7.1 This mail may have gone")
    assert [mail.state for mail in await list_held(house.store)] == [State.UNSURE]
    assert list(await house.store.db.execute_fetchall("SELECT * FROM flight")) == []


async def test_a_client_in_the_middle_of_its_mail_does_not_hold_the_end_up(
    make_house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proxy.outgoing.listener.LAST_SECONDS", 0.1)
    house = await make_house()
    client = await house.client()
    for command in ("MAIL FROM:<ann@example.org>", "RCPT TO:<bob@other.example>", "DATA"):
        await client.say(command)
    client.send(MAIL[:20])
    began = time.monotonic()
    await house.listener.close(patience=0.1)
    assert time.monotonic() - began < 4
    assert await client.reply() == "421 4.3.2 coldask is being stopped; try again later."
    assert house.provider.mails == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "no-such-host.invalid"])
def test_only_this_machine(host: str) -> None:
    with pytest.raises(ConfigError, match="allow_remote = true"):
        check_listen(ListenTable(host=host))
    check_listen(ListenTable(host=host, allow_remote=True))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.1.2.3"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)
    check_listen(ListenTable(host=host))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_what_comes_later_says_so(security: str) -> None:
    with pytest.raises(ConfigError, match="comes with a later version"):
        check_listen(ListenTable.model_validate({"security": security}))


async def test_a_port_that_is_taken(tmp_path: Path, scripted: Scripted) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(OutsideError, match=f"Port {port} on 127.0.0.1 is taken by another program"):
            await build(tmp_path, scripted, at=port)
    await scripted.stop()


def test_ehlo_says_what_all_providers_offer() -> None:
    one = {"size": "1000", "8bitmime": "", "dsn": "", "smtputf8": "", "chunking": ""}
    two = {"size": "0", "8bitmime": "", "dsn": ""}
    assert ehlo_lines([one], 5000) == [
        "SIZE 1000",
        "PIPELINING",
        "8BITMIME",
        "SMTPUTF8",
        "DSN",
        "AUTH PLAIN LOGIN",
    ]
    assert ehlo_lines([one, two], 500) == ["SIZE 500", "PIPELINING", "8BITMIME", "DSN", "AUTH PLAIN LOGIN"]
    assert ehlo_lines([one, None], 5000) == ["SIZE 1000", "PIPELINING", "AUTH PLAIN LOGIN"]
    assert ehlo_lines([], 10) == ["SIZE 10", "PIPELINING", "AUTH PLAIN LOGIN"]
    assert ehlo_lines([{"size": "junk"}], 10)[0] == "SIZE 10"


async def test_what_was_seen_is_remembered(make_house: Build) -> None:
    house = await make_house()
    assert "DSN" not in await (await house.connect()).reply() and "DSN" not in house.listener.offers()
    await house.listener.look_around()
    assert "DSN" in house.listener.offers()
    seen = await house.store.fact("provider.offers")
    assert set(seen["work"]) >= {"size", "dsn", "8bitmime"} and "auth" not in seen["work"]
    await house.listener.look_around()
    assert house.provider.connections == 1, "looked at once only"


async def test_a_provider_that_is_down_at_the_start_is_only_logged(make_house: Build) -> None:
    house = await make_house()
    await house.provider.stop()
    await house.listener.look_around()
    assert "refused the connection" in house.ear.troubles[0]


async def test_other_clients_are_served_while_one_is_slow(make_house: Build) -> None:
    house = await make_house()
    slow = await house.client()
    for command in ("MAIL FROM:<ann@example.org>", "RCPT TO:<bob@other.example>", "DATA"):
        await slow.say(command)
    slow.send(b"S")
    async with asyncio.timeout(1):
        assert (await (await house.client()).mail(MAIL, "eve@other.example")).startswith("250 ")
