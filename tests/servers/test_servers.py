"""The tests' own servers do what the other tests rely on."""

import smtplib
import ssl

import pytest

from tests.servers import machine
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.servers.provider import Provider

MAIL = b"From: ann@example.org\r\nSubject: hello\r\n\r\n.dot first\r\nlast line\r\n"


def test_what_is_handed_in_lies_in_the_maildir(dovecot: Dovecot) -> None:
    ann = dovecot.user()
    dovecot.deliver(MAIL, ann.address)
    assert dovecot.subjects(ann.address) == ["hello"]
    assert dovecot.mails(ann.address)[0].endswith(MAIL.partition(b"\r\n\r\n")[2])


def test_what_is_hidden_is_not_announced(dovecot: Dovecot, dovecot_bare: Dovecot) -> None:
    def announced(server: Dovecot) -> set[bytes]:
        with server.imap(server.user()) as client:
            return set(client.capability()[1][0].split())

    assert {b"MOVE", b"UIDPLUS", b"IDLE"} <= announced(dovecot)
    assert not {b"MOVE", b"UIDPLUS", b"IDLE"} & announced(dovecot_bare)


def test_each_server_has_its_own_folder_names(any_dovecot: Dovecot) -> None:
    user = any_dovecot.user()
    any_dovecot.append(user, "Sent", [MAIL])
    assert any_dovecot.subjects(user.address, "Sent") == ["hello"]


def test_postfix_refuses_and_delivers(postfix: Postfix, dovecot: Dovecot) -> None:
    ann, bob = dovecot.user(), dovecot.user("bob")
    with smtplib.SMTP("localhost", postfix.port, timeout=10) as client:
        client.starttls(context=ssl.create_default_context(cafile=str(dovecot.certificates.authority)))
        client.login(ann.address, ann.password)
        _refusals(client, ann.address, bob.address)
        client.sendmail(ann.address, [bob.address], MAIL)
    machine.until(lambda: dovecot.subjects(bob.address) == ["hello"], "delivered by Postfix and Dovecot")


def _refusals(client: smtplib.SMTP, ann: str, bob: str) -> None:
    for sender, recipient, code in [
        (ann, "bad@example.net", 550),
        (ann, "defer@example.net", 450),
        (ann, "full@example.net", 552),
        ("ann@elsewhere.example", bob, 553),
    ]:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            client.sendmail(sender, [recipient], MAIL)
        assert refused.value.recipients[recipient][0] == code


def test_the_scripted_provider_records_what_it_took(provider: Provider) -> None:
    with smtplib.SMTP("127.0.0.1", provider.port, timeout=10) as client:
        client.login("ann@example.org", provider.script.password)
        client.sendmail("ann@example.org", ["bob@example.net", "eve@example.net"], MAIL)
    assert [t.mail for t in provider.taken] == [MAIL]
    assert provider.copies(b"last line") == {"bob@example.net": 1, "eve@example.net": 1}
