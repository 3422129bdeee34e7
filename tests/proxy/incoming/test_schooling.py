"""What moving a mail leaves to learn from, on a real Dovecot: features of the letter, none of its words."""

from models.correction import Opinion
from proxy.store import corrections, lessons
from tests.proxy.watched_inbox import COLD, MakeInbox, until
from tests.servers.dovecot import Dovecot

ODD = "I keep bees on the hill and wonder whether you know a carpenter who mends hives of larch.\r\n"


async def test_moves_in_and_out_of_cold_asks_teach_and_undo(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot)
    inbox.arrive("bea@hill.example", "hives", ODD)
    inbox.arrive("max@agency.example", "Moved back")
    await inbox.filed("Moved back")
    await inbox.settle()
    inbox.move("Moved back", COLD, "INBOX")
    await until(lambda: lessons.told(inbox.store), "the move teaches")
    [one] = await lessons.told(inbox.store)
    assert (one.sender, one.cold, one.judged) == ("max@agency.example", False, True)
    assert one.lesson.score > 0 and len(one.lesson.features) > 10

    inbox.move("hives", "INBOX", COLD)
    await until(lambda: _two(inbox.store), "a mail moved in teaches too")
    mail = (await lessons.told(inbox.store))[1]
    assert (mail.sender, mail.cold, mail.judged) == ("bea@hill.example", True, True)

    inbox.move("hives", COLD, "INBOX")
    await until(lambda: _one(inbox.store), "moved back, it teaches nothing")
    words = await corrections.corrections_of(inbox.store, "bea@hill.example")
    assert [w.opinion for w in words] == [Opinion.NOT_COLD, Opinion.COLD]
    lines = await inbox.store.run(lambda db: list(db.iterdump()))
    # A verdict may quote a mail (200 characters at most); what is learned from keeps none of its words.
    learned = [line for line in lines if line.startswith(('INSERT INTO "lesson', 'INSERT INTO "taste'))]
    assert any('"lesson' in line for line in learned)
    assert not any("larch" in line or "carpenter" in line for line in learned)


async def test_mail_that_another_rule_put_there_weighs_less(dovecot: Dovecot, make_inbox: MakeInbox) -> None:
    inbox = await make_inbox(dovecot)
    await inbox.settle()
    with inbox.server.imap(inbox.ann) as client:
        mail = f"From: eve@rule.example\r\nSubject: sorted\r\nMessage-ID: <s1@rule.example>\r\n\r\n{ODD}"
        client.append(f'"{inbox.server.name_of(COLD)}"', None, None, mail.encode())
    await until(lambda: lessons.told(inbox.store), "it is seen")
    [one] = await lessons.told(inbox.store)
    assert one.cold and not one.judged


async def _two(store: object) -> bool:
    return len(await lessons.told(store)) == 2  # type: ignore[arg-type]


async def _one(store: object) -> bool:
    return len(await lessons.told(store)) == 1  # type: ignore[arg-type]
