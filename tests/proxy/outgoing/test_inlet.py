"""Where a mail ends, and how command lines are cut from a stream."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.outgoing.inlet import Gone, Inlet, TooLong
from proxy.outgoing.upstream import stuffed


class Drip(asyncio.StreamReader):
    """Gives its bytes in pieces of a size."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__()
        self.data, self.size, self.at = data, size, 0

    async def read(self, n: int = -1) -> bytes:
        piece = self.data[self.at : self.at + min(self.size, n)]
        self.at += len(piece)
        return piece


def take(wire: bytes, size: int, limit: int = 10_000) -> tuple[bytes | None, bytes]:
    """The mail, and the command line after it."""

    async def read() -> tuple[bytes | None, bytes]:
        inlet = Inlet(Drip(wire, size))
        return await inlet.mail(limit), await inlet.line(100)

    return asyncio.run(read())


lines = st.lists(
    st.binary(max_size=12).map(lambda b: b.translate(None, b"\r\n")) | st.sampled_from([b"", b".", b".."]),
    max_size=8,
)


@given(lines, st.integers(1, 7))
def test_what_was_stuffed_comes_out_the_same(lines: list[bytes], size: int) -> None:
    body = b"".join(line + b"\r\n" for line in lines)
    assert take(stuffed(body) + b"QUIT\r\n", size) == (body, b"QUIT")


@pytest.mark.parametrize(
    "end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n", b"\n.\r", b"\r\n\0.\r\n", b"\r\n.\0\r\n"]
)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_only_one_end_ends(end: bytes, size: int) -> None:
    mail, after = take(b"a" + end + b"MAIL FROM:<x@y.example>\r\n.\r\nQUIT\r\n", size)
    assert mail is not None and b"MAIL FROM" in mail
    assert after == b"QUIT"


def test_too_large_is_read_to_its_end() -> None:
    assert take(b"x" * 300_000 + b"\r\n.\r\nQUIT\r\n", 50_000, limit=100_000) == (None, b"QUIT")
    just = b"x" * 9_998 + b"\r\n"
    assert take(just + b".\r\nQUIT\r\n", 1000) == (just, b"QUIT")
    assert take(b"x" + just + b".\r\nQUIT\r\n", 1000) == (None, b"QUIT")


def test_stuffed_dots_do_not_count() -> None:
    body = b".\r\n" * 3000
    assert take(stuffed(body) + b"QUIT\r\n", 5000, limit=len(body)) == (body, b"QUIT")


def test_a_mail_without_an_end_is_given_up_on() -> None:
    with pytest.raises(TooLong):
        take(b"x" * 2_000_000, 65536, limit=100_000)


async def test_a_client_that_leaves_in_the_middle() -> None:
    with pytest.raises(Gone):
        await Inlet(Drip(b"To: x\r\n\r\nhalf", 5)).mail(1000)
    with pytest.raises(Gone):
        await Inlet(Drip(b"MAIL FR", 5)).line(1000)


async def test_lines() -> None:
    inlet = Inlet(Drip(b"A\r\nB\n" + b"C" * 50 + b"\r\n" + b"D" * 5000 + b"\r\nE\r\n", 7))
    assert await inlet.first() == ord("A")
    assert [await inlet.line(50) for _ in range(3)] == [b"A", b"B", b"C" * 50]
    with pytest.raises(TooLong):
        await inlet.line(50)
    assert await inlet.line(50) == b"E"


async def test_silence_ends_it() -> None:
    with pytest.raises(TimeoutError):
        await Inlet(asyncio.StreamReader(), idle=0.01).line(100)
