"""One connection to a provider: replies as they came, and what counts as none."""

from collections.abc import AsyncIterator

import pytest

from models.errors import ProviderError, StoreError
from models.settings import AccountTable
from proxy.outgoing.replies import Reply
from proxy.outgoing.upstream import AnswerLost, Disconnected, Timeouts, Upstream
from tests.proxy.outgoing.scripted import Scripted

QUICK = Timeouts(connect=2.0, command=0.3, final=0.3)
SENDER, BOB = "ann@example.org", "bob@other.example"


@pytest.fixture
async def upstream(scripted: Scripted) -> AsyncIterator[Upstream]:
    """Logged in at the scripted provider."""
    smtp = {
        "host": "127.0.0.1",
        "port": await scripted.start(),
        "security": "plaintext",
        "username": SENDER,
        "password_command": ["echo", "secret"],
    }
    account = AccountTable.model_validate({"addresses": [SENDER], "smtp": smtp})
    made = await Upstream.connect("work", account, timeouts=QUICK)
    yield made
    await made.close()
    await scripted.stop()


async def test_a_transaction(upstream: Upstream, scripted: Scripted) -> None:
    assert await upstream.mail(SENDER, ["SIZE=3"]) == Reply(250, ("2.0.0 ok",))
    await upstream.rcpt(BOB, ["NOTIFY=NEVER"])
    assert (upstream.sender, upstream.recipients) == (SENDER, [BOB])
    called = []

    async def before_dot() -> None:
        called.append(list(scripted.mails))

    assert (await upstream.data(b"\r\n.a", before_dot)).positive
    assert called == [[]], "before anything of the mail has left"
    assert scripted.mails == [b"\r\n..a\r\n"]
    assert upstream.sender is None and upstream.alive


@pytest.mark.parametrize(
    ("wire", "reply"),
    [
        (b"250 2.1.0  two spaces \r\n", Reply(250, ("2.1.0  two spaces ",))),
        (b"250\r\n", Reply(250, ("",))),
        (b"250-a\n250 b\n", Reply(250, ("a", "b"))),
        (b"553-5.7.1 one\r\n553-\r\n553 5.7.1 three\r\n", Reply(553, ("5.7.1 one", "", "5.7.1 three"))),
        ("450 4.7.1 später\r\n".encode(), Reply(450, ("4.7.1 später",))),
        (b"450 4.7.1 \xff\xfe\r\n", Reply(450, ("4.7.1 \udcff\udcfe",))),
        (b"450 a\rb\x1b[2J\r\n", Reply(450, ("a?b?[2J",))),
    ],
)
async def test_replies_as_they_came(
    upstream: Upstream, scripted: Scripted, wire: bytes, reply: Reply
) -> None:
    scripted.answers["MAIL"] = wire
    assert await upstream.mail(SENDER) == reply
    assert upstream.alive


@pytest.mark.parametrize(
    "wire",
    [
        b"hello\r\n",
        b"25\r\n",
        b"123456789 x\r\n",
        b"099 x\r\n",
        b"650 x\r\n",
        b"250_x\r\n",
        b"\r\n",
        b"250-a\r\nb\r\n",
        b"250-x\r\n" * 1000,
        b"250 " + b"x" * 70_000 + b"\r\n",
        b"\xff\xfe\x00\r\n",
        b"250 no end of line\r",
        b"250-never more",
    ],
    ids=lambda w: repr(w[:16]),
)
async def test_what_is_no_reply(upstream: Upstream, scripted: Scripted, wire: bytes) -> None:
    scripted.answers["MAIL"] = wire
    with pytest.raises(ProviderError, match=r"no SMTP reply|gave no answer"):
        await upstream.mail(SENDER)
    assert not upstream.alive


async def test_hanging_up_before_the_dot_is_no_loss(upstream: Upstream, scripted: Scripted) -> None:
    await upstream.mail(SENDER)
    await upstream.rcpt(BOB)
    scripted.answers["DATA"] = b""
    with pytest.raises(Disconnected):
        await upstream.data(b"x\r\n")
    assert scripted.mails == []


@pytest.mark.parametrize("last", [b"", b"garbage\r\n", b"250-unfinished\r\n"])
async def test_after_the_dot_nobody_knows(upstream: Upstream, scripted: Scripted, last: bytes) -> None:
    await upstream.mail(SENDER)
    await upstream.rcpt(BOB)
    scripted.answers["DOT"] = last
    with pytest.raises(AnswerLost, match="it may have been sent"):
        await upstream.data(b"x\r\n")
    assert scripted.mails == [b"x\r\n"] and not upstream.alive


async def test_a_refusal_after_the_dot_is_an_answer(upstream: Upstream, scripted: Scripted) -> None:
    await upstream.mail(SENDER)
    await upstream.rcpt(BOB)
    scripted.answers["DOT"] = b"421 4.3.2 shutting down\r\n"
    assert await upstream.data(b"x\r\n") == Reply(421, ("4.3.2 shutting down",))
    assert not upstream.alive


async def test_nothing_is_sent_where_nothing_can_be_written_down(
    upstream: Upstream, scripted: Scripted
) -> None:
    await upstream.mail(SENDER)
    await upstream.rcpt(BOB)

    async def before_dot() -> None:
        raise StoreError("the disk is full")

    with pytest.raises(StoreError):
        await upstream.data(b"x\r\n", before_dot)
    assert not upstream.alive and scripted.mails == []


async def test_a_new_transaction_forgets_the_old_one(upstream: Upstream, scripted: Scripted) -> None:
    await upstream.mail(SENDER)
    await upstream.rcpt(BOB)
    await upstream.mail(SENDER)
    assert upstream.recipients == []
    mail = "MAIL FROM:<ann@example.org>"
    assert scripted.commands == [mail, "RCPT TO:<bob@other.example>", "RSET", mail]


@pytest.mark.parametrize("address", ["a\r\nRSET", "a\nb", "a\0b", "a\x7fb"])
async def test_no_control_character_leaves(upstream: Upstream, scripted: Scripted, address: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        await upstream.rcpt(address)
    assert scripted.commands == []


async def test_rest_and_wake(upstream: Upstream, scripted: Scripted) -> None:
    upstream.rest()
    assert await upstream.wake()
    assert (await upstream.mail(SENDER)).positive
    upstream.rest()
    scripted.cut()
    assert not await upstream.wake()
