"""Sessions against a scripted server: greetings, logins, answers out of the ordinary, nothing injected."""

import base64

import pytest

from models.errors import MailboxError, MailboxRefused
from proxy.mailbox import fetch, folders, moves
from proxy.mailbox.login import Login
from proxy.mailbox.moves import Source
from proxy.mailbox.session import CONNECTIONS, NotDone, Session
from proxy.mailbox.wire import string
from tests.proxy.mailbox.scripted import scripted, session_on, table

HEADER = b"Message-ID: <1@x.example>\r\nFrom: a@x.example\r\nSubject: hi\r\n\r\n"
COPY = fetch.copy_of(HEADER)


def fetched(uid: int, header: bytes = HEADER, flags: bytes = b"\\Seen") -> bytes:
    return b"* 1 FETCH (FLAGS (%s) BODY[HEADER] {%d}\r\n%s RFC822.SIZE 99 UID %d)\r\n" % (
        flags, len(header), header, uid,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        (b"220 smtp.example.org ESMTP\r\n", "does not speak IMAP"),
        (b"+OK POP3 ready\r\n", "does not speak IMAP"),
        (b"* BYE too many connections\r\n", "too many connections"),
        (b"\x16\x03\x01\r\n", "does not speak IMAP"),
        (b"", "did not answer in time"),
    ],
)
def test_a_strange_greeting_is_told_in_words(greeting: bytes, words: str) -> None:
    with (
        scripted(greeting=greeting) as server,
        pytest.raises(MailboxError, match=words),
        session_on(server, timeout=0.3),
    ):
        pass


def test_nobody_listens() -> None:
    with scripted() as server:
        port = server.port
    session = Session("account work, imap", table(port), None, timeout=1)
    with pytest.raises(MailboxError, match="cannot be reached"):
        session.connect(Login("x"))


def test_a_refused_login_is_told_apart_and_holds_no_password() -> None:
    refusal = b"TAG NO [AUTHENTICATIONFAILED] Invalid credentials\r\n"
    with scripted({b"LOGIN": refusal}) as server, pytest.raises(MailboxRefused) as told, session_on(server):
        pass
    assert "Invalid credentials" in str(told.value) and "open-sesame" not in str(told.value)


def test_a_server_that_is_busy_did_not_refuse_the_login() -> None:
    with (
        scripted({b"LOGIN": b"TAG NO [UNAVAILABLE] later\r\n"}) as server,
        pytest.raises(MailboxError) as told,
        session_on(server),
    ):
        pass
    assert not isinstance(told.value, MailboxRefused)


def test_logindisabled_sends_no_login_but_plain() -> None:
    script = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=PLAIN\r\nTAG OK told\r\n",
        b"AUTHENTICATE PLAIN": b"+ \r\n",
        base64.b64encode(b"\0ann@example.org\0open-sesame"): b"TAG OK in\r\n",
    }
    with scripted(script) as server, session_on(server) as session:
        session.select("INBOX")
        assert not any(b" LOGIN " in line for line in server.heard)


def test_a_token_is_presented_as_xoauth2() -> None:
    script = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\nTAG OK told\r\n",
        b"AUTHENTICATE XOAUTH2": b"+ \r\n",
        base64.b64encode(b"user=ann@example.org\1auth=Bearer open-sesame\1\1"): b"TAG OK in\r\n",
    }
    with scripted(script) as server, session_on(server, token=True) as session:
        session.select("INBOX")
    with (
        scripted() as server,
        pytest.raises(MailboxError, match="does not offer XOAUTH2"),
        session_on(server, token=True),
    ):
        pass


def test_no_login_at_all_is_told() -> None:
    script = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nTAG OK told\r\n"}
    with scripted(script) as server:
        with pytest.raises(MailboxError, match="offers no login"), session_on(server):
            pass
        assert not any(b"open-sesame" in line for line in server.heard)


def test_preauth_needs_no_login() -> None:
    with scripted(greeting=b"* PREAUTH welcome\r\n") as server, session_on(server) as session:
        session.select("INBOX")
        assert not any(b"LOGIN" in line for line in server.heard)


@pytest.mark.parametrize(
    ("greeting", "script", "words"),
    [
        (b"* PREAUTH welcome\r\n", {}, "as if logged in"),
        (b"* OK hello\r\n", {}, "no STARTTLS"),
        (
            b"* OK hello\r\n",
            {
                b"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK told\r\n",
                b"STARTTLS": b"TAG OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n",
            },
            "slipped in",
        ),
        (
            b"* OK hello\r\n",
            {
                b"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK told\r\n",
                b"STARTTLS": b"TAG NO not today\r\n",
            },
            "not today",
        ),
    ],
)
def test_without_tls_no_password_leaves(greeting: bytes, script: dict[bytes, bytes], words: str) -> None:
    with scripted(script, greeting) as server:
        with pytest.raises(MailboxError, match=words), session_on(server, security="starttls"):
            pass
        assert not any(b"LOGIN" in line or b"open-sesame" in line for line in server.heard)


@pytest.mark.parametrize("text", ["a\r\nA1 DELETE INBOX", "a\nb", "a\0b", "a\rb"])
def test_no_line_break_reaches_the_server(text: str) -> None:
    with scripted() as server, session_on(server) as session:
        for attempt in (
            lambda: session.run(b"SELECT", string(text)),
            lambda: session.run(b"SELECT", b'"' + text.encode() + b'"'),
            lambda: session.search(b"HEADER Message-ID", text.encode()),
            lambda: session.run(b"UID STORE", b"1", b"+FLAGS (" + text.encode() + b")"),
            lambda: string(text),
        ):
            with pytest.raises(MailboxError, match="line break"):
                attempt()
        assert fetch.with_message_id(session, text) == []
        session.select(text)  # as a folder's name it is encoded: a strange name, no command
        assert not any(line.split()[1] == b"DELETE" for line in server.heard)


def test_only_three_connections_at_once() -> None:
    with scripted() as server:
        sessions = [Session("work", table(server.port), None, timeout=0.3) for _ in range(CONNECTIONS + 1)]
        for session in sessions[:-1]:
            session.connect(Login("x"))
        with pytest.raises(MailboxError, match="already serves 3"):
            sessions[-1].connect(Login("x"))
        sessions[0].close()
        again = Session("work", table(server.port), None, timeout=0.3)
        again.connect(Login("x"))
        for session in (*sessions[1:], again):
            session.close()


def test_looks_out_of_order_unasked_and_broken_are_understood() -> None:
    answer = (
        b"* 3 FETCH (FLAGS (\\Seen))\r\n"  # unasked, without a UID
        + fetched(9, flags=b"strange]flag")
        + b'* 1 FETCH (UID 3 BODY[HEADER] "X: \\"y\\"" INTERNALDATE "17-Jul-1996 02:44:25 -0700")\r\n'
        + b"* 2 FETCH (UID 4 BODY[HEADER] NIL ENVELOPE (NIL NIL ((((\r\n"
        + b"* 7 EXPUNGE\r\n* OK [ALERT] maintenance\r\n"
        + fetched(77)  # not asked for
        + b"TAG OK done\r\n"
    )
    with scripted({b"UID FETCH": answer}) as server, session_on(server) as session:
        session.select("INBOX")
        three, nine = fetch.look(session, [9, 3, 4])
    assert (three.uid, three.header, three.received and three.received.year) == (3, b'X: "y"', 1996)
    assert (nine.uid, nine.size, nine.flags) == (9, 99, frozenset({"strange]flag"}))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"* 1 FETCH (UID 1 BODY[HEADER] {99999999999}\r\n", "a literal of|more than"),
        ([b"* 1 FETCH (UID 1", b"CUT"], "closed the connection"),
        ([b"* BYE shutting down\r\n", b"CUT"], "shutting down"),
        (b"what is this\r\n", "not IMAP"),
        (b"", "did not answer in time"),
    ],
)
def test_a_broken_answer_ends_the_session_in_words(answer: bytes, words: str) -> None:
    with scripted({b"UID FETCH": answer}) as server, session_on(server, timeout=0.3) as session:
        session.select("INBOX")
        with pytest.raises(MailboxError, match=words):
            fetch.look(session, [1])


@pytest.mark.parametrize(
    ("answer", "uid"),
    [
        (b"TAG OK [COPYUID 8 9 33] done\r\n", 33),  # Gmail tells it tagged
        (b"* OK [COPYUID 8 5,9 30,34] moved\r\n* 1 EXPUNGE\r\nTAG OK done\r\n", 34),
        (b"TAG OK done\r\n", 0),
        (b"TAG OK [COPYUID 0 0 0] done\r\n", 0),
        (b"TAG OK [COPYUID 8 1:99999999 1:99999999] done\r\n", 0),
    ],
)
def test_where_a_moved_mail_went(answer: bytes, uid: int) -> None:
    script = {b"UID FETCH": fetched(9) + b"TAG OK told\r\n", b"UID MOVE": answer}
    with scripted(script) as server, session_on(server) as session:
        assert moves.move(session, Source("INBOX", 7, 9, COPY), "Cold Asks") == uid


@pytest.mark.parametrize(
    "answer",
    [
        fetched(9, b"Message-ID: <other@x.example>\r\n\r\n") + b"TAG OK told\r\n",  # the server renumbered
        fetched(8) + b"TAG OK told\r\n",
        b"TAG OK told\r\n",
        fetched(9, flags=b"\\Deleted") + b"TAG OK told\r\n",
        b"* OK [UIDVALIDITY 8] changed\r\n" + fetched(9) + b"TAG OK told\r\n",
    ],
)
def test_what_is_not_surely_that_mail_is_not_moved(answer: bytes) -> None:
    script = {b"UID FETCH": answer, b"UID MOVE": b"TAG OK told\r\n"}
    with scripted(script) as server, session_on(server) as session:
        session.select("INBOX")
        if b"UIDVALIDITY" in answer:
            fetch.look(session, [9])
        with pytest.raises(moves.Elsewhere):
            moves.move(session, Source("INBOX", 7, 9, COPY), "Cold Asks")
        assert not any(b"UID MOVE" in line for line in server.heard)


@pytest.mark.parametrize("code", [b"TRYCREATE", b"OVERQUOTA", b"NOPERM", b"LIMIT"])
def test_a_refused_copy_touches_nothing(code: bytes) -> None:
    script = {b"UID FETCH": fetched(9) + b"TAG OK told\r\n", b"UID COPY": b"TAG NO [%s] sorry\r\n" % code}
    with scripted(script) as server, session_on(server) as session:
        with pytest.raises(NotDone, match="sorry") as told:
            moves.copy(session, Source("INBOX", 7, 9, COPY), "Cold Asks")
        assert told.value.answer.code == code
        assert not any(word in line for line in server.heard for word in (b"STORE", b"EXPUNGE"))


@pytest.mark.parametrize(("deleted", "expunged"), [(b"9", True), (b"4 9", False), (b"", False)])
def test_without_uidplus_only_our_own_mail_is_expunged(deleted: bytes, expunged: bool) -> None:
    script = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\nTAG OK told\r\n",
        b"UID FETCH": fetched(9) + b"TAG OK told\r\n",
        b"UID STORE": b"TAG OK told\r\n",
        b"UID SEARCH DELETED": b"* SEARCH %s\r\nTAG OK told\r\n" % deleted,
        b"EXPUNGE": b"* 1 EXPUNGE\r\nTAG OK told\r\n",
    }
    with scripted(script) as server, session_on(server) as session:
        assert moves.remove(session, Source("INBOX", 7, 9, COPY)) is expunged
        assert any(line.split()[1] == b"EXPUNGE" for line in server.heard) is expunged


def test_the_highest_uid_is_no_new_mail() -> None:
    with (
        scripted({b"UID SEARCH": b"* SEARCH 41\r\nTAG OK told\r\n"}) as server,
        session_on(server) as session,
    ):
        session.select("INBOX")
        assert session.uids_after(41) == []
        assert session.uids_after(40) == [41]
    assert any(b"UID SEARCH UID 42:*" in line for line in server.heard)


def test_folders_of_a_bare_server_are_found_by_name_and_prefix() -> None:
    script = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1 NAMESPACE\r\nTAG OK told\r\n",
        b"LIST": b'* LIST (\\HasChildren) "." INBOX\r\n* LIST () "." "INBOX.Gesendet"\r\n'
        b'* LIST () "." {10}\r\nINBOX.Bin \r\n* LIST (\\Noselect) "." "INBOX.Trash"\r\n'
        b'* LIST () "." "INBOX.K&AOQ-se"\r\nTAG OK told\r\n',
        b"NAMESPACE": b'* NAMESPACE (("INBOX." ".")) NIL NIL\r\nTAG OK told\r\n',
        b"CREATE": b"TAG OK told\r\n",
        b"SUBSCRIBE": b"TAG OK told\r\n",
    }
    with scripted(script) as server, session_on(server) as session:
        found = folders.list_folders(session)
        assert (found.prefix, found.separator) == ("INBOX.", ".")
        assert found.of_use(folders.Use.SENT) == "INBOX.Gesendet"
        assert found.of_use(folders.Use.TRASH) is None
        assert found.find("Käse") == "INBOX.Käse"
        assert found.find("inbox") == "INBOX"
        assert folders.ensure(session, "Work/Kalte Anfragen ü") == "INBOX.Work.Kalte Anfragen ü"
        assert any(b'CREATE "INBOX.Work.Kalte Anfragen &APw-"' in line for line in server.heard)
        assert any(b'SUBSCRIBE "INBOX.Work.Kalte Anfragen &APw-"' in line for line in server.heard)


def test_a_folder_that_cannot_be_made_is_told() -> None:
    script = {b"LIST": b"TAG OK told\r\n", b"CREATE": b"TAG NO [NOPERM] not yours\r\n"}
    told = pytest.raises(MailboxError, match=r"'Cold Asks' could not be made.*not yours")
    with scripted(script) as server, session_on(server) as session, told:
        folders.ensure(session, "Cold Asks")


def test_a_server_that_loses_count_puts_no_text_of_mail_into_the_log() -> None:
    """The sentence of the error is logged (promise 8)."""
    answer = b"* 1 FETCH (UID 1 BODY[HEADER] {5}\r\nFrom: x@y.example\r\nSubject: Secret plan\r\n\r\n)\r\n"
    with scripted({b"UID FETCH": answer + b"TAG OK\r\n"}) as server, session_on(server) as session:
        session.select("INBOX")
        with pytest.raises(MailboxError) as e:
            fetch.look(session, [1])
        assert "Secret" not in str(e.value) and "x@y" not in str(e.value)
        assert "not IMAP" in str(e.value)
