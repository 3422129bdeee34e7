"""What the desk makes of a release: who is meant, what is asked first, what is kept afterwards."""

from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest

from classifier.reading.read import read_mail
from models.errors import UsageError
from models.held import State
from models.mail import Envelope
from proxy.config import owner_of
from proxy.desk import Desk
from proxy.desk.edit import held_edit
from proxy.desk.held import find_outgoing, held_drop, held_list, held_show, held_undo
from proxy.desk.release import held_release
from proxy.desk.upkeep import expire_held, recover_held, tell_recovered
from proxy.journal import Journal
from proxy.store.database import Store
from proxy.store.held import load
from proxy.store.letters import past_for
from proxy.store.moves import claim, mark_dot_sent, mark_superseded
from tests.proxy.held_samples import (
    LIV,
    MAX,
    NOW,
    OWNER,
    PASSWORD_ENVIRONMENT,
    SUE,
    hold_one,
    raw_mail,
    settings_for,
)
from tests.servers.provider import Provider


@pytest.fixture
async def desk(tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch):
    for name, value in PASSWORD_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    told = tmp_path / "told"
    bell = ["/bin/sh", "-c", f"cat >> {told}"]
    async with await Store.open(tmp_path / "coldask.db") as store:
        settings = settings_for(provider, notify_command=bell)
        yield Desk(settings, tmp_path, store, lambda: NOW + timedelta(minutes=5), Journal())


async def test_only_and_except_choose_by_address_whatever_the_case(desk: Desk, provider: Provider) -> None:
    mail = await hold_one(desk.store, SUE, MAX, LIV)
    answer = await held_release(desk, mail.id, only=["SUE@Corp.example"])
    assert (answer["sent"], answer["state"]) == ([SUE], "held")
    answer = await held_release(desk, mail.id, leave_out=[LIV])
    assert answer["sent"] == [MAX]
    assert [t.recipients for t in provider.taken] == [(SUE,), (MAX,)]


@pytest.mark.parametrize(
    ("only", "leave_out", "words"),
    [
        (["eve@x.example"], [], "eve@x.example is no recipient"),
        ([], ["eve@x.example"], "eve@x.example is no recipient"),
        ([], [SUE, MAX], "Nobody is left"),
        ([SUE], [SUE], "Nobody is left"),
    ],
)
async def test_a_choice_that_makes_no_sense_sends_nothing(
    desk: Desk, provider: Provider, only: list[str], leave_out: list[str], words: str
) -> None:
    mail = await hold_one(desk.store, SUE, MAX)
    with pytest.raises(UsageError, match=words):
        await held_release(desk, mail.id, only=only, leave_out=leave_out)
    assert provider.taken == []
    assert (await load(desk.store, mail.id)).state is State.HELD


async def test_what_was_sent_is_not_sent_again(desk: Desk, provider: Provider) -> None:
    mail = await hold_one(desk.store, SUE, MAX)
    await held_release(desk, mail.id, only=[SUE])
    with pytest.raises(UsageError, match=r"cannot be released to sue@corp.example \(released\)"):
        await held_release(desk, mail.id, only=[SUE])
    await held_release(desk, mail.id)
    with pytest.raises(UsageError, match="has been sent to all"):
        await held_release(desk, mail.id)
    assert [t.recipients for t in provider.taken] == [(SUE,), (MAX,)]


async def test_drop_and_undo_say_what_is_wrong(desk: Desk) -> None:
    mail = await hold_one(desk.store)
    with pytest.raises(UsageError, match="was not dropped, it is held"):
        await held_undo(desk, mail.id)
    assert (await held_drop(desk, mail.id))["state"] == "dropped"
    with pytest.raises(UsageError, match="was dropped"):
        await held_drop(desk, mail.id)
    with pytest.raises(UsageError, match=f"coldask held undo {mail.id}"):
        await held_release(desk, mail.id)
    assert (await held_undo(desk, mail.id))["state"] == "held"


async def test_after_a_corrected_mail_a_release_asks(desk: Desk, provider: Provider) -> None:
    mail = await hold_one(desk.store)
    envelope = Envelope(sender=OWNER, recipients=(SUE,))
    await mark_superseded(desk.store, envelope=envelope, mail=read_mail(raw_mail()), now=NOW)
    assert "A later mail took the place of" in (await held_release(desk, mail.id))["ask"]
    assert provider.taken == []
    assert (await held_release(desk, mail.id, yes=True))["sent"] == [SUE]


async def test_after_a_corrected_mail_to_some_the_others_wait_on(desk: Desk, provider: Provider) -> None:
    mail = await hold_one(desk.store, SUE, LIV)
    envelope = Envelope(sender=OWNER, recipients=(SUE,))
    await mark_superseded(desk.store, envelope=envelope, mail=read_mail(raw_mail()), now=NOW)
    question = (await held_release(desk, mail.id))["ask"]
    assert SUE in question and LIV not in question and "--except" in question
    assert (await held_release(desk, mail.id, leave_out=[SUE]))["sent"] == [LIV]
    assert (await held_list(desk)) == []
    assert "took the place" in (await held_release(desk, mail.id))["ask"]


async def test_after_a_lost_answer_a_release_asks_even_when_held_again(
    desk: Desk, provider: Provider
) -> None:
    mail = await hold_one(desk.store)
    provider.script.cut = True
    answer = await held_release(desk, mail.id)
    assert (answer["unsure"], answer["state"]) == ([SUE], "unsure")
    assert "may have reached sue@corp.example already" in (await held_release(desk, mail.id))["ask"]
    provider.script.cut = False
    provider.script.replies["MAIL"] = "451 later"
    assert (await held_release(desk, mail.id, yes=True))["state"] == "held"
    assert "may have reached" in (await held_release(desk, mail.id))["ask"]
    assert len(provider.taken) == 1


async def test_who_got_a_released_mail_is_somebody_the_user_wrote_to(desk: Desk) -> None:
    raw = raw_mail(to=[SUE, MAX])
    mail = await hold_one(desk.store, SUE, MAX, LIV, raw=raw)
    await held_release(desk, mail.id, only=[SUE, LIV])
    past = await past_for(
        desk.store,
        read_mail(raw),
        [SUE, MAX, LIV],
        owner=owner_of(desk.settings),
        now=NOW + timedelta(days=1),
    )
    assert [past.relation(p).sent for p in (SUE, MAX, LIV)] == [1, 0, 1]


async def test_an_account_that_is_gone_from_the_configuration_is_told(desk: Desk) -> None:
    mail = await hold_one(desk.store)
    async with desk.store.transaction() as db:
        await db.execute("UPDATE held SET account = 'old'")
    with pytest.raises(UsageError, match="account old, which the configuration has no more"):
        await held_release(desk, mail.id)


async def test_the_list_has_exactly_the_keys_of_the_contract(desk: Desk) -> None:
    mail = await hold_one(desk.store, SUE, LIV)
    assert await held_list(desk) == [
        {
            "id": mail.id,
            "account": "work",
            "state": "held",
            "received_at": "2026-05-04T09:30:00+00:00",
            "from": OWNER,
            "recipients": [SUE, LIV],
            "blind": [LIV],
            "subject": "A question about your team",
            "rules": ["premature-ask"],
        }
    ]


async def test_show_is_the_judgement_with_the_standing(desk: Desk) -> None:
    mail = await hold_one(desk.store)
    shown = await held_show(desk, mail.id)
    assert shown["direction"] == "outgoing"
    assert shown["disposition"] == "hold"
    assert shown["ties"][SUE] == {"tie": "unknown", "facts": ["no mail either way"]}
    assert shown["recipients"][0]["state"] == "held"
    assert "mail" not in shown
    assert "introduce me" in (await held_show(desk, mail.id, text=True))["mail"]["text"]
    assert (await find_outgoing(desk, "<1@example.org>") or {})["id"] == mail.id
    assert await find_outgoing(desk, "<other@example.org>") is None


async def test_upkeep_tells_of_what_expired_and_what_a_crash_left(desk: Desk, tmp_path: Path) -> None:
    old = await hold_one(desk.store, now=NOW - timedelta(days=31))
    cut = await hold_one(desk.store, MAX)
    await claim(desk.store, cut.id, [0], NOW, narrowed=False)
    await mark_dot_sent(desk.store, cut.id, [0])
    await tell_recovered(desk, await recover_held(desk))
    await expire_held(desk)
    lines = (tmp_path / "told").read_text().splitlines()
    assert [line.split(".")[0] for line in lines] == [
        "A mail may or may not have been sent",
        "A held mail has expired",
    ]
    assert old.id in lines[1]
    assert (await load(desk.store, old.id)).state is State.EXPIRED
    with pytest.raises(UsageError, match=f"coldask held export {old.id}"):
        await held_release(desk, old.id)


async def test_an_edited_mail_is_judged_again_and_sent_in_place_of_the_first(
    desk: Desk, provider: Provider
) -> None:
    await desk.store.set_fact("learned", True)
    old = await hold_one(desk.store, SUE, MAX)
    changed = raw_mail(text="Dear Sue,\n\nthank you for your talk in Lund. I liked it.\n\nAnn\n")
    answer = await held_edit(desk, old.id, b64encode(changed).decode())
    assert answer["sent"] == [SUE, MAX]
    assert provider.taken[0].mail == changed
    assert (await load(desk.store, old.id)).state is State.SUPERSEDED
    third = b64encode(raw_mail(text="Dear Sue,\n\nthank you once more.\n\nAnn\n")).decode()
    assert "Change this one all the same?" in (await held_edit(desk, old.id, third))["ask"]
    assert (await held_edit(desk, old.id, third, yes=True))["sent"] == [SUE, MAX]
    with pytest.raises(UsageError, match="Nothing a reader"):
        other = await hold_one(desk.store, LIV)
        await held_edit(desk, other.id, b64encode(raw_mail(message_id="<9@example.org>")).decode())


@pytest.mark.parametrize("emptied", [b"", b"\r\n \r\n"])
async def test_an_emptied_mail_is_not_sent(desk: Desk, provider: Provider, emptied: bytes) -> None:
    """Emptying the file is how people leave an editor when they think better of it."""
    await desk.store.set_fact("learned", True)
    old = await hold_one(desk.store, SUE)
    with pytest.raises(UsageError, match=f"{old.id} stays as it is"):
        await held_edit(desk, old.id, b64encode(emptied).decode())
    assert provider.taken == []
    assert (await load(desk.store, old.id)).state is State.HELD
