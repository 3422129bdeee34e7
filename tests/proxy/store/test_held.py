"""Held mail in a real file: kept whole, found again, never twice."""

from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest

from classifier.reading.read import read_mail
from models.errors import UsageError
from models.held import HeldMail, Move, State
from models.mail import Envelope
from proxy.store.database import Store
from proxy.store.held import find_held, find_same, hold, list_held, load, raw_of, record_resend
from proxy.store.held_row import ALPHABET
from proxy.store.moves import claim, mark_dot_sent, mark_superseded, move_all, settle, supersede
from proxy.store.warned import find_warned, list_warned, record_warning
from tests.proxy.held_samples import LIV, MAX, NOW, OWNER, SUE, hold_one, raw_mail, verdict


@pytest.fixture
async def store(tmp_path: Path):
    async with await Store.open(tmp_path / "store" / "coldask.db") as opened:
        yield opened


async def release_fully(store: Store, mail: HeldMail, *, narrowed: bool = False) -> None:
    positions = list(range(len(mail.recipients)))
    await claim(store, mail.id, positions, NOW, narrowed=narrowed)
    await mark_dot_sent(store, mail.id, positions)
    await settle(store, mail.id, Move.SENT, dict.fromkeys(positions, "250 ok"), NOW)


async def same(store: Store, raw: bytes, *people: str, now=NOW):
    envelope = Envelope(sender=OWNER, recipients=people or (SUE,))
    return await find_same(store, envelope=envelope, raw=raw, mail=read_mail(raw), now=now)


async def test_a_held_mail_is_there_after_the_store_was_closed(tmp_path: Path) -> None:
    path = tmp_path / "coldask.db"
    raw = raw_mail(cc=[MAX]) + b".leading dot\r\n\xff\xfe\r\n"
    async with await Store.open(path) as store:
        mail = await hold_one(store, SUE, MAX, LIV, raw=raw, options=("BODY=8BITMIME",))
    async with await Store.open(path) as store:
        assert await load(store, mail.id.upper()) == mail
        assert await raw_of(store, mail.id) == (raw, ("BODY=8BITMIME",))
    assert [r.blind for r in mail.recipients] == [False, False, True]
    assert mail.state is State.HELD
    assert mail.received_at == NOW
    assert path.stat().st_mode & 0o777 == 0o600


async def test_ids_are_short_unlike_and_never_taken_twice(store: Store) -> None:
    assert not set("il1o0") & set(ALPHABET)
    letters = cycle("aaaaaaaabbbb")
    ids = [
        (await hold_one(store, raw=raw_mail(subject=str(i)), draw=lambda _: next(letters))).id
        for i in range(2)
    ]
    assert ids == ["aaaa", "bbbb"]


async def test_an_unknown_id_is_told_in_a_sentence(store: Store) -> None:
    with pytest.raises(UsageError, match="There is no held mail 'zzzz'"):
        await load(store, "zzzz")
    assert await find_held(store, "zzzz") is None


async def test_a_mail_is_found_by_message_id_with_or_without_brackets(store: Store) -> None:
    mail = await hold_one(store, raw=raw_mail(message_id="<abc@example.org>"))
    assert await find_held(store, "abc@example.org") == mail
    assert await find_held(store, "<abc@example.org>") == mail


async def test_the_same_mail_again_finds_its_entry(store: Store) -> None:
    first = await hold_one(store, SUE, MAX)
    again = await hold_one(store, MAX, SUE, raw=raw_mail(message_id="<2@example.org>"))
    assert (again.id, again.submitted) == (first.id, 2)
    assert len(await list_held(store)) == 1
    other = await hold_one(store, SUE)
    assert other.id != first.id


async def test_a_resend_after_the_release_is_known_once_and_for_a_day(store: Store) -> None:
    mail = await hold_one(store)
    await release_fully(store, mail)
    retry = raw_mail(message_id="<2@example.org>")
    assert await same(store, retry, now=NOW + timedelta(hours=25)) is None
    found = await same(store, retry, now=NOW + timedelta(hours=23))
    assert found is not None
    assert found.state is State.RELEASED
    assert await record_resend(store, mail.id, NOW)
    assert not await record_resend(store, mail.id, NOW)
    assert await same(store, retry) is None
    assert (await load(store, mail.id)).resent_at == NOW
    assert (await hold_one(store, raw=retry)).id != mail.id


async def test_after_only_or_a_drop_the_same_mail_is_a_new_one(store: Store) -> None:
    some = await hold_one(store, SUE, MAX)
    await claim(store, some.id, [0], NOW, narrowed=True)
    await settle(store, some.id, Move.SENT, {0: "250 ok"}, NOW)
    assert await same(store, raw_mail(), SUE, MAX) is None
    assert (await hold_one(store, SUE, MAX)).id != some.id
    dropped = await hold_one(store, LIV)
    await move_all(store, dropped.id, Move.DROP, NOW)
    assert await same(store, raw_mail(), LIV) is None


async def test_some_refused_by_the_provider_is_still_the_same_mail(store: Store) -> None:
    mail = await hold_one(store, SUE, MAX)
    await claim(store, mail.id, [0, 1], NOW, narrowed=False)
    await settle(store, mail.id, Move.REFUSED, {1: "550 no such user"}, NOW)
    after = await settle(store, mail.id, Move.SENT, {0: "250 ok"}, NOW)
    assert [r.state for r in after.recipients] == [State.RELEASED, State.HELD]
    assert after.recipients[1].reply == "550 no such user"
    assert after.released_at is None
    found = await same(store, raw_mail(), SUE, MAX)
    assert found is not None
    assert found.id == mail.id


@pytest.mark.parametrize(
    ("corrected", "recipients", "sender", "marked"),
    [
        (raw_mail(subject="Re: A question about your team", text="better"), (SUE,), OWNER, True),
        (raw_mail(subject="Quite new", more="In-Reply-To: <t@corp.example>\n"), (SUE, LIV), OWNER, True),
        (raw_mail(subject="Quite new"), (SUE,), OWNER, False),
        (raw_mail(), (LIV,), OWNER, False),
        (raw_mail(), (SUE,), "ben@example.org", False),
    ],
)
async def test_a_corrected_mail_supersedes_the_held_one(
    store: Store, corrected: bytes, recipients: tuple[str, ...], sender: str, marked: bool
) -> None:
    held = await hold_one(
        store, SUE, MAX, raw=raw_mail(more="References: <r@corp.example> <t@corp.example>\n")
    )
    envelope = Envelope(sender=sender, recipients=recipients)
    ids = await mark_superseded(store, envelope=envelope, mail=read_mail(corrected), now=NOW)
    assert ids == ((held.id,) if marked else ())
    states = {r.address: r.state for r in (await load(store, held.id)).recipients}
    assert states == {SUE: State.SUPERSEDED if marked else State.HELD, MAX: State.HELD}


async def test_only_whom_the_later_mail_went_to_is_superseded(store: Store) -> None:
    held = await hold_one(store, SUE, MAX, LIV)
    to_sue = Envelope(sender=OWNER, recipients=(SUE.upper(),))
    assert await mark_superseded(store, envelope=to_sue, mail=read_mail(raw_mail()), now=NOW) == (held.id,)
    found = await load(store, held.id)
    assert [r.state for r in found.recipients] == [State.SUPERSEDED, State.HELD, State.HELD]
    assert (found.state, found.superseded_at) == (State.HELD, NOW) and await list_held(store)
    assert await mark_superseded(store, envelope=to_sue, mail=read_mail(raw_mail()), now=NOW) == ()
    to_all = Envelope(sender=OWNER, recipients=(SUE, MAX, LIV))
    await mark_superseded(store, envelope=to_all, mail=read_mail(raw_mail()), now=NOW)
    assert (await load(store, held.id)).state is State.SUPERSEDED


async def test_mails_without_a_subject_have_none_in_common(store: Store) -> None:
    held = await hold_one(store, raw=raw_mail(subject=""))
    envelope = Envelope(sender=OWNER, recipients=(SUE,))
    assert (
        await mark_superseded(store, envelope=envelope, mail=read_mail(raw_mail(subject="")), now=NOW) == ()
    )
    assert (await load(store, held.id)).state is State.HELD


async def test_a_warning_keeps_no_text(store: Store) -> None:
    raw = raw_mail(subject="Secret subject")
    long = verdict().findings[0].model_copy(update={"quote": "q" * 500})
    warned = await record_warning(
        store,
        account="work",
        envelope=Envelope(sender=OWNER, recipients=(SUE, LIV)),
        mail=read_mail(raw),
        verdict=verdict().model_copy(update={"findings": (long,)}),
        now=NOW,
    )
    (kept,) = await list_warned(store)
    assert (kept.id, kept.recipients, kept.blind) == (warned.id, (SUE, LIV), (LIV,))
    assert kept.verdict.findings[0].quote == "q" * 200
    found = await find_warned(store, "1@example.org")
    assert found is not None
    assert found.id == warned.id
    dump = "\n".join([line async for line in store.db.iterdump()])
    assert "Secret subject" not in dump


async def test_broken_text_is_kept_as_well_as_it_can_be(store: Store) -> None:
    raw = raw_mail().replace(b"A question", b"A \xff\xfe question")
    mail = read_mail(raw).model_copy(update={"subject": "lone \udcff surrogate"})
    broken = verdict().findings[0].model_copy(update={"quote": "lone \udcff"})
    held = await hold(
        store,
        account="work",
        envelope=Envelope(sender=OWNER, recipients=(SUE,)),
        raw=raw,
        mail=mail,
        verdict=verdict().model_copy(update={"findings": (broken,)}),
        now=NOW,
    )
    assert (await load(store, held.id)).subject == "lone ? surrogate"
    assert (await raw_of(store, held.id))[0] == raw


async def test_what_was_replaced_and_is_refused_again_waits_again(store: Store) -> None:
    """Whatever is refused can be reviewed: an entry that is done with would hide it."""
    first = await hold_one(store, SUE)
    await supersede(store, first.id, NOW)
    again = await hold_one(store, SUE, now=NOW + timedelta(hours=1))
    assert again.id != first.id
    assert [m.id for m in await list_held(store)] == [again.id]
    third = await hold_one(store, SUE, now=NOW + timedelta(hours=2))
    assert (third.id, third.submitted) == (again.id, 2)
