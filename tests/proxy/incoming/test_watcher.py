"""The watcher on real Dovecot, with and without MOVE, UIDPLUS, IDLE, with other separators and prefixes."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from models.correction import FiledState, Opinion
from models.settings import Settings
from proxy.incoming import Watcher
from proxy.store import corrections, filed, positions
from proxy.store.database import Store
from tests.proxy.incoming.relay import Relay
from tests.proxy.mailbox.scripted import scripted
from tests.proxy.watched_inbox import COLD, PITCH, THANKS, MakeInbox, eventually, renumber, until, write
from tests.servers.dovecot import BARE, Dovecot


async def test_a_cold_ask_is_filed_and_stays_unread_and_what_was_there_stays(
    any_dovecot: Dovecot, make_inbox: MakeInbox
) -> None:
    inbox = await make_inbox(any_dovecot, start=False)
    inbox.arrive("old@cold.example", "There before")
    await inbox.start()
    inbox.arrive("clara@thanks.example", "Only thanks", THANKS)
    began = time.monotonic()
    inbox.arrive("Max <max@agency.example>", "Quick question")
    await inbox.filed("Quick question")
    await until(lambda: _left_over(inbox, 0), "the ledger is up to date")
    # Dovecot tells IDLE after half a second; without IDLE the next look is up to a second away. A busy
    # machine gets as long again: the end-to-end test holds the promise of two seconds.
    assert time.monotonic() - began < 2 * (2 + (1.0 if any_dovecot.capabilities == BARE else 0.5))
    assert inbox.where("There before") == ["INBOX"]
    assert inbox.where("Only thanks") == ["INBOX"]
    with any_dovecot.imap(inbox.ann) as client:
        client.select(f'"{any_dovecot.name_of(COLD)}"')
        assert client.search(None, "UNSEEN")[1] == [b"1"]
        assert any(COLD.encode() in line for line in client.lsub()[1])
    [mail] = await filed.filed(inbox.store)
    assert (mail.subject, mail.sender, mail.state) == (
        "Quick question",
        "max@agency.example",
        FiledState.FILED,
    )
    assert not await filed.unfinished(inbox.store, "work")


async def test_moved_back_it_stays_and_the_person_is_released(
    any_dovecot: Dovecot, make_inbox: MakeInbox
) -> None:
    inbox = await make_inbox(any_dovecot)
    inbox.arrive("eve@offer.example", "An offer")
    await inbox.filed("An offer")
    inbox.move("An offer", COLD, "INBOX")
    await until(
        lambda: corrections.corrections_of(inbox.store, "eve@offer.example"), "the move back is understood"
    )
    inbox.arrive("eve@offer.example", "Another offer")
    await inbox.settle()
    assert inbox.where("An offer") == ["INBOX"]
    assert inbox.where("Another offer") == ["INBOX"]
    [word] = await corrections.corrections_of(inbox.store, "eve@offer.example")
    assert word.opinion is Opinion.NOT_COLD
    [entry] = await filed.find(inbox.store, word.message_id or "")
    assert entry.state is FiledState.RETURNED


async def test_each_correction_undoes_the_one_before(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot)
    inbox.arrive("eve@offer.example", "To and fro")
    await inbox.filed("To and fro")
    for number, (source, target) in enumerate([(COLD, "INBOX"), ("INBOX", COLD), (COLD, "INBOX")], start=1):
        inbox.move("To and fro", source, target)
        await until(lambda n=number: _said(inbox, n), f"correction {number}")
    words = await corrections.corrections_of(inbox.store)
    assert [w.opinion for w in words] == [Opinion.NOT_COLD, Opinion.COLD, Opinion.NOT_COLD]
    said = await corrections.said_of(inbox.store, ["eve@offer.example"])
    assert said.released == {"eve@offer.example"} and not said.cold and not said.filed_before


async def _said(inbox: object, count: int) -> bool:
    return len(await corrections.corrections_of(inbox.store)) == count  # type: ignore[attr-defined]


async def test_a_mail_moved_in_by_the_user_says_cold(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot)
    inbox.arrive("nora@news.example", "Polite", THANKS)
    await inbox.settle()
    inbox.move("Polite", "INBOX", COLD)
    await until(lambda: _said(inbox, 1), "the move is understood")
    assert (await corrections.said_of(inbox.store, ["nora@news.example"])).cold == {"nora@news.example"}
    inbox.move("Polite", COLD, "INBOX")
    await until(lambda: _said(inbox, 2), "the move back is understood")
    await inbox.settle()
    assert inbox.where("Polite") == ["INBOX"]


async def test_trash_and_expunge_teach_nothing(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot)
    for subject in ("Rubbish", "Waste"):
        inbox.arrive(f"{subject}@again.example", subject)
        await inbox.filed(subject)
    inbox.move("Rubbish", COLD, "Trash")
    with dovecot.imap(inbox.ann) as client:
        client.select(f'"{COLD}"')
        _, [uid] = client.uid("SEARCH", "SUBJECT", "Waste")
        client.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
        client.expunge()
    await until(lambda: _gone(inbox, 2), "both are known to be gone")
    assert await corrections.corrections_of(inbox.store) == []
    inbox.move("Rubbish", "Trash", COLD)  # fetched back out of the trash: no word either
    await until(lambda: _gone(inbox, 1), "it is back")
    assert await corrections.corrections_of(inbox.store) == []


async def test_junk_says_cold_of_a_stranger_and_nothing_of_whom_ann_wrote_to(
    dovecot: Dovecot, make_inbox: MakeInbox
) -> None:
    inbox = await make_inbox(dovecot, start=False)
    earlier = f"{datetime.now(UTC) - timedelta(days=9):%a, %d %b %Y %H:%M:%S +0000}"  # not in the same second
    hello = write(inbox.ann.address, "gil@known.example", "Hello", THANKS, date=earlier)
    dovecot.append(inbox.ann, "Sent", [hello])
    await inbox.learn()
    await inbox.start()
    inbox.arrive("fay@spam.example", "Junk one")
    inbox.arrive("gil@known.example", "Junk two")  # stays in the inbox: she wrote to him
    await inbox.settle()
    inbox.move("Junk two", "INBOX", COLD)
    await until(lambda: corrections.corrections_of(inbox.store), "her word is heard")
    inbox.move("Junk two", COLD, "Junk")
    inbox.move("Junk one", COLD, "Junk")
    await until(lambda: _gone(inbox, 1), "both moves are known: his was the first")
    words = [(w.person, w.opinion, w.source) for w in await corrections.corrections_of(inbox.store)]
    assert words == [
        ("fay@spam.example", Opinion.COLD, corrections.JUNKED),
        ("gil@known.example", Opinion.COLD, corrections.MOVED_IN),
    ]


async def _gone(inbox: object, count: int) -> bool:
    mails = await filed.filed(inbox.store)  # type: ignore[attr-defined]
    return sum(m.state is FiledState.GONE for m in mails) == count


async def test_a_client_that_appends_and_deletes_is_understood(
    dovecot: Dovecot, make_inbox: MakeInbox
) -> None:
    inbox = await make_inbox(dovecot)
    inbox.arrive("eve@offer.example", "By hand")
    await inbox.filed("By hand")
    [raw] = dovecot.mails(inbox.ann.address, COLD)
    dovecot.append(inbox.ann, "INBOX", [b"X-Client: touched\r\n" + raw])
    with dovecot.imap(inbox.ann) as client:
        client.select(f'"{COLD}"')
        client.store("1", "+FLAGS", r"(\Deleted)")
        client.expunge()
    await until(lambda: _said(inbox, 1), "the move is understood")
    await inbox.settle()
    assert inbox.where("By hand") == ["INBOX"]


async def test_writing_to_them_releases_them(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot)
    inbox.arrive("fay@later.example", "First try", Reply_To="Fay Later <fay@private.example>")
    await inbox.filed("First try")
    answer = write(inbox.ann.address, "Someone <x@y.example>", "Re: First try", Cc="FAY@Private.example")
    dovecot.append(inbox.ann, "Sent", [answer])  # from her phone
    await until(lambda: corrections.corrections_of(inbox.store, "fay@later.example"), "released")
    inbox.arrive("fay@later.example", "Second try")
    await inbox.settle()
    assert inbox.where("Second try") == ["INBOX"]


async def test_what_came_while_nobody_watched_is_caught_up(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot)
    await inbox.stop()
    inbox.arrive("gus@night.example", "In the night")
    await inbox.start()
    await inbox.filed("In the night")


async def test_nothing_is_filed_before_there_is_a_history(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot, learn=False)
    inbox.arrive("max@agency.example", "Too early")
    await until(lambda: filed.find(inbox.store, "i1"), "it was judged")
    await inbox.learn()
    await inbox.settle()
    assert inbox.where("Too early") == ["INBOX"]


async def test_mark_only_marks_and_observe_only_records(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    for mode, flagged in (("mark", True), ("observe", False)):
        inbox = await make_inbox(dovecot, mode=mode)
        inbox.arrive("max@agency.example", "Marked")
        await until(lambda box=inbox: filed.filed(box.store), "it was judged")
        with dovecot.imap(inbox.ann) as client:
            client.select("INBOX", readonly=True)
            found = await eventually(
                lambda c=client: (c.noop(), c.search(None, "KEYWORD", "ColdAsk"))[1], "searched"
            )
            if flagged:
                found = await eventually(
                    lambda c=client: (c.noop(), c.search(None, "KEYWORD", "ColdAsk"))[1][1] == [b"1"],
                    "marked",
                )
            else:
                assert found[1] == [b""]
            assert client.search(None, "UNSEEN")[1] == [b"1"]
        assert inbox.where("Marked") == ["INBOX"]


async def test_cold_asks_deleted_while_running_is_made_again(
    any_dovecot: Dovecot, make_inbox: MakeInbox
) -> None:
    inbox = await make_inbox(any_dovecot)
    with any_dovecot.imap(inbox.ann) as client:
        client.delete(f'"{any_dovecot.name_of(COLD)}"')
    inbox.arrive("max@agency.example", "Where to")
    await inbox.filed("Where to")
    assert await corrections.corrections_of(inbox.store) == []


async def test_a_foreign_deleted_mail_survives_without_uidplus(
    dovecot_bare: Dovecot, make_inbox: MakeInbox
) -> None:
    inbox = await make_inbox(dovecot_bare, start=False)
    inbox.arrive("old@friend.example", "Marked by the phone", THANKS)
    with dovecot_bare.imap(inbox.ann) as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", r"(\Deleted)")
        await inbox.start()
        inbox.arrive("max@agency.example", "Cold")
        await eventually(lambda: COLD in inbox.where("Cold"), "copied")
        await until(lambda: _left_over(inbox, 1), "the original waits")
        assert inbox.where("Marked by the phone") == ["INBOX"]

        def undeleted() -> object:
            client.noop()
            return client.search(None, "UNDELETED")[1]

        await eventually(lambda: undeleted() == [b""], "hidden from the user")
        client.store("1", "-FLAGS", r"(\Deleted)")
    await inbox.filed("Cold")
    await until(lambda: _left_over(inbox, 0), "the original is gone")
    assert inbox.where("Marked by the phone") == ["INBOX"]


async def _left_over(inbox: object, count: int) -> bool:
    return len(await filed.unfinished(inbox.store, "work")) == count  # type: ignore[attr-defined]


async def test_the_second_copy_of_a_mail_is_judged_by_itself(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot)
    mail = inbox.arrive("max@agency.example", "Twice")
    dovecot.deliver(mail, inbox.ann.address, sender="max@agency.example")
    await eventually(lambda: inbox.where("Twice") == [COLD, COLD], "both are filed")
    assert await corrections.corrections_of(inbox.store) == []


async def test_hostile_headers_reach_no_command(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot)
    evil = '<a"b\\c)(>\r\n A1 DELETE INBOX <x@y.example>'
    inbox.arrive("max@agency.example", "=?utf-8?q?x=0D=0AA1_DELETE_Sent?=", message_id=evil)
    await eventually(lambda: len(inbox.server.mails(inbox.ann.address, COLD)) == 1, "filed")
    await until(lambda: _left_over(inbox, 0), "the ledger is up to date")
    with dovecot.imap(inbox.ann) as client:
        client.select(f'"{COLD}"')
        client.uid("MOVE", "1", "INBOX")
    await until(lambda: _said(inbox, 1), "moved back")
    assert len(inbox.server.mails(inbox.ann.address)) == 1


async def test_the_connection_is_cut_and_mended(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    with Relay(dovecot.imaps_port) as wire:
        inbox = await make_inbox(dovecot, port=wire.port)
        wire.cut()
        inbox.arrive("max@agency.example", "While it was down")
        await asyncio.sleep(0.2)
        wire.mend()
        await inbox.filed("While it was down")
        inbox.arrive("moe@agency.example", "After it")
        await inbox.filed("After it")
        assert wire.connections <= 3 + 2, "the two old ones and the two new ones"
        await inbox.stop()


async def test_not_there_at_the_start_it_is_tried_again(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    with Relay(dovecot.imaps_port) as wire:
        inbox = await make_inbox(dovecot, port=wire.port, start=False)
        wire.cut()
        starting = asyncio.create_task(inbox.start())
        await asyncio.sleep(0.2)
        assert not inbox.watching
        wire.mend()
        await starting
        inbox.arrive("max@agency.example", "At last")
        await inbox.filed("At last")
        await inbox.stop()


async def test_a_renumbered_inbox_is_left_as_it_is(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot)
    await inbox.stop()
    inbox.arrive("old@cold.example", "Under old numbers")
    renumber(dovecot, inbox.ann)
    await inbox.start()
    await inbox.settle()
    assert inbox.where("Under old numbers") == ["INBOX"]


async def test_an_own_mail_a_notice_and_a_false_notice(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot)
    notice = write("coldask@agency.example", inbox.ann.address, "A notice", X_Coldask_Notice="yes")
    dovecot.append(inbox.ann, "INBOX", [notice], seen=False)
    inbox.arrive(inbox.ann.address, "From myself")
    inbox.arrive("max@agency.example", "A false notice", X_Coldask_Notice="yes")
    await inbox.filed("A false notice")
    assert inbox.where("A notice") == inbox.where("From myself") == ["INBOX"]


async def test_mail_brought_back_from_elsewhere_is_not_judged(
    dovecot: Dovecot, make_inbox: MakeInbox
) -> None:
    """From before the first look, or marked by a coldask whose store was lost."""
    inbox = await make_inbox(dovecot, start=False)
    inbox.arrive("old@cold.example", "Filed once")
    await inbox.start()
    with dovecot.imap(inbox.ann) as client:
        client.append(
            "INBOX", "(ColdAsk)", "", write("max@agency.example", inbox.ann.address, "With keyword")
        )
        old = '"01-Jan-2020 10:00:00 +0000"'
        client.append("INBOX", "", old, write("max@agency.example", inbox.ann.address, "From an archive"))
    await inbox.settle()
    for subject in ("Filed once", "With keyword", "From an archive"):
        assert inbox.where(subject) == ["INBOX"]


async def test_a_store_restored_from_a_backup_moves_nothing_again(
    dovecot: Dovecot, make_inbox: MakeInbox
) -> None:
    inbox = await make_inbox(dovecot)
    backup = await positions.position(inbox.store, "work", "INBOX", positions.Purpose.WATCH)
    assert backup is not None
    inbox.arrive("eve@offer.example", "Moved back")
    await inbox.filed("Moved back")
    inbox.move("Moved back", COLD, "INBOX")
    await until(lambda: _said(inbox, 1), "the move back is understood")
    await inbox.stop()
    async with inbox.store.transaction() as db:
        for table in ("judged", "correction", "lying"):
            await db.execute(f"DELETE FROM {table}")
        await db.execute("UPDATE position SET uid = ? WHERE purpose = 'watch'", (backup.uid,))
    await inbox.start()
    await inbox.settle()
    assert inbox.where("Moved back") == ["INBOX"]


async def test_a_large_mail_is_judged_by_its_beginning(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot)
    inbox.arrive("max@agency.example", "Heavy", PITCH + ("x" * 998 + "\r\n") * 6000)
    await eventually(lambda: inbox.where("Heavy") == [COLD], "judged and filed")


async def test_unreadable_bytes_in_every_field_are_survived(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot)
    plain = write("max@agency.example", inbox.ann.address, "Bytes")
    odd = (
        plain.replace(b"From: ", b"From: \xff\xfe ")
        .replace(b"Bytes", b"B\xff\xed\xa0\x80")
        .replace(b"<", b"<\xfc")
    )
    dovecot.deliver(odd, inbox.ann.address, sender="max@agency.example")
    await inbox.settle()
    [mail] = await filed.find(inbox.store, "i1")
    assert mail.state in (FiledState.STAYED, FiledState.FILED)


async def test_a_refused_login_is_not_hammered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLDASK_TEST_PASSWORD", "wrong")
    login = {
        "host": "127.0.0.1",
        "security": "plaintext",
        "username": "ann",
        "password_env": "COLDASK_TEST_PASSWORD",
    }
    with scripted({b"LOGIN": b"TAG NO [AUTHENTICATIONFAILED] wrong\r\n"}) as server:
        tables = {"smtp": {**login, "port": 1}, "imap": {**login, "port": server.port}}
        account = {"addresses": ["ann@me.example"], **tables}
        settings = Settings.model_validate({"accounts": {"work": account}})
        async with await Store.open(None) as store:
            watching = asyncio.create_task(Watcher("work", settings, store).run())
            await eventually(lambda: any(b"LOGIN" in line for line in server.heard), "the first try")
            await asyncio.sleep(1.5)
            assert sum(b"LOGIN" in line for line in server.heard) == 1
            watching.cancel()
            with pytest.raises(asyncio.CancelledError):
                await watching


async def test_moved_to_a_folder_of_ones_own_it_is_not_cold_while_nobody_watched(
    any_dovecot: Dovecot, make_inbox: MakeInbox
) -> None:
    inbox = await make_inbox(any_dovecot)
    inbox.arrive("eve@offer.example", "Worth keeping")
    await inbox.filed("Worth keeping")
    await inbox.stop()
    with any_dovecot.imap(inbox.ann) as client:
        client.create(f'"{any_dovecot.name_of("Keep")}"')
    inbox.move("Worth keeping", COLD, "Keep")
    inbox.arrive("eve@offer.example", "Another one")
    await inbox.start()
    await inbox.settle()
    assert inbox.where("Worth keeping") == ["Keep"]
    assert inbox.where("Another one") == ["INBOX"], "heard before the next mail was judged"
