"""The ledger, the user's word and the positions."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.correction import Correction, FiledState, Opinion
from models.letter import Letter
from models.verdict import Disposition, IncomingVerdict
from proxy.store import corrections, filed, positions, splits
from proxy.store.database import Store
from proxy.store.filed import Judgement
from proxy.store.positions import Lying, Purpose

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    async with await Store.open(None) as opened:
        yield opened


def judgement(**changes: Any) -> Judgement:
    disposition = changes.pop("disposition", Disposition.FILE)
    fields = {
        "account": "work", "fingerprint": 11, "copy": 12, "message_id": "<1@x.example>",
        "sender": "max@x.example", "reply_to": (), "subject": "Hi", "at": NOW,
        "verdict": IncomingVerdict(disposition=disposition, probability=0.9, reason="cold"),
        "folder": "INBOX", "validity": 5, "uid": 7,
    }  # fmt: skip
    return Judgement(**{**fields, **changes})


def letter(*to: str, date: datetime = NOW, **changes: Any) -> Letter:
    fields = {
        "fingerprint": 1,
        "message_id": None,
        "date": date,
        "sender": "ann@me.example",
        "outgoing": True,
    }
    return Letter(**{**fields, "to": to, **changes})  # type: ignore[arg-type]


async def opinions(store: Store, *people: str) -> tuple[set[str], set[str]]:
    said = await corrections.said_of(store, people)
    return set(said.released), set(said.cold)


async def test_the_same_mail_in_the_same_place_keeps_its_row(store: Store) -> None:
    first = await filed.record(store, judgement(), FiledState.MOVING, target="Cold Asks")
    assert await filed.record(store, judgement(), FiledState.FILED, target="Cold Asks") == first
    assert await filed.record(store, judgement(uid=8), FiledState.FILED) != first
    states = [e.state for e in await filed.known(store, "work", 11)]
    assert states == [FiledState.FILED, FiledState.FILED]
    assert await filed.known(store, "home", 11) == []


async def test_what_is_unfinished(store: Store) -> None:
    moving = await filed.record(store, judgement(uid=1), FiledState.MOVING)
    copied = await filed.record(store, judgement(uid=2), FiledState.MOVING)
    await filed.record(store, judgement(uid=3), FiledState.FILED)
    await filed.set_state(store, copied, FiledState.FILED, copied=True)
    assert [e.id for e in await filed.unfinished(store, "work")] == [moving, copied]


async def test_a_mail_is_found_by_id_and_message_id(store: Store) -> None:
    number = await filed.record(store, judgement(), FiledState.FILED)
    for key in (f"i{number}", f"I{number}", "<1@x.example>", "1@x.example", " 1@x.example "):
        assert [e.id for e in await filed.find(store, key)] == [number], key
    for key in ("", "i", "i999999999999999999999999", "1", "' OR 1=1 --", "i-1", "i²"):
        assert await filed.find(store, key) == [], key


async def test_kept_mail_is_forgotten_in_time_and_its_subject_never_kept(store: Store) -> None:
    await filed.record(store, judgement(uid=1, disposition=Disposition.KEEP), FiledState.STAYED)
    await filed.record(store, judgement(uid=2, disposition=Disposition.UNSURE), FiledState.STAYED)
    kept, unsure = sorted(await filed.known(store, "work", 11), key=lambda e: e.uid)
    assert (kept.mail.subject, unsure.mail.subject) == ("", "Hi")
    assert await filed.forget_kept(store, NOW) == 0
    assert await filed.forget_kept(store, NOW + timedelta(seconds=1)) == 1
    assert [m.subject for m in await filed.filed(store, unsure=True)] == ["Hi"]


async def test_the_newest_word_counts(store: Store) -> None:
    number = await filed.record(store, judgement(), FiledState.FILED)
    assert (await corrections.said_of(store, ["max@x.example"])).filed_before == 1
    for opinion in (Opinion.NOT_COLD, Opinion.COLD, Opinion.NOT_COLD):
        word = Correction(person="max@x.example", opinion=opinion, at=NOW, source="moved")
        await corrections.correct(store, word, entry=number, state=FiledState.RETURNED)
    assert await opinions(store, "max@x.example", "eve@y.example") == ({"max@x.example"}, set())
    assert (await corrections.said_of(store, ["max@x.example"])).filed_before == 0
    assert len(await corrections.corrections_of(store, "max@x.example")) == 3


@pytest.mark.parametrize(
    ("sent", "freed"),
    [
        (letter("max@x.example"), True),
        (letter("other@y.example", cc=("max@x.example",)), True),
        (letter("max@private.example"), True),
        (letter("max@x.example", personal=False), False),
        (letter("max@x.example", outgoing=False), False),
        (letter("max@x.example", date=NOW - timedelta(days=1)), False),
        (letter("eve@y.example"), False),
    ],
)
async def test_writing_releases_who_was_filed_before(store: Store, sent: Letter, freed: bool) -> None:
    await filed.record(store, judgement(reply_to=("max@private.example",)), FiledState.FILED)
    released = await corrections.release_written_to(store, [sent], at=NOW)
    assert ("max@x.example" in released) is freed
    assert await opinions(store, "max@x.example") == ({"max@x.example"} if freed else set(), set())
    assert await corrections.release_written_to(store, [sent], at=NOW) == ()


async def test_writing_takes_back_the_word_cold(store: Store) -> None:
    word = Correction(person="nora@x.example", opinion=Opinion.COLD, at=NOW, source="moved in")
    await corrections.correct(store, word)
    assert await corrections.release_written_to(store, [letter("nora@x.example")], at=NOW) == (
        "nora@x.example",
    )
    assert await opinions(store, "nora@x.example") == ({"nora@x.example"}, set())


async def test_unsure_and_kept_mail_has_nobody_to_release(store: Store) -> None:
    for uid, disposition in ((1, Disposition.KEEP), (2, Disposition.UNSURE)):
        await filed.record(store, judgement(uid=uid, disposition=disposition), FiledState.STAYED)
    assert await corrections.release_written_to(store, [letter("max@x.example")], at=NOW) == ()


async def test_positions_never_step_back_nor_into_other_numbers(store: Store) -> None:
    place = ("work", "INBOX", Purpose.WATCH)
    assert await positions.position(store, *place) is None
    await positions.begin_at(store, *place, validity=5, uid=10, now=NOW)
    for validity, uid, then in ((5, 12, 12), (5, 11, 12), (6, 99, 12)):
        await positions.advance(store, *place, validity=validity, uid=uid)
        found = await positions.position(store, *place)
        assert found is not None and (found.validity, found.uid, found.since) == (5, then, NOW)
    again = await positions.begin_at(store, *place, validity=6, uid=1, now=NOW + timedelta(days=9))
    assert (again.uid, again.since) == (1, NOW), "when coldask first looked stays"


async def test_what_lay_and_what_was_not_seen_lying(store: Store) -> None:
    await filed.record(store, judgement(uid=1, copy=1), FiledState.FILED)
    await filed.record(store, judgement(uid=2, copy=2), FiledState.FILED)
    await positions.change_lying(store, "work", gone=[], come=[Lying(9, 11, 1, None, "max@x.example")])
    assert [e.copy for e in await filed.unseen(store, "work")] == [2]
    await positions.change_lying(store, "work", gone=[9], come=[])
    assert await positions.lying(store, "work") == []


async def test_the_users_word_is_about_the_person_whichever_address_it_was_said_of(store: Store) -> None:
    await splits.join(store, "max@x.example", "max@home.example", at=NOW, source="test")
    word = Correction(person="max@x.example", opinion=Opinion.COLD, at=NOW, source="test")
    await corrections.correct(store, word)
    assert await opinions(store, "max@home.example", "eve@x.example") == (set(), {"max@home.example"})
    later = Correction(
        person="max@home.example", opinion=Opinion.NOT_COLD, at=NOW + timedelta(hours=1), source="test"
    )
    await corrections.correct(store, later)
    assert await opinions(store, "max@x.example") == ({"max@x.example"}, set())
    assert await corrections.undo_corrections(store, ["max@home.example"], at=NOW + timedelta(hours=2)) == 1
    assert await opinions(store, "max@home.example") == (set(), {"max@home.example"})


async def test_an_own_address_under_the_same_name_is_nobody_elses(store: Store) -> None:
    await splits.join(store, "max@x.example", "ann@me.example", at=NOW, source="a slip")
    word = Correction(person="max@x.example", opinion=Opinion.COLD, at=NOW, source="test")
    await corrections.correct(store, word)
    said = await corrections.said_of(
        store, ["eve@x.example", "max@x.example"], own=frozenset({"ann@me.example"})
    )
    assert said.cold == {"max@x.example"}


async def test_writing_to_another_address_of_the_person_releases_them(store: Store) -> None:
    await filed.record(store, judgement(), FiledState.FILED)
    await splits.join(store, "max@x.example", "max@home.example", at=NOW, source="test")
    sent = letter("max@home.example", date=NOW + timedelta(hours=1))
    assert "max@x.example" in await corrections.release_written_to(store, [sent], at=NOW + timedelta(hours=1))
    assert (await opinions(store, "max@x.example", "max@home.example"))[0] == {
        "max@x.example",
        "max@home.example",
    }
