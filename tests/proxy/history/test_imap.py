"""History out of IMAP folders of a real Dovecot: whole, once, resumable, and not from forged mail."""

import inspect
import re
from datetime import UTC, datetime
from pathlib import Path

from classifier import witness
from classifier.signals import automation
from models.settings import Settings
from proxy.desk import Desk, run_operation
from proxy.history import genuine
from proxy.history.imap import FIELDS, Reader, Step
from proxy.journal import Journal
from proxy.store.positions import Purpose
from proxy.store.rows import Flag
from tests.proxy.watched_inbox import THANKS, Inbox, MakeInbox, renumber, write
from tests.servers.dovecot import Dovecot


async def letters(inbox: Inbox) -> list[tuple[str, bool]]:
    """Senders, and whether the owner wrote it."""
    rows = await inbox.store.db.execute_fetchall(
        "SELECT p.address, l.flags FROM letter l JOIN person p ON p.id = l.sender ORDER BY l.id"
    )
    return [(str(address), bool(flags & Flag.OUTGOING)) for address, flags in rows]


async def test_sent_and_inbox_once_each_and_on_from_where_it_stopped(
    any_dovecot: Dovecot, make_inbox: MakeInbox
) -> None:
    inbox = await make_inbox(any_dovecot, learn=False, start=False)
    me = inbox.ann.address
    any_dovecot.append(
        inbox.ann, "Sent", [write(me, "ben@friend.example", f"mail {n}", THANKS) for n in range(3)]
    )
    inbox.arrive("ben@friend.example", "answer", THANKS)
    assert await inbox.learn() == 4
    assert sorted(await letters(inbox)) == sorted([(me, True)] * 3 + [("ben@friend.example", False)])
    any_dovecot.append(inbox.ann, "Sent", [write(me, "ben@friend.example", "one more", THANKS)])
    assert await inbox.learn() == 1
    assert await inbox.learn() == 0


async def test_a_forged_sender_in_the_inbox_warms_nobody(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot, learn=False, start=False)
    me = inbox.ann.address
    inbox.arrive(me, "forged", THANKS, Cc="stranger@cold.example")
    assert await inbox.learn() == 0
    dovecot.append(inbox.ann, "INBOX", [write(me, "ben@friend.example", "kept with its thread", THANKS)])
    assert await inbox.learn() == 1, "a client put it there, no mail server carried it"
    assert await letters(inbox) == [(me, True)]


async def test_a_notice_is_no_mail_and_cold_asks_no_history(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot, learn=False, start=False)
    notice = write("coldask@localhost.example", inbox.ann.address, "Held", X_Coldask_Notice="yes")
    dovecot.append(inbox.ann, "INBOX", [notice])
    with dovecot.imap(inbox.ann) as client:
        client.create('"Cold Asks"')
    dovecot.append(inbox.ann, "Cold Asks", [write("max@agency.example", inbox.ann.address, "Cold")])
    assert await inbox.learn() == 0


async def test_events_come_with_the_second_pass_and_progress_is_told(
    dovecot: Dovecot, make_inbox: MakeInbox
) -> None:
    inbox = await make_inbox(dovecot, learn=False, start=False)
    text = "Ann, please meet Cleo. I would like to introduce you two: Cleo looks for an editor.\r\n"
    inbox.arrive("ben@friend.example", "Introduction: Cleo", text, Cc="Cleo Moss <cleo@moss.example>")
    steps: list[Step] = []
    async with await inbox.mailbox() as box:
        reader = Reader("work", box, inbox.store, inbox.owner, lambda: datetime.now(UTC))
        assert await reader.learn(Purpose.LEARN, steps.append) == 1
        assert await _events(inbox) == 0
        assert await reader.learn(Purpose.TEXTS, steps.append) == 0, "known by its header already"
        assert await _events(inbox) > 0
    assert [(s.folder, s.purpose, s.done, s.total) for s in steps] == [
        ("INBOX", Purpose.LEARN, 1, 1),
        ("INBOX", Purpose.TEXTS, 1, 1),
    ]


async def _events(inbox: Inbox) -> int:
    [(count,)] = await inbox.store.db.execute_fetchall("SELECT count(*) FROM event")
    return int(count)


async def test_a_renumbered_folder_is_read_again_and_counts_once(
    dovecot: Dovecot, make_inbox: MakeInbox
) -> None:
    inbox = await make_inbox(dovecot, learn=False, start=False)
    inbox.arrive("ben@friend.example", "hello", THANKS)
    assert await inbox.learn() == 1
    renumber(dovecot, inbox.ann)
    inbox.arrive("ben@friend.example", "again", THANKS)
    assert await inbox.learn() == 1
    assert len(await letters(inbox)) == 2


async def test_what_cannot_be_read_and_folders_that_are_not_there_are_named(
    dovecot: Dovecot, make_inbox: MakeInbox
) -> None:
    inbox = await make_inbox(dovecot, learn=False, start=False)
    nobody = write("x@y.example", inbox.ann.address, "hello", message_id="<n@y.example>")
    dovecot.append(inbox.ann, "INBOX", [nobody.partition(b"\r\n")[2], b"no mail\r\n", THANKS.encode()])
    inbox.arrive("ben@friend.example", "hello", THANKS)
    given = inbox.settings.model_dump()
    given["accounts"]["work"]["imap"]["history"] = ["INBOX", "Nowhere/At All"]
    desk = Desk(Settings.model_validate(given), Path(), inbox.store, lambda: datetime.now(UTC), Journal())
    messages = [m async for m in run_operation(desk, "learn", {"sources": [], "owner": []})]
    absent, found = messages[-1]["result"]
    assert (absent["source"], absent["read"]) == ("work Nowhere/At All", 0)
    assert absent["trouble"].startswith("there is no such folder")
    assert "'INBOX'" in absent["trouble"]
    assert (found["read"], found["new"], found["unreadable"], found["trouble"]) == (4, 1, 3, "")
    assert [(f["where"], f["why"]) for f in found["failures"]] == [
        ("<n@y.example>", "no address in From"),
        ("UID 2", "no header could be read"),
        ("UID 3", "no header could be read"),
    ]
    assert await letters(inbox) == [("ben@friend.example", False)]


def test_every_field_that_a_letter_is_read_for_is_fetched() -> None:
    sources = "".join(inspect.getsource(module) for module in (witness, automation, genuine))
    asked = set(re.findall(r"(?:\.header|_first_word)\((?:mail, )?\"([a-z-]+)\"", sources))
    assert {"received", "content-class", "precedence", "x-coldask-notice"} <= asked
    assert asked <= FIELDS
