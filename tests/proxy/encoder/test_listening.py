"""Wherever a mail is judged the ear is asked: where the outcome hangs on it, and outside the event loop."""

import asyncio
import threading
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from classifier.hearing.core import core
from classifier.hearing.ear import Place, Scores
from classifier.reading.read import read_mail
from models.finding import Ask
from models.mail import Envelope
from models.past import Owner
from models.settings import Settings
from proxy.desk import Desk, run_operation
from proxy.history.hermetic import history_of, judge_with
from proxy.history.replay import replay
from proxy.history.sources import open_source
from proxy.incoming import Watcher
from proxy.journal import Journal
from proxy.outgoing.judging import Judging
from proxy.outgoing.sent import remember_sent
from proxy.store.database import Store
from tests.proxy.watched_inbox import MakeInbox, eventually, until
from tests.servers.dovecot import Dovecot

NOW = datetime(2025, 3, 10, 12, tzinfo=UTC)
ANN = Owner(addresses=frozenset({"ann@example.org"}))
LETTER = b"""From: Max Roe <max@out.example>
To: ann@example.org
Subject: A word
Date: Mon, 10 Mar 2025 10:00:00 +0000
Message-ID: <1@out.example>

Dear Ann, I have read what you write. A word from you would open that door for me.
Thank you for your time. Max
"""
AWAY = LETTER.replace(b"Subject:", b"Auto-Submitted: auto-replied\nSubject:").replace(b"<1@", b"<2@")


class Listener:
    """An ear that hears nothing and remembers which thread asked it."""

    name = "encoder"

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    def scores(self, subject: str, text: str, sentences: Sequence[Place]) -> Scores:
        self.heard.append((text, threading.current_thread().name))
        return Scores(self.name, 0.0, [None for _ in sentences])


def _desk(store: Store, ear: Listener) -> Desk:
    account = {
        "addresses": ["ann@example.org"],
        "smtp": {"host": "h.example", "username": "a", "password_env": "A"},
    }
    settings = Settings.model_validate({"accounts": {"work": account}})
    return Desk(settings, Path(), store, lambda: NOW, Journal(), ear)


async def test_a_judgement_without_a_configuration_asks_it() -> None:
    ear = Listener()
    async with await history_of(None, ANN) as store:
        await judge_with(store, read_mail(LETTER), owner=ANN, now=NOW, envelope=None, ear=ear)
        assert len(ear.heard) == 1
        await judge_with(store, read_mail(AWAY), owner=ANN, now=NOW, envelope=None, ear=ear)
        assert len(ear.heard) == 1  # what stays whatever it says is not listened to


async def test_a_replay_asks_it(tmp_path: Path) -> None:
    ear = Listener()
    (tmp_path / "1.eml").write_bytes(LETTER)
    async with await Store.open(None) as store:
        assert len([one async for one in replay(open_source(str(tmp_path)), ANN, store, ear=ear)]) == 1
    assert len(ear.heard) == 1


@pytest.mark.parametrize("direction", ["incoming", "outgoing"])
async def test_the_service_s_check_asks_it_outside_the_event_loop(direction: str) -> None:
    ear = Listener()
    async with await Store.open(None) as store:
        await store.set_fact("learned", True)
        raw = b64encode(LETTER).decode()
        args = {"raw": raw, "rcpt": ["sue@out.example"], "as_of": None, "direction": direction}
        async for _ in run_operation(_desk(store, ear), "check", args):
            pass
    [(_, thread)] = ear.heard
    assert thread != threading.current_thread().name


async def test_outgoing_mail_is_listened_to_outside_the_event_loop() -> None:
    ear = Listener()
    async with await Store.open(None) as store:
        judging = Judging(_desk(store, ear))
        judged = await judging.judge(
            read_mail(LETTER), Envelope(sender="ann@example.org", recipients=("sue@out.example",))
        )
    [(_, thread)] = ear.heard
    assert thread == "judging" and not judged.failed


class Hunter(Listener):
    """An ear that hears each sentence ask for contacts."""

    def scores(self, subject: str, text: str, sentences: Sequence[Place]) -> Scores:
        return Scores(
            self.name, 2.0, [[4.0, *(4.0 if k is Ask.CONTACTS else -8.0 for k in Ask)] for _ in sentences]
        )


async def test_what_it_hears_counts_among_the_same_asks_of_the_last_days() -> None:
    """Four people are asked the same, in words that no phrase knows: only an ear hears what it is."""
    people = ("bo@lind.example", "zoe@marsh.example", "kit@oduya.example", "sue@harrow.example")
    words = (
        "masks are on my mind, as the play is in June and the school is poor",
        "there must be heads of foxes in some loft near you, with the fur still on",
        "the children of our street are to have horns and hoofs this summer",
        "antlers are what is still missing from the last act of our winter play",
    )
    mails = [
        read_mail(
            f"From: ann@example.org\nTo: {who}\nSubject: A play\nMessage-ID: <{who}>\n\nGood morning, {said}.".encode()
        )
        for who, said in zip(people, words, strict=True)
    ]
    verdicts = []
    for ear in (Hunter(), None):
        async with await Store.open(None) as store:
            await store.set_fact("learned", True)
            for at, (who, mail) in enumerate(zip(people[:3], mails[:3], strict=True)):
                now = NOW - timedelta(days=3 - at)
                await remember_sent(store, mail, [who], owner=ANN, now=now, ear=ear)
            judging = Judging(_desk(store, ear or Listener()))
            judged = await judging.judge(mails[3], Envelope(sender="ann@example.org", recipients=people[3:]))
            verdicts.append({f.rule for f in judged.verdict.findings})
    assert "serial-asks" in verdicts[0] and "serial-asks" not in verdicts[1]


async def test_a_mail_that_arrives_is_heard_once(
    dovecot: Dovecot, make_inbox: MakeInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To judge it, and to remember what it asks."""
    real, letters = core(), []

    class Counted:
        name = "core"

        def scores(self, subject: str, text: str, sentences: Sequence[Place]) -> Scores:
            letters.append(text)
            return real.scores(subject, text, sentences)

    counted = Counted()
    monkeypatch.setattr("classifier.hearing.core.core", lambda: counted)
    inbox = await make_inbox(dovecot)
    await inbox.store.set_fact("learned", True)
    inbox.arrive(
        "Max <max@out.example>", "Your talk", "Thank you for your talk. It helped me with my own work."
    )

    async def judged() -> Any:
        return await inbox.store.run(lambda db: db.execute("SELECT disposition FROM judged").fetchone())

    assert await until(judged, "it is judged") in (("unsure",), ("keep",)), "and so remembered"
    assert len(letters) == 1


async def test_the_watcher_asks_it_outside_the_event_loop(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    ear = Listener()
    inbox = await make_inbox(dovecot, start=False)
    watcher = Watcher(
        "work", inbox.settings, inbox.store, ear=ear, on_watching=lambda *_: inbox.watching.append("work")
    )
    watching = asyncio.create_task(watcher.run())
    try:
        await eventually(lambda: bool(inbox.watching), "the watch begins")
        inbox.arrive("Max <max@out.example>", "A word", "A word from you would open that door for me.")
        await eventually(lambda: bool(ear.heard), "the letter is listened to")
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    assert all(thread.startswith("asyncio_") for _, thread in ear.heard)
