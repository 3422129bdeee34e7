"""How the user is told: a real command, a stand-in for the desktop, a notice mail in a real mailbox."""

import asyncio
import imaplib
import json
import sys
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from classifier.reading.read import read_mail
from classifier.signals.automation import is_personal_for_history
from models.settings import Settings
from proxy import notices
from proxy.journal import Journal
from proxy.notices import Notice, Occasion, desktop_command, notice_mail, tell
from proxy.store.database import Store
from tests.proxy.held_samples import LIV, NOW, OWNER, SUE
from tests.servers.dovecot import Dovecot
from tests.servers.service import by_dovecot

HOLD = Notice(Occasion.HOLD, "work", "You ask a stranger for an introduction.", (SUE, LIV), "k7qm")
WARN = Notice(Occasion.WARN, "work", "This is vague.", (SUE,), "w3rn")


@pytest.fixture(autouse=True)
def no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def store():
    async with await Store.open(None) as opened:
        yield opened


def settings(imap: dict | None = None, **outgoing: object) -> Settings:
    login = {"username": OWNER, "password_env": "COLDASK_TEST_PASSWORD"}
    smtp = {"host": "127.0.0.1", "port": 9, "security": "plaintext", **login}
    account = {"addresses": [OWNER], "smtp": smtp, **({"imap": imap} if imap else {})}
    return Settings.model_validate({"accounts": {"work": account}, "outgoing": outgoing})


async def told(notice: Notice, store: Store, with_: Settings, now=NOW) -> str:
    return await tell(notice, settings=with_, store=store, journal=Journal(), now=now)


async def test_a_command_gets_one_sentence_on_stdin_and_no_shell(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    program = "import json, sys; json.dump([sys.argv[2:], sys.stdin.read()], open(sys.argv[1], 'w'))"
    command = [sys.executable, "-c", program, str(out), "$HOME; touch x", "a b"]
    assert await told(HOLD, store, settings(notify_command=command)) == "command"
    argv, line = json.loads(out.read_text())
    assert argv == ["$HOME; touch x", "a b"]
    assert line == ("A mail is held. You ask a stranger for an introduction. See: coldask held show k7qm\n")


async def test_every_warning_runs_the_command(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = ["/bin/sh", "-c", f"cat >> {out}"]
    for _ in range(3):
        assert await told(WARN, store, settings(notify_command=command)) == "command"
    assert out.read_text().count("held list --warnings") == 3


@pytest.mark.parametrize("command", [["/nowhere/bell"], ["/bin/false"], ["/bin/sleep", "30"]])
async def test_a_command_that_fails_or_hangs_harms_nothing(
    store: Store, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "COMMAND_SECONDS", 0.1)
    assert await told(HOLD, store, settings(notify_command=command)) == ""


async def test_the_desktop_is_told_where_there_is_one(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, program = tmp_path / "out", tmp_path / "notify-send"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {out}\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert await told(HOLD, store, settings()) == ""
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    assert await told(HOLD, store, settings()) == "desktop"
    assert out.read_text().splitlines() == ["--app-name=coldask", "--", "A mail is held.", HOLD.line]


def test_no_desktop_without_a_screen_and_a_bus() -> None:
    assert desktop_command({}) == []
    assert desktop_command({"DISPLAY": ":0"}) == []
    assert desktop_command({"DBUS_SESSION_BUS_ADDRESS": "unix:"}) == []


async def test_where_nothing_carries_it_nothing_fails(store: Store) -> None:
    assert await told(HOLD, store, settings()) == ""
    assert await told(HOLD, store, settings({"host": "127.0.0.1", "port": 9, "security": "plaintext",
                                             "username": "x", "password_env": "NOT_SET"})) == ""  # fmt: skip


def test_a_notice_mail_says_what_it_is_and_stays_out_of_history() -> None:
    raw = notice_mail(HOLD, settings().accounts["work"], NOW)
    mail = message_from_bytes(raw)
    assert mail["From"] == f"coldask <{OWNER}>"
    assert (mail["Auto-Submitted"], mail["X-Coldask-Notice"]) == ("auto-generated", "yes")
    read = read_mail(raw)
    assert "You ask a stranger for an introduction." in read.text
    assert f"To: {SUE}, {LIV}" in read.text
    assert "coldask held show k7qm" in read.text
    assert not is_personal_for_history(read)


def test_a_long_list_of_recipients_is_cut() -> None:
    crowd = Notice(Occasion.HOLD, "work", "A blast.", tuple(f"p{i}@many.example" for i in range(40)), "k7qm")
    text = read_mail(notice_mail(crowd, settings().accounts["work"], NOW)).text
    assert "p9@many.example" in text.replace("\n", "")
    assert "p10@many.example" not in text
    assert "and 30 more" in text.replace("\n", " ")


async def test_a_notice_mail_lands_in_the_inbox_warnings_once_a_day(
    store: Store, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = dovecot.user()
    monkeypatch.setenv("COLDASK_TEST_PASSWORD", user.password)
    table = {**by_dovecot(dovecot), "username": user.address, "password_env": "COLDASK_TEST_PASSWORD"}
    with_imap = settings(table)
    assert await told(HOLD, store, with_imap) == "mail"
    assert await told(WARN, store, with_imap) == "mail"
    assert await told(WARN, store, with_imap, NOW + timedelta(hours=23)) == ""
    assert await told(HOLD, store, with_imap, NOW + timedelta(hours=23)) == "mail"
    assert await told(WARN, store, with_imap, NOW + timedelta(hours=24)) == "mail"
    with dovecot.imap(user) as client:
        assert isinstance(client, imaplib.IMAP4)
        assert client.select("INBOX", readonly=True)[1] == [b"4"]
        assert client.search(None, "UNSEEN")[1] == [b"1 2 3 4"]


async def test_warnings_at_the_same_moment_become_one_mail(
    store: Store, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = dovecot.user()
    monkeypatch.setenv("COLDASK_TEST_PASSWORD", user.password)
    table = {**by_dovecot(dovecot), "username": user.address, "password_env": "COLDASK_TEST_PASSWORD"}
    carriers = await asyncio.gather(*(told(WARN, store, settings(table)) for _ in range(3)))
    assert sorted(carriers) == ["", "", "mail"]


async def test_a_warning_that_could_not_be_mailed_does_not_use_up_the_day(
    store: Store, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = dovecot.user()
    table = {**by_dovecot(dovecot), "username": user.address, "password_env": "COLDASK_TEST_PASSWORD"}
    monkeypatch.setenv("COLDASK_TEST_PASSWORD", "wrong")
    assert await told(WARN, store, settings(table)) == ""
    monkeypatch.setenv("COLDASK_TEST_PASSWORD", user.password)
    assert await told(WARN, store, settings(table)) == "mail"


async def test_what_could_not_be_mailed_is_tried_again(
    store: Store, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = dovecot.user()
    table = {**by_dovecot(dovecot), "username": user.address, "password_env": "COLDASK_TEST_PASSWORD"}
    monkeypatch.delenv("COLDASK_TEST_PASSWORD", raising=False)  # no password is to be had at first
    again = (0.01, 0.3)
    work = tell(HOLD, settings=settings(table), store=store, journal=(ear := Ear()), now=NOW, again=again)
    telling = asyncio.create_task(work)
    while len(ear.troubles) < 2:
        await asyncio.sleep(0.01)
    monkeypatch.setenv("COLDASK_TEST_PASSWORD", user.password)
    assert await telling == "mail"
    assert len(dovecot.mails(user.address)) == 1


class Ear(Journal):
    """Counts what went wrong."""

    def __init__(self) -> None:
        self.troubles: list[str] = []

    def trouble(self, where: str, words: str) -> None:
        self.troubles.append(words)
