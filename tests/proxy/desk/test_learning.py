"""Reading a history: every header before the first text, how far it is, and what is forgotten at the end."""

import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.errors import OutsideError
from models.settings import Settings
from proxy.desk import Desk, run_operation
from proxy.desk.learning import check_history
from proxy.journal import Journal
from proxy.store import purge
from proxy.store.database import Store
from proxy.store.letters import remember
from proxy.store.quotes import forget_runs

ANN = "ann@quay.example"
NOW = datetime(2025, 3, 3, tzinfo=UTC)
TEXT = (
    "The old crane on the north pier has been repaired at last, and the harbour master wants to show it to the "
    "school children before the summer begins. Would your class like to come on a Thursday morning in May?"
)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with await Store.open(None) as store:
        yield Desk(Settings(), Path(), store, lambda: NOW, Journal())


def boxes(folder: Path) -> list[str]:
    """An mbox of what came in, and one of what it answers: without ids, known by the quotation alone."""
    answer = f"With pleasure.\n\nOn 1 May 2024, Ann wrote:\n> {TEXT}\n"
    mails = [
        f"From: Bo Ek <bo@x.example>\nTo: {ANN}\nSubject: Thursday\nDate: 2 May 2024 10:00:00 +0000\n\n{answer}",
        f"From: Ann <{ANN}>\nTo: bo@x.example\nSubject: the crane\nDate: 1 May 2024 10:00:00 +0000\n\n{TEXT}\n",
    ]
    for name, mail in zip(("in", "out"), mails, strict=True):
        (folder / name).write_text(f"From x Mon Jan  1 10:00:00 2024\n{mail}\n")
    return [str(folder / "in"), str(folder / "out")]


async def ask(desk: Desk, op: str, **args: Any) -> Any:
    return [m["result"] async for m in run_operation(desk, op, args) if "result" in m][-1]


async def test_headers_of_all_mailboxes_come_before_the_first_text(desk: Desk, tmp_path: Path) -> None:
    states, sources = [], []
    async for message in run_operation(desk, "learn", {"sources": boxes(tmp_path), "owner": [ANN]}):
        if "progress" in message:
            sources.append(Path(message["progress"]["source"]).name)
            known = await ask(desk, "history")
            states.append((known["ties"], known["texts"], known["learned"]))
            if sources[-1] == "in (texts)":
                [bo] = await ask(desk, "people", address="bo@x.example")
                assert (bo["sent"], bo["received"]) == (1, 1), "who wrote to whom is known already"
    assert list(dict.fromkeys(sources)) == ["in", "out", "in (texts)", "out (texts)"]
    assert states[0] == (False, False, False)
    assert states[-2:] == [(True, False, False)] * 2, "ties are known; nothing is held or filed by them yet"
    assert await ask(desk, "history") == {"ties": True, "texts": True, "learned": True}


async def test_what_a_letter_quotes_is_known_when_its_hashes_are_gone(desk: Desk, tmp_path: Path) -> None:
    await ask(desk, "learn", sources=boxes(tmp_path), owner=[ANN])
    [bo] = await ask(desk, "people", address="bo@x.example")
    assert bo["tie"] == "answered"
    assert list(await desk.store.db.execute_fetchall("SELECT * FROM run")) == []


@pytest.mark.parametrize("at", [0, -1], ids=["by the headers", "to the end"])
async def test_what_is_removed_while_it_is_read_is_not_called_a_history(
    desk: Desk, tmp_path: Path, at: int
) -> None:
    seen = 0
    with pytest.raises(OutsideError, match="has to be read once more"):
        async for message in run_operation(desk, "learn", {"sources": boxes(tmp_path), "owner": [ANN]}):
            if "progress" in message and at in (seen, -1):
                await purge.purge_all(desk.store, trial=False)
            seen += 1
    assert not (await ask(desk, "history"))["learned"]
    await ask(desk, "learn", sources=boxes(tmp_path), owner=[ANN])
    assert (await ask(desk, "history"))["learned"]


@pytest.mark.parametrize("batch", [0, 1, 3], ids=["at once", "by the headers", "by the texts"])
async def test_a_reading_that_fails_leaves_what_was_learned_before(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    whole = {"ties": True, "texts": True, "learned": True}
    kept = itertools.count()

    async def fails(*args: Any, **more: Any) -> int:
        if next(kept) == batch:
            raise OutsideError("The disk is gone.")
        return await remember(*args, **more)

    await ask(desk, "learn", sources=boxes(tmp_path), owner=[ANN])
    monkeypatch.setattr("proxy.history.learn.remember", fails)
    with pytest.raises(OutsideError, match="disk"):
        await ask(desk, "learn", sources=boxes(tmp_path), owner=[ANN])
    assert await ask(desk, "history") == whole
    await forget_runs(desk.store, NOW)
    assert list(await desk.store.db.execute_fetchall("SELECT * FROM run")) == []
    await ask(desk, "learn", sources=boxes(tmp_path), owner=[ANN])
    assert await ask(desk, "history") == whole


async def test_a_reading_that_was_killed_is_not_under_way_when_the_service_starts(
    desk: Desk, tmp_path: Path
) -> None:
    await ask(desk, "learn", sources=boxes(tmp_path), owner=[ANN])
    await desk.store.set_fact("learning history", {"texts": False})
    assert not (await ask(desk, "history"))["texts"]
    await check_history(desk)
    assert await ask(desk, "history") == {"ties": True, "texts": True, "learned": True}


async def test_what_was_filed_under_another_name_is_no_history(tmp_path: Path) -> None:
    login = {"host": "localhost", "username": "ann", "password_env": "X"}
    account = {"addresses": [ANN], "smtp": login, "imap": {**login, "cold_asks": "Pitches"}}
    settings = Settings.model_validate({"accounts": {"quay": account}})
    for name, who in (("cur", "bo"), (".Pitches/cur", "max")):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / "1714644000.1.host").write_text(
            f"From: {who}@x.example\nTo: {ANN}\nSubject: Hello\nDate: 2 May 2024 10:00:00 +0000\n\nHello.\n"
        )
    async with await Store.open(None) as store:
        desk = Desk(settings, tmp_path, store, lambda: NOW, Journal())
        [tally] = await ask(desk, "learn", sources=[str(tmp_path)], owner=[])
        assert tally["read"] == 1
        assert [p["address"] for p in await ask(desk, "people", address=None)] == ["bo@x.example"]
