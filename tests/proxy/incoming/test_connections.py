"""At most three connections an account, and whoever needs one for a moment gets it."""

import pytest

from proxy.incoming import watcher
from proxy.mailbox import Mailbox
from tests.proxy.watched_inbox import MakeInbox, write
from tests.servers.dovecot import Dovecot


async def test_a_notice_gets_its_connection_while_the_learner_and_the_watcher_have_theirs(
    dovecot: Dovecot, make_inbox: MakeInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher, "_STAYS", 0.5)
    inbox = await make_inbox(dovecot)
    imap = inbox.settings.accounts["work"].imap
    assert imap is not None
    async with await inbox.mailbox():  # the learner
        inbox.arrive("max@agency.example", "Before")
        await inbox.filed("Before")
        async with await Mailbox.open("work", imap, timeout=8) as box:
            await box.append("INBOX", write("coldask@example.org", inbox.ann.address, "A notice"))
        inbox.arrive("eve@offer.example", "After")
        await inbox.filed("After")
