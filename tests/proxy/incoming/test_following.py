"""The user's word is heard however their moves fall between two looks; one broken mail stops nothing."""

import asyncio
from typing import Any

import pytest

from models.correction import FiledState, Opinion
from proxy.incoming.following import Following
from proxy.mailbox import fetch
from proxy.mailbox.answers import Answer
from proxy.mailbox.session import NotDone, Session
from proxy.store import corrections, filed, purge
from tests.proxy.watched_inbox import COLD, MakeInbox, eventually, until
from tests.servers.dovecot import Dovecot


async def test_moved_back_before_the_ledger_was_written_is_heard(
    dovecot: Dovecot, make_inbox: MakeInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, rounds = asyncio.Event(), 0
    set_state, look_around = filed.set_state, Following.round

    async def late(store: Any, entry: int, state: FiledState, **more: Any) -> None:
        if state is FiledState.FILED:
            await written.wait()
        await set_state(store, entry, state, **more)

    async def counted(self: Following) -> None:
        nonlocal rounds
        await look_around(self)
        rounds += 1

    monkeypatch.setattr(filed, "set_state", late)
    monkeypatch.setattr(Following, "round", counted)
    inbox = await make_inbox(dovecot)
    inbox.arrive("eve@offer.example", "Moved back at once")
    await inbox.filed("Moved back at once")
    inbox.move("Moved back at once", COLD, "INBOX")
    seen = rounds + 2  # one may be under way
    await eventually(lambda: rounds >= seen, "Cold Asks is looked at")
    written.set()
    await until(lambda: corrections.corrections_of(inbox.store, "eve@offer.example"), "the move is heard")


async def test_a_mail_the_server_cannot_read_does_not_stop_the_others(
    dovecot: Dovecot, make_inbox: MakeInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = await make_inbox(dovecot, start=False)
    whole = fetch.whole

    def broken(session: Session, uid: int, **more: Any) -> bytes | None:
        if uid == 1:
            raise NotDone("The IMAP server refused UID FETCH: [SERVERBUG] corrupted.", Answer(b"NO", b"", ()))
        return whole(session, uid, **more)

    monkeypatch.setattr("proxy.incoming.flow.whole", broken)
    await inbox.start()
    inbox.arrive("max@agency.example", "Corrupted")
    inbox.arrive("max@agency.example", "Whole")
    await inbox.filed("Whole")
    assert inbox.where("Corrupted") == ["INBOX"]


async def test_what_lay_there_when_its_sender_was_purged_is_nobodys_word(
    dovecot: Dovecot, make_inbox: MakeInbox
) -> None:
    max_, eve = "max@agency.example", "eve@offer.example"
    inbox = await make_inbox(dovecot)
    inbox.arrive(max_, "Filed by coldask")
    inbox.arrive(eve, "Filed by the user", "Hello Ann, see you there. Eve\r\n")
    await inbox.filed("Filed by coldask")
    inbox.move("Filed by the user", "INBOX", COLD)
    await until(lambda: corrections.corrections_of(inbox.store, eve), "the move is heard")
    await inbox.stop()
    await purge.purge_person(inbox.store, (max_, eve), trial=False)
    await inbox.start()  # looks at everything anew
    inbox.arrive("joe@offer.example", "Later")
    await inbox.filed("Later")
    inbox.move("Later", COLD, "INBOX")
    await until(lambda: corrections.corrections_of(inbox.store, "joe@offer.example"), "a look has passed")
    assert not [c for who in (max_, eve) for c in await corrections.corrections_of(inbox.store, who)]

    inbox.move("Filed by the user", COLD, "INBOX")
    [word] = await until(lambda: corrections.corrections_of(inbox.store, eve), "a move after it is heard")
    assert word.opinion is Opinion.NOT_COLD
    inbox.move("Filed by the user", "INBOX", COLD)

    async def cold() -> bool:
        return (await corrections.said_of(inbox.store, [eve])).cold == {eve}

    await until(cold, "so is one back")
