"""`train` at the desk: fitted on a thread, used at the next mail, told, taken back, and only done when there is news."""

import asyncio
import sqlite3
import threading
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from classifier.training import taste as fitting
from models.correction import Correction, Opinion
from models.settings import Settings
from proxy import daemon
from proxy.desk import Desk, run_operation
from proxy.journal import Journal
from proxy.store import corrections, lessons, tastes
from proxy.store.database import Store
from tests.classifier.training.veins import SCHOOLS, lesson
from tests.proxy.held_samples import NOW
from tests.proxy.watched_inbox import until

LETTER = f"From: Una <una@school.example>\r\nTo: ann@me.example\r\nSubject: \r\n\r\n{SCHOOLS[12]}\r\n"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    login = {"host": "localhost", "username": "ann", "password_env": "X", "port": 465}
    settings = Settings.model_validate(
        {"accounts": {"work": {"addresses": ["ann@me.example"], "smtp": login}}}
    )
    async with await Store.open(None) as store:
        await store.set_fact("learned", True)
        yield Desk(settings, tmp_path, store, lambda: NOW, Journal())


async def correct(desk: Desk, number: int, *, cold: bool) -> None:
    word = Correction(
        person=f"s{number}@x{number}.example",
        opinion=Opinion.COLD if cold else Opinion.NOT_COLD,
        at=NOW,
        source="moved",
    )
    written = await corrections.correct(desk.store, word)
    taught = lesson(SCHOOLS[number], -0.5)
    await lessons.teach(desk.store, written, number, taught, cold=cold, judged=True)


async def train(desk: Desk, **args: Any) -> dict[str, Any]:
    return [m async for m in run_operation(desk, "train", args)][-1]["result"]


async def probability(desk: Desk) -> float:
    args = {"raw": b64encode(LETTER.encode()).decode(), "rcpt": [], "as_of": None, "direction": "incoming"}
    return [m async for m in run_operation(desk, "check", args)][-1]["result"]["probability"]


async def test_corrections_change_the_next_verdict_and_an_undo_brings_the_last_back(desk: Desk) -> None:
    plain = await probability(desk)
    for number in range(5):
        await correct(desk, number, cold=True)
    first = await train(desk)
    assert first["changed"] and first["lessons"] == 5 and (first["cold"], first["not_cold"]) == (5, 0)
    colder = await probability(desk)
    assert colder > plain
    for number in range(5, 10):
        await correct(desk, number, cold=True)
    second = await train(desk)
    assert second["lessons"] == 10 and second["file_above_before"] == first["file_above"]
    assert await probability(desk) != colder
    undone = await train(desk, undo=True)
    assert undone["undone"] and undone["set_aside"] == 5 and await probability(desk) == colder
    assert (await train(desk, of_itself=True))["changed"] is False  # not at once the same again
    assert (await train(desk))["lessons"] == 10  # on the user's word all are taken in
    await train(desk, undo=True)
    await train(desk, undo=True)
    assert await probability(desk) == plain
    assert await train(desk, undo=True) == {"undone": False, "set_aside": 0, "in_use": None}


async def test_of_itself_it_is_fitted_only_where_corrections_came_or_went(desk: Desk) -> None:
    assert await train(desk, of_itself=True) == {"lessons": 0, "changed": False}
    await correct(desk, 0, cold=False)
    assert (await train(desk, of_itself=True))["changed"]
    assert not (await train(desk, of_itself=True))["changed"]
    await corrections.undo_corrections(desk.store, ["s0@x0.example"], at=NOW)
    assert await train(desk, of_itself=True) == {"lessons": 0, "changed": True}
    assert await tastes.current(desk.store) is None


async def test_what_nobody_corrected_teaches_nothing(desk: Desk) -> None:
    """A hundred cold senders whom the user never moved."""

    def flood(db: sqlite3.Connection) -> None:
        db.executemany(
            "INSERT INTO judged (account, fingerprint, copy, sender, at, disposition, state, verdict, uid)"
            " VALUES ('work', ?1, ?1, 'f' || ?1 || '@flood.example', 0, 'file', 'filed', '{}', ?1)",
            [(n,) for n in range(1, 101)],
        )

    await desk.store.write(flood)
    assert await train(desk) == {"lessons": 0, "changed": False}


async def test_the_fitting_runs_beside_the_event_loop(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []
    real = fitting.learn

    def watched(told: Any) -> Any:
        threads.append(threading.get_ident())
        return real(told)

    monkeypatch.setattr("proxy.desk.training.learn", watched)
    await correct(desk, 0, cold=False)
    await train(desk)
    assert threads and threads[0] != threading.get_ident()


async def test_the_service_fits_it_of_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "REFIT_SECONDS", 0.01)
    await correct(desk, 0, cold=False)
    work = asyncio.create_task(daemon._refit(desk))
    try:
        await until(lambda: tastes.current(desk.store), "a model is fitted")
    finally:
        work.cancel()


async def test_a_damaged_model_costs_no_verdict_and_is_told(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    plain = await probability(desk)
    for number in range(3):
        await correct(desk, number, cold=True)
    await train(desk)
    await desk.store.write(lambda db: db.execute("UPDATE taste SET model = x'00'"))
    assert await probability(desk) == plain
    assert (
        "The model fitted to your corrections is not used: it is no model of this coldask's." in caplog.text
    )
    await train(desk)
    assert await probability(desk) != plain


async def test_with_nothing_new_no_second_model_is_stored(desk: Desk) -> None:
    await correct(desk, 0, cold=True)
    assert (await train(desk))["changed"]
    before = await tastes.current(desk.store)
    assert await train(desk) == {"lessons": 1, "changed": False}
    assert await tastes.current(desk.store) == before
    assert (await train(desk, undo=True))["in_use"] is None


async def test_a_new_shipped_model_is_news_for_the_user_who_asks(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await correct(desk, 0, cold=True)
    assert (await train(desk))["changed"]
    monkeypatch.setattr("classifier.training.shipment.MIXES", {"core": (1.0, 0.3, 0.5)})
    assert not (await train(desk, of_itself=True))["changed"]  # else it would take back what the user undid
    assert (await train(desk))["changed"]
    assert await train(desk) == {"lessons": 1, "changed": False}


async def test_a_model_of_before_shipments_were_noted_is_fitted_again_once(desk: Desk) -> None:
    await correct(desk, 0, cold=True)
    await train(desk)
    await desk.store.write(
        lambda db: db.execute("UPDATE taste SET report = json_remove(report, '$.shipped')")
    )
    assert (await train(desk))["changed"]
    assert not (await train(desk))["changed"]
