"""Waiting for news: split lines, deaf and dead servers, a wake from another thread."""

import threading
import time

import pytest

from models.errors import MailboxError
from proxy.mailbox import idle
from proxy.mailbox.idle import News, wait
from tests.proxy.mailbox.scripted import Reply, scripted, session_on


@pytest.mark.parametrize(
    ("reply", "news"),
    [
        ([b"+ idling\r\n", 0.05, b"* 4 EXI", 0.05, b"STS\r\n"], News.NEWS),  # one line in two segments
        ([b"* 4 EXISTS\r\n+ idling\r\n"], News.NEWS),
        ([b"+ idling\r\n* OK still here\r\n", 0.05, b"* OK still here\r\n"], News.QUIET),
        ([b"+ idling\r\n* 1 FETCH (FLAGS (\\Seen))\r\n"], News.QUIET),
        ([b"+ idling\r\n* 1 EXPUNGE\r\n"], News.NEWS),
    ],
)
def test_news_and_silence(reply: Reply, news: News) -> None:
    with (
        scripted({b"IDLE": reply, b"UID SEARCH": b"TAG OK none\r\n"}) as server,
        session_on(server) as session,
    ):
        session.select("INBOX")
        assert wait(session, 0.4) is news
        assert session.search(b"ALL") == []  # the session goes on


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ([b"+ idling\r\n", 0.05, b"* BYE maintenance\r\n", b"CUT"], "maintenance"),
        ([b"+ idling\r\n", 0.05, b"CUT"], "closed the connection"),
        ([b"TAG NO not now\r\n"], "refused IDLE"),
        ([b"+ idling\r\n", 0.05, b"+ junk\r\nrubbish\r\n", 0.3, b"CUT"], "closed the connection"),
    ],
)
def test_the_end_of_the_connection_is_noticed_at_once(reply: Reply, words: str) -> None:
    with scripted({b"IDLE": reply}) as server, session_on(server) as session:
        session.select("INBOX")
        began = time.monotonic()
        with pytest.raises(MailboxError, match=words):
            wait(session, 30)
        assert time.monotonic() - began < 2


def test_a_server_that_never_answers_done_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "_ANSWER", 0.2)
    with scripted({b"IDLE": b"+ idling\r\n", b"DONE": b""}) as server, session_on(server) as session:
        session.select("INBOX")
        with pytest.raises(MailboxError, match="did not answer DONE"):
            wait(session, 0.1)


@pytest.mark.parametrize("capabilities", [b"IMAP4rev1 IDLE", b"IMAP4rev1"])
def test_a_wake_ends_the_wait_at_once(capabilities: bytes) -> None:
    script = {
        b"CAPABILITY": b"* CAPABILITY %s\r\nTAG OK told\r\n" % capabilities,
        b"IDLE": b"+ idling\r\n",
        b"NOOP": b"TAG OK told\r\n",
    }
    with scripted(script) as server, session_on(server) as session:
        session.select("INBOX")
        threading.Timer(0.1, session.wake).start()
        began = time.monotonic()
        assert wait(session, 30) is News.STOPPED
        assert time.monotonic() - began < 1


def test_without_idle_only_the_time_passes() -> None:
    script = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\nTAG OK told\r\n",
        b"NOOP": b"* 2 EXISTS\r\nTAG OK told\r\n",
    }
    with scripted(script) as server, session_on(server) as session:
        session.select("INBOX")
        assert wait(session, 0.1) is News.QUIET
        assert session.wire.grown
        assert not any(b"IDLE" in line for line in server.heard)
