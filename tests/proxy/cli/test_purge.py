"""`coldask purge` as a user types it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from proxy.store.database import Store
from tests.proxy.held_samples import MAX, SUE, hold_one, raw_mail
from tests.servers.dovecot import User
from tests.servers.provider import Provider
from tests.servers.service import Service, by_provider


@pytest.fixture
def desk(tmp_path: Path, provider: Provider) -> Iterator[Service]:
    """An installation that has learned two letters, and whose service does not run."""
    installed = Service(tmp_path)
    installed.account("work", User("ann@example.org"), by_provider(provider))
    installed.write()
    mails = raw_mail(to=[SUE]), raw_mail(to=[MAX], message_id="<2@example.org>")
    installed.learn(*(mail.replace(b"May 2026", b"May 2024") for mail in mails))
    yield installed
    if installed.running:
        installed.kill()


def test_it_says_what_asks_first_and_removes_it(desk: Service) -> None:
    done = desk.call("purge", SUE.upper(), stdin="y\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"coldask: {SUE}: This removes 1 mail of history, 1 person. ")
    assert "--yes" in done.stderr and done.stderr.count("\n") == 1
    assert {p["address"] for p in desk.ask("people")} == {SUE, MAX}
    desk.start()
    done = desk.call("purge", SUE, "--yes")
    assert (done.returncode, done.stdout) == (0, "Removed: 1 mail of history, 1 person.\n")
    assert "what is written from now on counts anew" in done.stderr
    assert {p["address"] for p in desk.ask("people")} == {MAX}
    assert desk.call("purge", SUE).stdout == "Nothing of that is stored.\n"
    assert desk.ask("purge", "--before", "2024-12-31", "--yes")["gone"] == {
        "mails of history": 1,
        "people": 2,
    }
    assert desk.ask("people") == []


async def test_held_mail_that_waits_is_not_removed_by_the_way(desk: Service) -> None:
    async with await Store.open(desk.folder / "coldask.db") as store:
        await hold_one(store, SUE)
    done = desk.call("purge", SUE, "--yes")
    assert done.returncode == 0 and "waits was left" in done.stderr
    done = desk.call("purge", "--everything", "--yes")
    assert done.returncode == 2 and "1 held mail waits still" in done.stderr
    assert len(desk.ask("held", "list")) == 1
    done = desk.call("purge", "--everything", "--with-held", "--yes")
    assert done.returncode == 0 and "`coldask learn`" in done.stderr
    assert desk.ask("held", "list") == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Name one thing"),
        ([SUE, "--everything"], "Name one thing"),
        (["--before", "soon"], "is no day"),
        (["--before", "2999-01-01"], "is yet to come"),
        (["sue"], "is no address"),
        (["ann@example.org"], "an address of your own"),
        ([SUE, "--with-held"], "goes with --everything"),
    ],
)
def test_what_makes_no_sense_is_told(desk: Service, words: list[str], message: str) -> None:
    done = desk.call("purge", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr and done.stderr.count("\n") == 1
