"""`coldask held …` as a user types it: the real command, a store on disk, a scripted provider."""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from email.header import Header
from pathlib import Path

import pytest

from models.errors import UsageError
from models.held import HeldMail
from models.past import Tie
from models.verdict import TieShown
from proxy.cli.held import sort_words
from proxy.store.database import Store
from proxy.store.moves import supersede
from tests.proxy.held_samples import LIV, MAX, NOW, SUE, hold_one, raw_mail, verdict
from tests.servers import machine
from tests.servers.dovecot import User
from tests.servers.provider import Provider
from tests.servers.service import COLDASK, Service, by_provider


@pytest.fixture
def desk(tmp_path: Path, provider: Provider) -> Iterator[Service]:
    """An installation whose service does not run."""
    installed = Service(tmp_path)
    installed.account("work", User("ann@example.org"), by_provider(provider))
    installed.write()
    yield installed
    if installed.running:
        installed.kill()


@pytest.fixture
def keep(desk: Service):
    async def hold_here(*recipients: str, **more) -> HeldMail:
        async with await Store.open(desk.folder / "coldask.db") as store:
            return await hold_one(store, *recipients, **more)

    return hold_here


async def test_list_show_and_release(desk: Service, keep, provider: Provider) -> None:
    mail = await keep(SUE, LIV)
    (row,) = desk.ask("held", "list")
    assert (row["id"], row["state"], row["recipients"], row["blind"]) == (mail.id, "held", [SUE, LIV], [LIV])
    shown = desk.ask("held", "show", mail.id)
    assert (shown["direction"], shown["state"]) == ("outgoing", "held")
    assert desk.call("held", "show", mail.id, "--raw").stdout == raw_mail().decode().replace("\r\n", "\r\n")
    page = desk.call("held", "show", mail.id).stdout
    assert ">>could you introduce me to<<" in page
    assert "liv@shop.example (blind)  held  unknown: no mail either way" in page
    assert f"coldask held release {mail.id} --only ADDR" in page
    done = desk.call("held", "release", mail.id, "--only", SUE)
    assert (done.returncode, done.stdout) == (0, f"{mail.id} was sent to {SUE}.\n")
    assert desk.call("held", "release", mail.id.upper()).returncode == 0
    assert [t.recipients for t in provider.taken] == [(SUE,), (LIV,)]
    assert desk.ask("held", "list") == []
    assert [r["state"] for r in desk.ask("held", "list", "--all")] == ["released"]
    again = desk.call("held", "release", mail.id)
    assert (again.returncode, again.stdout) == (2, "")
    assert "has been sent to all its recipients" in again.stderr


async def test_drop_and_undo(desk: Service, keep) -> None:
    mail = await keep()
    assert "is dropped" in desk.call("held", "drop", mail.id).stdout
    assert desk.call("held", "drop", mail.id).returncode == 2
    assert desk.ask("held", "undo", mail.id)["state"] == "held"


async def test_a_mail_that_was_replaced_is_not_lost_from_sight(desk: Service, keep) -> None:
    mail = await keep(SUE)
    async with await Store.open(desk.folder / "coldask.db") as store:
        await supersede(store, mail.id, NOW)
    line = "1 mail was replaced by a later one: `coldask held list --all`.\n"
    assert desk.call("held", "list").stderr == f"Nothing is held.\n{line}"
    assert [r["state"] for r in desk.ask("held", "list", "--all")] == ["superseded"]


def test_an_unknown_id_and_no_store_yet(desk: Service) -> None:
    for command in ("show", "release", "drop", "undo"):
        done = desk.call("held", command, "zzzz")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
        assert "There is no held mail 'zzzz'" in done.stderr
    assert desk.ask("held", "list") == []
    assert desk.call("held", "list").stderr == "Nothing is held.\n"


async def test_provider_down_and_refusals_end_with_three(desk: Service, keep, provider: Provider) -> None:
    mail = await keep(SUE, MAX)
    provider.stop()
    done = desk.call("held", "release", mail.id)
    assert done.returncode == 3
    assert "held again" in done.stderr
    page = desk.call("held", "show", mail.id).stdout
    assert "the last try: " in page and "provider's last words" not in page, "it said nothing"
    provider.start()
    provider.script.replies[MAX] = "550 5.1.1 no such user"
    done = desk.call("held", "release", mail.id)
    assert (done.returncode, done.stdout) == (3, f"{mail.id} was sent to {SUE}.\n")
    assert done.stderr == f"Not sent to {MAX}, held again: 550 5.1.1 no such user\n"
    assert "the provider's last words: 550 5.1.1 no such user" in desk.call("held", "show", mail.id).stdout


async def test_without_a_terminal_a_doubtful_release_needs_yes(
    desk: Service, keep, provider: Provider
) -> None:
    mail = await keep()
    provider.script.cut = True
    assert desk.call("held", "release", mail.id).returncode == 3
    provider.script.cut = False
    done = desk.call("held", "release", mail.id, stdin="y\n")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert len(provider.taken) == 1
    assert desk.call("held", "release", mail.id, "--yes").returncode == 0
    assert len(provider.taken) == 2


async def test_what_a_mail_says_cannot_command_the_terminal(desk: Service, keep) -> None:
    evil = "\x1b]52;c;cHduZWQ=\x07\x1b[2J\u202eevil"
    mail = await keep(raw=raw_mail(subject=Header(evil, "utf-8").encode(), text=f"Dear Sue, {evil}\n"))
    for args in (("list",), ("show", mail.id)):
        out = desk.call("held", *args).stdout
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert "evil" in out


async def test_review_walks_one_by_one(desk: Service, keep, provider: Provider) -> None:
    first, second, third = [await keep(p) for p in (SUE, MAX, LIV)]
    done = desk.call("held", "review", stdin="?\nv\no\ns\nd\nq\n")
    assert done.returncode == 0
    assert "'o' is none of the keys offered." in done.stderr
    assert "only to those who know you" not in done.stderr, "what cannot be done is not offered"
    assert f"(1/3) {first.id}: send, edit, drop, view, keep, quit [s,e,d,v,k,q,?] " in done.stderr
    assert [t.recipients for t in provider.taken] == [(SUE,)]
    states = {r["id"]: r["state"] for r in desk.ask("held", "list", "--all")}
    assert states == {first.id: "released", second.id: "dropped", third.id: "held"}


async def test_review_offers_those_who_know_the_user_where_others_are_left_out(
    desk: Service, keep, provider: Provider
) -> None:
    given = verdict(SUE, MAX)
    known = TieShown(tie=Tie.ESTABLISHED, facts=("you exchanged 14 mails",))
    mail = await keep(SUE, MAX, verdict=given.model_copy(update={"ties": {**given.ties, MAX: known}}))
    done = desk.call("held", "review", stdin="?\no\nq\n")
    assert f"(1/1) {mail.id}: send, only to those who know you, edit" in done.stderr
    assert "[s,o,e,d,v,k,q,?]" in done.stderr and "o  send it only to those who know you" in done.stderr
    assert [t.recipients for t in provider.taken] == [(MAX,)]


async def test_in_review_only_what_is_offered_is_done(desk: Service, keep, provider: Provider) -> None:
    """Where everybody knows the user, "only those" is everybody, and was not offered."""
    given = verdict(SUE)
    known = TieShown(tie=Tie.ESTABLISHED, facts=("you exchanged 14 mails",))
    await keep(SUE, verdict=given.model_copy(update={"ties": {SUE: known}}))
    done = desk.call("held", "review", stdin="o\nx\nsorry\n1\nq\n")
    assert provider.taken == [] and [r["state"] for r in desk.ask("held", "list")] == ["held"]
    for key in ("o", "x", "sorry"):
        assert f"'{key}' is none of the keys offered." in done.stderr
    assert "No edit is offered for it" in done.stderr
    assert "make the first of the edits" not in done.stderr
    desk.call("held", "review", stdin="send\n")
    assert [t.recipients for t in provider.taken] == [(SUE,)]


async def test_review_edits_and_shows_what_is_offered(desk: Service, keep, provider: Provider) -> None:
    desk.learn()
    raw = raw_mail(to=(SUE, "ann@example.org"), text="Dear Sue,\n\nthank you.\n")
    mail = await keep(SUE, "ann@example.org", raw=raw)
    page = desk.call("held", "show", mail.id).stdout
    assert "ann@example.org  held  an address of yours" in page
    assert f"coldask held edit {mail.id} " in page
    editor = desk.folder / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/^thank you./thank you for the talk./' \"$1\"\n")
    editor.chmod(0o700)
    desk.environment["EDITOR"] = str(editor)
    done = desk.call("held", "review", stdin="1\ne\n")
    assert "No edit is offered for it" in done.stderr
    assert b"thank you for the talk." in provider.taken[0].mail
    assert desk.ask("held", "list") == [], "what was replaced is not offered any more"
    assert desk.call("held", "edit", mail.id, "--known-only", "--without-resume").returncode == 2


async def test_export_writes_private_files_and_never_over_one(desk: Service, keep) -> None:
    mail = await keep(SUE, LIV)
    folder = desk.folder / "out"
    assert desk.call("held", "export", mail.id, str(folder)).returncode == 0
    assert (folder / f"{mail.id}.eml").read_bytes() == raw_mail()
    assert json.loads((folder / f"{mail.id}.json").read_text())["blind"] == [LIV]
    assert all(f.stat().st_mode & 0o777 == 0o600 for f in folder.iterdir())
    done = desk.call("held", "export", "--all", str(folder))
    assert done.returncode == 2
    assert "is there already" in done.stderr


async def test_edit_changes_the_mail_and_sends_it(desk: Service, keep, provider: Provider) -> None:
    mail = await keep()
    desk.learn()
    editor = desk.folder / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/^could you.*/thank you for the talk./' \"$1\"\n")
    editor.chmod(0o700)
    assert "no terminal" in desk.call("held", "edit", mail.id).stderr
    desk.environment["EDITOR"] = "/bin/true"
    assert "was not changed" in desk.call("held", "edit", mail.id).stderr
    desk.environment["EDITOR"] = str(editor)
    done = desk.call("held", "edit", mail.id)
    assert done.returncode == 0, done.stderr
    assert b"thank you for the talk.\r\n" in provider.taken[0].mail
    states = {r["id"]: r["state"] for r in desk.ask("held", "list", "--all")}
    assert states[mail.id] == "superseded"


async def test_what_is_done_with_is_not_edited_without_a_word(
    desk: Service, keep, provider: Provider
) -> None:
    desk.environment["EDITOR"] = str(desk.folder / "opened")  # no program: it would be told
    sent, dropped, replaced = await keep(SUE), await keep(MAX), await keep(LIV)
    desk.call("held", "release", sent.id)
    desk.call("held", "drop", dropped.id)
    async with await Store.open(desk.folder / "coldask.db") as store:
        await supersede(store, replaced.id, NOW)
    for mail, words in (
        (sent, "cannot be edited: it has been sent to all its recipients."),
        (dropped, f"cannot be edited: it was dropped (`coldask held undo {dropped.id}` takes that back)."),
        (replaced, "Change this one all the same? Say --yes to do it; nothing was changed."),
    ):
        done = desk.call("held", "edit", mail.id, stdin="y\n")
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert words in done.stderr
    assert "Change this one" in desk.call("held", "edit", replaced.id, "--without-resume").stderr
    assert "opened" in desk.call("held", "edit", replaced.id, "--yes").stderr, "the editor is called"


@pytest.mark.parametrize("sent", [False, True])
async def test_killed_while_releasing_nothing_is_lost_and_nothing_sent_twice(
    desk: Service, keep, provider: Provider, sent: bool
) -> None:
    """kill -9 while the provider has the dot and has not answered: before it took the mail, and after."""
    mail = await keep(SUE, MAX)
    provider.script.before, provider.script.after = (0, 10) if sent else (10, 0)
    database = desk.folder / "coldask.db"
    process = subprocess.Popen([COLDASK, "held", "release", mail.id], env=desk.environment, cwd=desk.folder)
    try:
        if sent:
            machine.until(lambda: provider.taken, "the provider took the mail")
        else:
            machine.until(lambda: _dot_sent(database), "the dot was noted")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    provider.script.before = provider.script.after = 0
    (row,) = desk.ask("held", "list")
    assert (row["id"], row["state"]) == (mail.id, "unsure")
    assert any("may or may not have been sent" in line for line in desk.told)
    assert desk.call("held", "release", mail.id).returncode == 2, "the user is asked"
    assert all(count == 1 for count in provider.copies(b"introduce me").values())


async def test_killed_before_the_dot_it_is_held(desk: Service, keep, provider: Provider) -> None:
    mail = await keep()
    gate, ask = desk.folder / "gate", desk.folder / "ask.sh"
    os.mkfifo(gate)
    ask.write_text(f"#!/bin/sh\ncat {gate}\n")
    ask.chmod(0o700)
    table = desk.tables["accounts"]["work"]["smtp"]
    del table["password_file"]
    table["password_command"] = [str(ask)]
    desk.write()
    process = subprocess.Popen([COLDASK, "held", "release", mail.id], env=desk.environment, cwd=desk.folder)
    writer = threading.Event()

    def open_gate() -> None:
        handle = os.open(gate, os.O_WRONLY)  # waits until the command reads
        writer.set()
        os.close(handle)

    threading.Thread(target=open_gate, daemon=True).start()
    try:
        assert writer.wait(20)
    finally:
        process.kill()
        process.wait(10)
    (row,) = desk.ask("held", "list")
    assert row["state"] == "held"
    assert provider.taken == []


def _dot_sent(database: Path) -> bool:
    import sqlite3

    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        return bool(db.execute("SELECT 1 FROM held_recipient WHERE dot_sent = 1").fetchone())


def test_a_running_service_does_the_work(desk: Service, provider: Provider) -> None:
    """The same words, answered by the service over its socket."""
    desk.learn()
    desk.start()
    code, text = desk.send("ann@example.org", [SUE], raw_mail())
    assert code == 554, text
    (row,) = desk.ask("held", "list")
    assert row["id"] in text
    assert desk.call("held", "release", row["id"]).returncode == 0
    assert [t.recipients for t in provider.taken] == [(SUE,)]
    assert desk.send("ann@example.org", [SUE], raw_mail(message_id="<2@example.org>"))[0] == 250
    assert len(provider.taken) == 1
    assert "resent_at" in desk.ask("held", "show", row["id"])
    assert desk.stop() == 0


@pytest.mark.parametrize(
    ("words", "only", "leave_out", "sorted_"),
    [
        (["k7qm"], [], [], ("k7qm", [], [])),
        (["k7qm", "b@x.example"], ["a@x.example"], [], ("k7qm", ["a@x.example", "b@x.example"], [])),
        (["b@x.example", "k7qm"], [], ["a@x.example"], ("k7qm", [], ["a@x.example", "b@x.example"])),
        (["k7qm"], ["a@x.example,b@x.example"], [], ("k7qm", ["a@x.example", "b@x.example"], [])),
    ],
)
def test_addresses_may_follow_only_and_except(words, only, leave_out, sorted_) -> None:
    assert sort_words(words, only, leave_out) == sorted_


@pytest.mark.parametrize(
    ("words", "only", "leave_out"),
    [
        (["k7qm", "a@x.example"], [], []),
        (["k7qm", "c@x.example"], ["a@x.example"], ["b@x.example"]),
        (["k7qm"], ["a@x.example"], ["b@x.example"]),
        (["k7qm", "m7qk"], [], []),
        (["a@x.example"], ["b@x.example"], []),
    ],
)
def test_what_is_ambiguous_is_refused(words, only, leave_out) -> None:
    with pytest.raises(UsageError):
        sort_words(words, only, leave_out)
