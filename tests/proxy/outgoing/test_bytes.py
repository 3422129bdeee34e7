"""Every byte between DATA and the final dot reaches the provider; nothing that is no mail does."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proxy.outgoing.inlet import unstuffed
from proxy.outgoing.upstream import stuffed
from tests.proxy.outgoing.conftest import Build
from tests.proxy.outgoing.house import build
from tests.proxy.outgoing.scripted import Scripted

line = st.binary(max_size=40).map(lambda b: b.translate(None, b"\0\r\n"))
dots = st.sampled_from([b"", b".", b"..", b"...", b". ", b"From x", b"\xff\xfe", b" ", b"x" * 1200])
lines = st.lists(line | dots, max_size=10)


def test_bytes_in_are_bytes_out(tmp_path: Path) -> None:
    """Generated mails through a real listener to a provider that keeps what it reads."""

    with asyncio.Runner() as runner:
        provider = Scripted()
        house = runner.run(build(tmp_path, provider))
        client = runner.run(house.client())
        count = 0

        async def send(body: bytes) -> bytes:
            nonlocal count
            count += 1  # each mail another recipient: the same one twice would be known again
            answer = await client.mail(stuffed(body), f"p{count}@other.example")
            assert answer.startswith("250 "), answer
            return unstuffed(bytearray(b"\r\n" + provider.mails.pop()))

        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        @given(lines)
        def check(lines: list[bytes]) -> None:
            body = b"".join(one + b"\r\n" for one in lines)
            assert runner.run(send(body)) == body

        check()
        runner.run(house.close())


ENDS = [
    b"\n.\n",
    b"\n.\r\n",
    b"\r\n.\n",
    b"\n.\r",
    b"\r.\n",
    b"\r.\r",
    b"\r.\r\n",
    b"\r\n.\r",
    b"\r\n\0.\r\n",
    b"\r\n.\0\r\n",
]


@pytest.mark.parametrize("end", ENDS, ids=repr)
@pytest.mark.parametrize("pieces", [False, True], ids=["at once", "byte by byte"])
async def test_nothing_is_smuggled(make_house: Build, end: bytes, pieces: bool) -> None:
    """SMTP smuggling: an odd end of data, then commands. One mail or none, never two."""
    house = await make_house()
    client = await house.client()
    for command in ("MAIL FROM:<ann@example.org>", "RCPT TO:<bob@other.example>", "DATA"):
        await client.say(command)
    smuggled = (
        b"MAIL FROM:<ann@example.org>\r\nRCPT TO:<victim@other.example>\r\nDATA\r\nSubject: two\r\n\r\nx"
    )
    wire = b"Subject: one\r\n\r\nhi" + end + smuggled + b"\r\n.\r\n"
    for piece in [wire[i : i + 1] for i in range(len(wire))] if pieces else [wire]:
        client.send(piece)
        if pieces:
            await asyncio.sleep(0)
    answer = await client.reply()
    assert answer.startswith(("250 ", "550 5.6.0 ")), answer
    assert await client.say("NOOP") == "250 2.0.0 Fine.", "in step"
    commands = house.provider.commands
    assert commands.count("DATA") == len(house.provider.mails) == (1 if answer.startswith("250") else 0)
    assert commands[:2] == ["MAIL FROM:<ann@example.org>", "RCPT TO:<bob@other.example>"]
    for mail in house.provider.mails:
        rest = mail.replace(b"\r\n", b"")
        assert b"\r" not in rest and b"\n" not in rest and b"\0" not in rest
        assert b"\r\n.\r\n" not in mail


@pytest.mark.parametrize("length", [998, 999, 1000, 2000, 70_000, 1_000_000])
async def test_long_lines_pass(make_house: Build, length: int) -> None:
    house = await make_house()
    body = b"Subject: long\r\n\r\n" + b"x" * length + b"\r\n.after\r\n"
    client = await house.client()
    assert (await client.mail(stuffed(body))).startswith("250 ")
    assert house.provider.mails == [body.replace(b"\r\n.", b"\r\n..")]


async def test_thirty_megabytes_pass(make_house: Build) -> None:
    house = await make_house()
    body = b"Subject: big\r\n\r\n" + (b"." + b"A" * 76 + b"\r\n") * 390_000
    client = await house.client()
    assert (await client.mail(stuffed(body))).startswith("250 ")
    assert house.provider.mails == [stuffed(body)[:-3]]


async def test_one_byte_a_segment(make_house: Build) -> None:
    house = await make_house()
    client = await house.client()
    for (
        byte
    ) in b"MAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@other.example>\r\nDATA\r\n..dot\r\n.\r\nQUIT\r\n":
        client.send(bytes([byte]))
        await asyncio.sleep(0)
    answers = [await client.reply() for _ in range(5)]
    assert [a[:3] for a in answers] == ["250", "250", "354", "250", "221"]
    assert house.provider.mails == [b"..dot\r\n"]
