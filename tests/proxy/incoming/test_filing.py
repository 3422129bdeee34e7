"""Filing across crashes: cut at every step, taken up again, one copy in one place."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from models.correction import FiledState, Opinion
from models.verdict import Disposition, IncomingVerdict
from proxy.incoming.filing import Filing
from proxy.incoming.watched import Watched
from proxy.journal import Journal
from proxy.mailbox import Mailbox, moves
from proxy.mailbox.fetch import look
from proxy.mailbox.moves import Source
from proxy.mailbox.session import Session
from proxy.store import corrections, filed
from proxy.store.filed import Judgement
from tests.proxy.watched_inbox import COLD, Inbox, MakeInbox, until
from tests.servers.dovecot import Dovecot

COLDEST = IncomingVerdict(disposition=Disposition.FILE, probability=0.99, reason="cold")


async def judged(inbox: Inbox, box: Mailbox, subject: str = "Cold") -> tuple[Judgement, Source]:
    """A delivered mail as the flow hands it to filing."""
    inbox.arrive("max@agency.example", subject)
    opened = await box.do(Session.select, "INBOX")
    uid = (await box.do(Session.uids_after, 0))[-1]
    [one] = await box.do(look, [uid])
    judgement = Judgement(
        account="work", fingerprint=1, copy=one.copy, message_id=message_id(one.header),
        sender="max@agency.example", reply_to=(), subject=subject, at=datetime.now(UTC), verdict=COLDEST,
        folder="INBOX", validity=opened.validity, uid=uid,
    )  # fmt: skip
    return judgement, Source("INBOX", opened.validity, uid, one.copy)


def message_id(header: bytes) -> str:
    [line] = [x for x in header.split(b"\r\n") if x.lower().startswith(b"message-id:")]
    return line.partition(b":")[2].strip().decode()


async def take_up(inbox: Inbox) -> None:
    """What the watcher does when it is back."""
    async with await inbox.mailbox() as box:
        filing = Filing(watched_of(inbox), box)
        await filing.prepare()
        await filing.take_up()


def watched_of(inbox: Inbox) -> Watched:
    server = inbox.settings.accounts["work"].imap
    assert server is not None
    return Watched("work", server, inbox.settings, inbox.store, {}, Journal(), lambda: datetime.now(UTC))


# How far the move came before the crash.
async def written(box: Mailbox, inbox: Inbox, judgement: Judgement, source: Source) -> None:
    await filed.record(inbox.store, judgement, FiledState.MOVING, target=COLD)


async def copied(box: Mailbox, inbox: Inbox, judgement: Judgement, source: Source) -> None:
    await written(box, inbox, judgement, source)
    await box.do(moves.copy, source, COLD)


async def noted(box: Mailbox, inbox: Inbox, judgement: Judgement, source: Source) -> None:
    await copied(box, inbox, judgement, source)
    await filed.set_state(inbox.store, 1, FiledState.FILED, copied=True)


async def marked(box: Mailbox, inbox: Inbox, judgement: Judgement, source: Source) -> None:
    await noted(box, inbox, judgement, source)
    await box.do(Session.run, b"UID STORE", b"%d" % source.uid, b"+FLAGS.SILENT (\\Deleted)")


async def removed(box: Mailbox, inbox: Inbox, judgement: Judgement, source: Source) -> None:
    await noted(box, inbox, judgement, source)
    await box.do(moves.remove, source)


async def moved(box: Mailbox, inbox: Inbox, judgement: Judgement, source: Source) -> None:
    await written(box, inbox, judgement, source)
    await box.do(moves.move, source, COLD)


@pytest.mark.parametrize("step", [written, copied, noted, marked, removed, moved])
@pytest.mark.parametrize("bare", [False, True])
async def test_cut_at_any_step_one_copy_is_left_in_cold_asks(
    step: Callable[..., object], bare: bool, dovecot: Dovecot, dovecot_bare: Dovecot, make_inbox: MakeInbox
) -> None:
    inbox = await make_inbox(dovecot_bare if bare else dovecot, start=False)
    async with await inbox.mailbox() as box:
        await Filing(watched_of(inbox), box).prepare()
        await step(box, inbox, *await judged(inbox, box))  # type: ignore[misc]
    await take_up(inbox)
    assert inbox.where("Cold") == [COLD]
    [mail] = await filed.filed(inbox.store)
    assert mail.state is FiledState.FILED
    assert not await filed.unfinished(inbox.store, "work")


async def test_moved_back_after_the_crash_it_is_returned(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot, start=False)
    async with await inbox.mailbox() as box:
        await Filing(watched_of(inbox), box).prepare()
        await moved(box, inbox, *await judged(inbox, box))
    inbox.move("Cold", COLD, "INBOX")
    await take_up(inbox)
    assert inbox.where("Cold") == ["INBOX"]
    [word] = await corrections.corrections_of(inbox.store)
    assert (word.person, word.opinion) == ("max@agency.example", Opinion.NOT_COLD)


async def test_the_user_was_faster(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot, start=False)
    async with await inbox.mailbox() as box:
        filing = Filing(watched_of(inbox), box)
        await filing.prepare()
        judgement, _ = await judged(inbox, box)
        inbox.move("Cold", "INBOX", "Trash")
        assert await filing.file(judgement) is FiledState.GONE
    assert inbox.where("Cold") == ["Trash"]


async def test_another_mail_behind_the_number_is_left_alone(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot, start=False)
    async with await inbox.mailbox() as box:
        _, source = await judged(inbox, box)
        other = Source("INBOX", source.validity, source.uid, copy=4711)
        renumbered = Source("INBOX", source.validity + 1, source.uid, source.copy)
        for wrong in (other, renumbered):
            with pytest.raises(moves.Elsewhere):
                await box.do(moves.move, wrong, "Trash")
            with pytest.raises(moves.Elsewhere):
                await box.do(moves.copy, wrong, "Trash")
            with pytest.raises(moves.Elsewhere):
                await box.do(moves.remove, wrong)
    assert inbox.where("Cold") == ["INBOX"]


async def test_a_refused_copy_leaves_the_mail_in_the_inbox(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot, start=False)
    async with await inbox.mailbox() as box:
        filing = Filing(watched_of(inbox), box)
        await filing.prepare()
        filing.target = "no/such\x01folder"  # the server refuses it, and prepare() finds the right one
        judgement, _ = await judged(inbox, box)
        assert await filing.file(judgement) is FiledState.FILED
    assert inbox.where("Cold") == [COLD]


async def test_a_folder_that_may_not_be_made_leaves_the_mail_and_the_watch_alone(
    dovecot: Dovecot, make_inbox: MakeInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap = "accounts.work.imap"
    inbox = await make_inbox(dovecot, start=False)
    account = inbox.settings.accounts["work"]
    assert account.imap is not None
    server = account.imap.model_copy(update={"cold_asks": "/Cold/" + "x" * 300})  # a name Dovecot refuses
    changed = account.model_copy(update={"imap": server})
    inbox.settings = inbox.settings.model_copy(update={"accounts": {"work": changed}})
    await inbox.start()
    inbox.arrive("max@agency.example", "Nowhere to go")
    await until(lambda: filed.find(inbox.store, "i1"), f"it was judged although {imap}.cold_asks is refused")
    [entry] = await filed.find(inbox.store, "i1")
    assert entry.state is FiledState.STAYED and inbox.where("Nowhere to go") == ["INBOX"]
