"""Lessons and tastes in the store: what a correction leaves, what takes it back, and models that are refused."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from classifier.judge.taste import BUCKETS, Lesson, Taste
from models.correction import Correction, Opinion
from proxy.store import corrections, lessons, purge, tastes
from proxy.store.database import Store
from proxy.store.lessons import Extent

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
LESSON = Lesson(1.5, {3: 0.5, 700: -0.25})


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    async with await Store.open(None) as opened:
        yield opened


async def correct(
    store: Store, who: str, *, cold: bool, mail: int, judged: bool = True, days: int = 0
) -> int:
    """The user moves a mail, and its lesson is kept."""
    word = Correction(
        person=who,
        opinion=Opinion.COLD if cold else Opinion.NOT_COLD,
        at=NOW + timedelta(days=days),
        source="moved",
    )
    number = await corrections.correct(store, word)
    await lessons.teach(store, number, mail, LESSON, cold=cold, judged=judged)
    return number


async def test_a_lesson_comes_back_with_the_users_word_oldest_first(store: Store) -> None:
    await correct(store, "ada@x.example", cold=False, mail=1)
    await correct(store, "bo@x.example", cold=True, mail=2, judged=False)
    first, second = await lessons.told(store)
    assert (first.sender, first.cold, first.judged, first.lesson) == ("ada@x.example", False, True, LESSON)
    assert (second.sender, second.cold, second.judged, second.at) == ("bo@x.example", True, False, NOW)


async def test_a_correction_exactly_undoes_the_one_before(store: Store) -> None:
    await correct(store, "ada@x.example", cold=False, mail=1)
    await correct(store, "ada@x.example", cold=False, mail=1)  # said twice
    assert len(await lessons.told(store)) == 1
    await correct(store, "ada@x.example", cold=True, mail=1)
    assert await lessons.told(store) == []
    await correct(store, "ada@x.example", cold=False, mail=1)
    assert [t.cold for t in await lessons.told(store)] == [False]


async def test_what_the_user_took_back_or_purged_teaches_nothing(store: Store) -> None:
    await correct(store, "ada@x.example", cold=False, mail=1)
    await correct(store, "bo@x.example", cold=True, mail=2)
    await corrections.undo_corrections(store, ["ada@x.example"], at=NOW)
    assert [t.sender for t in await lessons.told(store)] == ["bo@x.example"]
    await purge.purge_person(store, ["bo@x.example"], trial=False)
    assert await lessons.told(store) == [] and await lessons.extent(store) == Extent(0, 0)
    count = await store.run(lambda db: db.execute("SELECT count(*) FROM lesson").fetchone()[0])
    assert count == 1  # ada's, whose word can be listed still


async def test_lessons_are_set_aside_and_recalled(store: Store) -> None:
    first = await correct(store, "ada@x.example", cold=False, mail=1)
    second = await correct(store, "bo@x.example", cold=False, mail=2)
    assert await lessons.extent(store) == Extent(second, 2)
    assert await lessons.set_aside(store, first) == 1
    assert [t.sender for t in await lessons.told(store)] == ["ada@x.example"]
    assert await lessons.recall(store) == 1 and len(await lessons.told(store)) == 2


async def test_a_damaged_lesson_is_left_out(store: Store) -> None:
    number = await correct(store, "ada@x.example", cold=False, mail=1)
    await correct(store, "bo@x.example", cold=False, mail=2)

    def spoil(db: sqlite3.Connection) -> None:
        db.execute("UPDATE lesson SET features = x'00ff00' WHERE correction = ?", (number,))

    await store.write(spoil)
    assert [t.sender for t in await lessons.told(store)] == ["bo@x.example"]


async def test_the_newest_taste_not_undone_is_in_use(store: Store) -> None:
    told: list[str] = []
    assert await tastes.taste_of(store, told.append) is None
    one, two = Taste((0.5,) * BUCKETS), Taste((0.25,) * BUCKETS, bias=1.0, file_above=0.9)
    await tastes.put(store, one, Extent(1, 1), {"lessons": 1}, NOW)
    await tastes.put(store, two, Extent(2, 2), {"lessons": 2}, NOW)
    found = await tastes.taste_of(store, told.append)
    assert found is not None and (found.bias, round(found.file_above, 4)) == (1.0, 0.9)
    undone = await tastes.undo(store, NOW)
    assert undone is not None and undone.extent == Extent(2, 2)
    assert await tastes.taste_of(store, told.append) == one
    await tastes.undo(store, NOW)
    assert await tastes.undo(store, NOW) is None and await tastes.current(store) is None
    assert told == []


@pytest.mark.parametrize(
    ("model", "words"),
    [("x'00'", "it is no model of this coldask's"), ("substr(model, 1, length(model) - 4)", "it is damaged"),
     ("zeroblob(40000)", "it is no model of this coldask's")],
)  # fmt: skip
async def test_a_damaged_or_foreign_model_is_not_used_and_said_so(
    store: Store, model: str, words: str
) -> None:
    await tastes.put(store, Taste((0.5,) * BUCKETS), Extent(1, 1), {}, NOW)
    await store.write(lambda db: db.execute(f"UPDATE taste SET model = {model}"))
    told: list[str] = []
    assert await tastes.taste_of(store, told.append) is None
    assert told == [
        f"The model fitted to your corrections is not used: {words}. The shipped one judges alone; "
        "`coldask train` fits it again."
    ]
