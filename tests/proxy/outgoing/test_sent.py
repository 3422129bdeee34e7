"""The copy in Sent, in a real mailbox."""

import pytest

from classifier.reading.read import read_mail
from models.settings import AccountTable
from proxy.outgoing.sent import copies_itself, copy_to_sent
from tests.proxy.held_samples import NOW, OWNER, raw_mail
from tests.servers.dovecot import Dovecot, User
from tests.servers.service import by_dovecot


def account(dovecot: Dovecot, user: User, host: str = "smtp.example.org") -> AccountTable:
    login = {"username": user.address, "password_env": "COLDASK_TEST_PASSWORD"}
    smtp = {"host": host, "port": 465, "security": "tls", **login}
    imap = {**by_dovecot(dovecot), **login}
    return AccountTable.model_validate({"addresses": [OWNER], "smtp": smtp, "imap": imap})


@pytest.fixture
def user(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> User:
    user = dovecot.user()
    monkeypatch.setenv("COLDASK_TEST_PASSWORD", user.password)
    return user


async def put(dovecot: Dovecot, user: User, mode: str, host: str = "smtp.example.org") -> str:
    raw = raw_mail()
    return await copy_to_sent("work", account(dovecot, user, host), raw, read_mail(raw), mode, NOW)


async def test_the_copy_is_the_mail_byte_for_byte_and_read(dovecot: Dovecot, user: User) -> None:
    assert await put(dovecot, user, "auto") == ""
    assert dovecot.mails(user.address, "Sent") == [raw_mail()]
    with dovecot.imap(user) as client:
        client.select("Sent", readonly=True)
        assert client.search(None, "SEEN")[1] == [b"1"]


async def test_no_second_copy_where_the_provider_was_faster(dovecot: Dovecot, user: User) -> None:
    dovecot.append(user, "Sent", [raw_mail()])
    await put(dovecot, user, "auto")
    assert len(dovecot.mails(user.address, "Sent")) == 1
    await put(dovecot, user, "always")
    assert len(dovecot.mails(user.address, "Sent")) == 2


@pytest.mark.parametrize(("mode", "host"), [("never", "smtp.example.org"), ("auto", "smtp.gmail.com")])
async def test_no_copy_where_none_is_due(dovecot: Dovecot, user: User, mode: str, host: str) -> None:
    assert await put(dovecot, user, mode, host) == ""
    assert dovecot.mails(user.address, "Sent") == []


async def test_a_copy_that_cannot_be_made_is_told(
    dovecot: Dovecot, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLDASK_TEST_PASSWORD", "wrong")
    assert "no copy could be put into Sent" in await put(dovecot, user, "always")


@pytest.mark.parametrize(
    ("host", "itself"),
    [
        ("smtp.gmail.com", True),
        ("SMTP.Office365.com.", True),
        ("smtp.example.org", False),
        ("notgmail.com", False),
    ],
)
def test_which_providers_copy_by_themselves(host: str, itself: bool) -> None:
    assert copies_itself(host) is itself
