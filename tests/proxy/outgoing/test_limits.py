"""Limits: each is told in words, and none of them keeps others waiting."""

import asyncio
import contextlib
import resource

import pytest

from tests.proxy.outgoing.conftest import Build

MAIL = b"From: ann@example.org\r\nTo: bob@other.example\r\n\r\nhello\r\n"


async def test_a_thousand_recipients(make_house: Build) -> None:
    house = await make_house()
    client = await house.client()
    people = [f"p{i}@other.example" for i in range(1000)]
    mail = b"From: ann@example.org\r\nTo: " + ",\r\n ".join(people).encode() + b"\r\n\r\nhello\r\n"
    client.send(b"MAIL FROM:<ann@example.org>\r\n")
    client.send(b"".join(f"RCPT TO:<{p}>\r\n".encode() for p in people) + b"DATA\r\n")
    answers = [await client.reply() for _ in range(1002)]
    assert {a[:3] for a in answers[:-1]} == {"250"} and answers[-1].startswith("354")
    client.send(mail + b".\r\n")
    assert (await client.reply()).startswith("250 ")
    assert house.provider.commands[1:-1] == [f"RCPT TO:<{p}>" for p in people]


async def test_more_recipients_than_anybody_writes_to(
    make_house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proxy.outgoing.session.MAX_RECIPIENTS", 3)
    house = await make_house()
    client = await house.client()
    for round_ in range(2):
        await client.say("MAIL FROM:<ann@example.org>")
        answers = [await client.say(f"RCPT TO:<p{i}@other.example>") for i in range(5)]
        assert [a[:9] for a in answers] == ["250 2.0.0"] * 3 + ["452 4.5.3"] * 2, round_
        await client.say("RSET")


async def test_too_large_costs_no_memory(make_house: Build) -> None:
    house = await make_house(outgoing={"max_message_mb": 1})
    client = await house.client()
    assert "250-SIZE 1048576" in await client.say("EHLO again")
    for command in ("MAIL FROM:<ann@example.org>", "RCPT TO:<bob@other.example>", "DATA"):
        await client.say(command)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(60):
        client.send(b"x" * 50_000 + b"\r\n")
        await client.writer.drain()
    client.send(b".\r\n")
    assert await client.reply() == "552 5.3.4 This mail is too large; the limit here is 1 MB."
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000, "kilobytes"
    assert (await client.mail(MAIL + b".\r\n")).startswith("250 "), "the session goes on clean"
    assert len(house.provider.mails) == 1


async def test_a_mail_without_an_end_ends_the_session(make_house: Build) -> None:
    house = await make_house(outgoing={"max_message_mb": 1})
    client = await house.client()
    for command in ("MAIL FROM:<ann@example.org>", "RCPT TO:<bob@other.example>", "DATA"):
        await client.say(command)
    try:
        for _ in range(200):
            client.send(b"x" * 50_000)
            await client.writer.drain()
    except ConnectionError:
        return
    assert (await client.reply()).startswith("552 5.3.4")


async def test_more_clients_than_allowed(make_house: Build) -> None:
    house = await make_house(listen={"max_connections": 2})
    first, second = await house.client(), await house.client()
    third = await house.connect()
    assert await third.reply() == "421 4.7.0 Too many connections at once; try again later."
    assert await third.line() == ""
    await first.say("QUIT")
    await first.line()
    assert (await (await house.connect()).reply()).startswith("220 ")
    assert (await second.mail(MAIL + b".\r\n")).startswith("250 ")


async def test_silence_ends_a_session(make_house: Build) -> None:
    house = await make_house()
    house.listener.idle = 0.1
    client = await house.client()
    assert await client.reply() == "421 4.4.2 Nothing was said for too long."
    assert await client.line() == ""


async def test_a_client_is_not_cut_off_while_the_provider_thinks(make_house: Build) -> None:
    house = await make_house()
    house.listener.idle = 0.1

    async def think() -> None:
        await asyncio.sleep(0.4)

    house.provider.before_dot_answer = think
    assert (await (await house.client()).mail(MAIL + b".\r\n")).startswith("250 ")


async def test_a_wrong_password_keeps_nobody_else_waiting(make_house: Build) -> None:
    house = await make_house()
    house.listener.penance = 2.0
    wrong = await house.connect()
    await wrong.reply()
    await wrong.say("EHLO x")
    wrong.send(b"AUTH PLAIN AGNvbGRhc2sAd3Jvbmc=\r\n")
    async with asyncio.timeout(1.5):
        assert (await (await house.client()).mail(MAIL + b".\r\n")).startswith("250 ")


async def test_a_line_longer_than_any_command(make_house: Build) -> None:
    house = await make_house()
    client = await house.client()
    assert await client.say("NOOP " + "x" * 100_000) == "500 5.5.2 This line is too long."
    assert await client.say("MAIL FROM:<ann@example.org> ENVID=" + "x" * 5_000) == (
        "500 5.5.2 This line is too long."
    )
    assert await client.say("NOOP") == "250 2.0.0 Fine."


@pytest.mark.parametrize("tenth", range(10))
async def test_a_client_that_leaves_in_the_middle_of_a_mail(make_house: Build, tenth: int) -> None:
    house = await make_house()
    client = await house.client()
    for command in ("MAIL FROM:<ann@example.org>", "RCPT TO:<bob@other.example>", "DATA"):
        await client.say(command)
    wire = MAIL + b".\r\n"
    client.send(wire[: len(wire) * tenth // 10])
    await client.writer.drain()
    await client.close()
    for _ in range(100):
        await asyncio.sleep(0.01)
        if not house.listener._sessions:
            break
    assert house.provider.mails == [] and "DATA" not in house.provider.commands


async def test_a_client_that_reads_nothing_is_let_go(
    make_house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proxy.outgoing.conversation.LAST_SECONDS", 0.1)
    house = await make_house()
    house.listener.idle = 0.3
    client = await house.client()
    client.reader._transport.pause_reading()  # type: ignore[attr-defined]
    with contextlib.suppress(ConnectionError, TimeoutError):
        for _ in range(400):
            client.send(b"NOOP\r\n" * 10_000)
            async with asyncio.timeout(0.5):
                await client.writer.drain()
    for _ in range(300):
        await asyncio.sleep(0.01)
        if not house.listener._sessions:
            return
    raise AssertionError("it is still there")
