"""The mailbox on real Dovecot: TLS checked, byte-exact appends, cancelled waits."""

import asyncio
import time
from pathlib import Path

import pytest

from models.errors import MailboxError, MailboxRefused, SecretError
from models.settings import ImapTable
from proxy.mailbox import Mailbox, idle
from proxy.mailbox.session import Session
from tests.servers import certificates as made
from tests.servers.dovecot import Dovecot

MAIL = (
    b"From: a@x.example\r\nMessage-ID: <1@x.example>\r\nSubject: h\xc3\xa4\r\n\r\n"
    b".\r\n..line\r\n\xff\x80 8bit\r\n"
)


def table(server: Dovecot, **changes: object) -> ImapTable:
    return ImapTable.model_validate(
        {
            "host": "localhost", "port": server.imaps_port, "username": server.user().address,
            "ca_file": str(server.certificates.authority), "password_env": "COLDASK_TEST_PASSWORD", **changes,
        }
    )  # fmt: skip


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLDASK_TEST_PASSWORD", "open-sesame")


async def test_append_keeps_every_byte(any_dovecot: Dovecot) -> None:
    server = table(any_dovecot)
    async with await Mailbox.open("work", server) as box:
        await box.append("Neu & übrig", MAIL, flags=("\\Seen",))
        assert await box.holds("INBOX", "<1@x.example>") is False
        await box.append("INBOX", MAIL)
        assert await box.holds("INBOX", "<1@x.example>") is True
        assert await box.sent_folder() == any_dovecot.name_of("Sent")
    assert any_dovecot.mails(server.username) == [MAIL]


@pytest.mark.parametrize("security", ["starttls", "plaintext"])
async def test_starttls_and_plaintext_on_loopback(dovecot: Dovecot, security: str) -> None:
    async with await Mailbox.open("work", table(dovecot, port=dovecot.imap_port, security=security)) as box:
        assert await box.sent_folder() == "Sent"


async def test_a_wrong_password_is_refused_in_words(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLDASK_TEST_PASSWORD", 'wr"ong\\')
    with pytest.raises(MailboxRefused, match="refused the login of"):
        await Mailbox.open("work", table(dovecot))
    monkeypatch.setenv("COLDASK_TEST_PASSWORD", "")
    with pytest.raises(SecretError):
        await Mailbox.open("work", table(dovecot))


async def test_a_certificate_nobody_knows_is_told(dovecot: Dovecot, tmp_path: Path) -> None:
    stranger = made.make(tmp_path)
    with pytest.raises(MailboxError, match="certificate"):
        await Mailbox.open("work", table(dovecot, ca_file=str(stranger.authority)))


async def test_tls_to_a_port_without_is_told(dovecot: Dovecot) -> None:
    with pytest.raises(MailboxError, match="no TLS on this port"):
        await Mailbox.open("work", table(dovecot, port=dovecot.imap_port))


async def test_a_cancelled_wait_ends_at_once(dovecot: Dovecot) -> None:
    async with await Mailbox.open("work", table(dovecot)) as box:
        await box.do(Session.select, "INBOX")
        waiting = asyncio.create_task(box.do(idle.wait, 60.0))
        await asyncio.sleep(0.2)
        began = time.monotonic()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert time.monotonic() - began < 1.5
