"""A mail's way out, whole: a client, coldask, Postfix with AUTH and STARTTLS, the other user's Maildir."""

import smtplib
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.e2e.clients import CLIENTS, Send
from tests.e2e.letters import ASK, NEWS, friendship, letter, message_id, same_letter
from tests.servers import machine
from tests.servers.dovecot import Dovecot, User, subject_of
from tests.servers.postfix import Postfix
from tests.servers.provider import Provider
from tests.servers.service import MakeService, Service, by_dovecot, by_postfix, by_provider

FOREIGN = "ann@elsewhere.example"  # configured as Ann's, but the provider does not let her send as that


@dataclass
class Office:
    """Ann at her desk: coldask running, a friend she knows well."""

    service: Service
    ann: User
    friend: User
    dovecot: Dovecot
    postfix: Postfix

    def strangers(self, number: int) -> list[str]:
        return [self.dovecot.user("stranger").address for _ in range(number)]

    def arrived(self, address: str, subject: str, folder: str = "INBOX") -> bytes:
        """The mail of that subject in somebody's folder, once it is there; exactly one."""

        def look() -> list[bytes]:
            return [m for m in self.dovecot.mails(address, folder) if subject_of(m) == subject]

        found = machine.until(look, f"{subject!r} with {address}")
        assert len(found) == 1
        return found[0]

    def held(self, subject: str) -> dict[str, object]:
        """The entry of `held list` with that subject; exactly one."""
        entries = [e for e in self.service.ask("held", "list", "--all") if e["subject"] == subject]
        assert len(entries) == 1, entries
        found: dict[str, object] = entries[0]
        return found


@pytest.fixture(scope="module")
def office(postfix: Postfix, dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    ann, friend = dovecot.user(), dovecot.user("friend")
    with Service(tmp_path_factory.mktemp("office")) as service:
        service.account("work", ann, by_postfix(postfix), by_dovecot(dovecot), FOREIGN)
        service.learn(*friendship(ann.address, friend.address))
        service.start(watching=["work"])
        yield Office(service, ann, friend, dovecot, postfix)
        assert service.stop() == 0


@pytest.mark.parametrize("client", CLIENTS)
def test_a_blast_is_refused_reviewed_and_released_to_some(office: Office, client: str) -> None:
    send: Send = CLIENTS[client]
    service, crowd = office.service, office.strangers(9)
    subject = f"News for all, {client}"
    mail = letter(f"Ann <{office.ann.address}>", office.friend.address, subject, NEWS + ".a dot\r\nü\r\n")
    code, text = send(service, office.ann.address, [office.friend.address, *crowd], mail)
    entry = office.held(subject)
    assert code == 554, text
    assert f"held show {entry['id']}" in text or f"held release {entry['id']}" in text
    assert len(text.splitlines()) <= 4

    assert entry["from"] == office.ann.address
    assert entry["account"] == "work"
    assert entry["state"] == "held"
    assert entry["rules"] == ["blind-blast"]
    assert entry["blind"] == crowd
    assert entry["recipients"] == [office.friend.address, *crowd]
    verdict = service.ask("held", "show", str(entry["id"]))
    assert (verdict["direction"], verdict["disposition"]) == ("outgoing", "hold")
    assert set(verdict["ties"]) == {office.friend.address, *crowd}
    assert any(office.dovecot.subjects(a) for a in crowd) is False
    assert any("coldask" in sentence for sentence in service.told)

    chosen = [office.friend.address, crowd[0]]
    service.ask("held", "release", str(entry["id"]), "--only", *chosen)
    for address in chosen:
        same_letter(mail, office.arrived(address, subject))
    assert not [a for a in crowd[1:] if office.dovecot.subjects(a)]
    assert office.held(subject)["state"] == "held", "the others still wait"
    same_letter(mail, office.arrived(office.ann.address, subject, "Sent"))

    service.ask("held", "drop", str(entry["id"]))
    assert office.held(subject)["state"] == "dropped"
    service.ask("held", "undo", str(entry["id"]))
    service.ask("held", "release", str(entry["id"]))
    for address in crowd[1:]:
        same_letter(mail, office.arrived(address, subject))
    assert office.held(subject)["state"] == "released"


@pytest.mark.parametrize("client", CLIENTS)
def test_an_ask_to_a_stranger_is_held_and_the_same_to_a_friend_passes(office: Office, client: str) -> None:
    send: Send = CLIENTS[client]
    stranger = office.strangers(1)[0]
    subject = f"A question, {client}"
    mail = letter(office.ann.address, stranger, subject, ASK)
    code, text = send(office.service, office.ann.address, [stranger], mail)
    assert code == 554, text
    verdict = office.service.ask("held", "show", str(office.held(subject)["id"]))
    found = [f for f in verdict["findings"] if f["rule"] == "premature-ask" and f["effect"] == "hold"]
    assert found and found[0]["people"] == [stranger]
    assert found[0]["quote"] in " ".join(ASK.split())
    why = office.service.ask("why", message_id(mail))
    assert why["disposition"] == "hold"

    to_friend = letter(office.ann.address, office.friend.address, f"{subject} for a friend", ASK)
    code, text = send(office.service, office.ann.address, [office.friend.address], to_friend)
    assert code == 250, text
    same_letter(to_friend, office.arrived(office.friend.address, f"{subject} for a friend"))


@pytest.mark.parametrize("client", CLIENTS)
def test_a_mail_that_passes_arrives_byte_for_byte(office: Office, client: str) -> None:
    stranger = office.strangers(1)[0]
    subject = f"Thank you, {client}"
    odd = NEWS + "..two dots\r\n.\r\n" + "x" * 990 + "\r\n\r\n  spaces at the end   \r\n\tä € 😀\r\n\r\n"
    mail = letter(
        f'"Hartley, A." <{office.ann.address}>', stranger, subject, odd, X_Folded="one\r\n\ttwo  three"
    )
    code, text = CLIENTS[client](office.service, office.ann.address, [stranger], mail)
    assert code == 250, text
    same_letter(mail, office.arrived(stranger, subject))


def test_the_end_of_data_is_answered_in_the_providers_words(office: Office) -> None:
    stranger = office.strangers(1)[0]
    mail = letter(office.ann.address, stranger, "Words")
    code, text = office.service.send(office.ann.address, [stranger], mail)
    assert (code, text.split(" as ")[0]) == (250, "2.0.0 Ok: queued")


def _answers(client: smtplib.SMTP, *commands: str) -> list[tuple[int, str]]:
    client.ehlo()
    answers = [client.docmd(command) for command in commands]
    client.docmd("RSET")
    return [(code, text.decode()) for code, text in answers]


@pytest.mark.parametrize(
    ("sender", "recipient", "code"),
    [
        ("", "bad@example.net", 550),
        ("", "defer@example.net", 450),
        ("", "full@example.net", 552),
        (FOREIGN, "somebody@example.net", 553),
    ],
)
def test_the_providers_refusal_reaches_the_client_unchanged(
    office: Office, sender: str, recipient: str, code: int
) -> None:
    commands = (f"MAIL FROM:<{sender or office.ann.address}>", f"RCPT TO:<{recipient}>")
    context = ssl.create_default_context(cafile=str(office.dovecot.certificates.authority))
    with smtplib.SMTP("localhost", office.postfix.port, timeout=10) as direct:
        direct.starttls(context=context)
        direct.login(office.ann.address, office.ann.password)
        wanted = _answers(direct, *commands)
    with office.service.client() as client:
        assert _answers(client, *commands) == wanted
    assert wanted[1][0] == code


def test_a_size_the_provider_refuses_is_refused_at_mail_in_its_words(office: Office) -> None:
    command = f"MAIL FROM:<{office.ann.address}> SIZE=45000000"
    with office.service.client() as client:
        [(code, text)] = _answers(client, command)
    assert code == 552 and text.startswith("5.3.4")


def test_one_refused_recipient_does_not_stop_the_others(office: Office) -> None:
    stranger = office.strangers(1)[0]
    text = "The lamp you left in our shop is mended, and waits behind the counter.\r\n"  # NEWS went to many today
    mail = letter(office.ann.address, stranger, "One of two", text)
    with office.service.client() as client:
        refused = client.sendmail(office.ann.address, ["bad@example.net", stranger], mail)
    assert refused["bad@example.net"][0] == 550
    same_letter(mail, office.arrived(stranger, "One of two"))


def test_a_sender_of_no_account_is_refused_with_words(office: Office) -> None:
    with office.service.client() as client:
        [(code, text)] = _answers(client, "MAIL FROM:<nobody@nowhere.example>")
    assert code == 553
    assert "nobody@nowhere.example" in text and "account" in text


def test_without_the_local_password_nothing_is_sent(office: Office) -> None:
    with smtplib.SMTP("127.0.0.1", office.service.port, timeout=10) as client:
        [(code, _)] = _answers(client, f"MAIL FROM:<{office.ann.address}>")
        assert code == 530
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            client.login("coldask", "guessed")
        assert refused.value.smtp_code == 535


def test_the_same_mail_again_finds_the_same_entry(office: Office) -> None:
    crowd = office.strangers(8)
    for _ in range(2):  # a client that retries makes a new Message-ID and Date
        mail = letter(office.ann.address, office.friend.address, "Again and again")
        code, _ = office.service.send(office.ann.address, crowd, mail)
        assert code == 554
    entry = office.held("Again and again")
    office.service.ask("held", "release", str(entry["id"]))
    code, _ = office.service.send(office.ann.address, crowd, mail)
    assert code == 250, "one resend after a full release is answered and not sent again"
    for address in crowd:
        office.arrived(address, "Again and again")
    code, _ = office.service.send(office.ann.address, crowd, mail)
    assert code == 554, "later it is a new mail"


def test_tls_from_the_first_byte_to_the_provider(
    postfix: Postfix, dovecot: Dovecot, make_service: MakeService
) -> None:
    ann, bob = dovecot.user(), dovecot.user("bob")
    service = make_service()
    service.account("work", ann, by_postfix(postfix, "tls"))
    service.start()
    mail = letter(ann.address, bob.address, "By TLS")
    assert service.send(ann.address, [bob.address], mail)[0] == 250
    same_letter(mail, machine.until(lambda: dovecot.mails(bob.address), "the mail")[0])


def test_two_accounts_each_by_its_own_login(
    postfix: Postfix, dovecot: Dovecot, make_service: MakeService
) -> None:
    ann, sales, bob = dovecot.user(), dovecot.user("sales"), dovecot.user("bob")
    service = make_service()
    service.account("work", ann, by_postfix(postfix))
    service.account("shop", sales, by_postfix(postfix))
    service.start()
    assert service.lines[0] == f"ready smtp=127.0.0.1:{service.port} accounts=2"
    for user in (ann, sales):  # Postfix takes a sender only from the login that owns it
        mail = letter(user.address, bob.address, user.address)
        code, text = service.send(user.address, [bob.address], mail)
        assert code == 250, text
    wanted = {ann.address, sales.address}
    machine.until(lambda: set(dovecot.subjects(bob.address)) == wanted, "both arrived")


def test_told_to_end_it_finishes_what_is_in_flight(make_service: MakeService, provider: Provider) -> None:
    ann = User("ann@example.org")
    service = make_service()
    service.account("work", ann, by_provider(provider))
    service.learn()
    service.start()
    provider.script.before = 1.0
    client = service.client()
    answers: list[tuple[int, bytes]] = []

    def send() -> None:
        client.ehlo()
        client.docmd(f"MAIL FROM:<{ann.address}>")
        client.docmd("RCPT TO:<bob@outside.example>")
        answers.append(client.data(letter(ann.address, "bob@outside.example", "In flight")))

    sender = threading.Thread(target=send)
    sender.start()
    machine.until(lambda: provider.waiting, "the provider has it before it")
    assert service.stop() == 0
    sender.join(10)
    client.close()
    assert [code for code, _ in answers] == [250]
    assert provider.copies(b"In flight") == {"bob@outside.example": 1}


def test_where_nobody_is_told_otherwise_a_notice_comes_by_mail(
    dovecot: Dovecot, provider: Provider, make_service: MakeService
) -> None:
    ann = dovecot.user()
    service = make_service(outgoing={"notify_command": []})
    service.account("work", ann, by_provider(provider), by_dovecot(dovecot))
    service.learn()
    service.start(watching=["work"])
    code, _ = service.send(ann.address, ["boss@outside.example"], letter(ann.address, "", "Please", ASK))
    assert code == 554
    [notice] = machine.until(lambda: dovecot.mails(ann.address), "a notice in the inbox")
    [entry] = service.ask("held", "list")
    assert entry["id"].encode() in notice
    time.sleep(1.5)
    assert len(dovecot.mails(ann.address)) == 1, "and it stays, once"
