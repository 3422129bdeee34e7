"""The control socket: private, answered in order, one question at a time and many at once."""

import asyncio
import json
import os
import socket
import stat
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.errors import OutsideError, StoreError, UsageError
from models.settings import Settings
from proxy import control
from proxy.cli.door import ask
from proxy.control import LONGEST_PATH, Control, Refused, call, socket_path
from proxy.desk import Desk, operation
from proxy.journal import Journal
from proxy.store.database import Store, lock


@operation("test.echo")
async def echo(desk: Desk, text: str = "") -> dict[str, Any]:
    return {"text": text, "store": str(desk.store.path)}


@operation("test.count")
async def count(desk: Desk, up_to: int) -> AsyncIterator[dict[str, Any]]:
    for i in range(up_to):
        yield {"progress": {"done": i}}
        await asyncio.sleep(0)
    yield {"result": up_to}


@operation("test.fail")
async def fail(desk: Desk, kind: str) -> None:
    if kind == "store":
        raise StoreError("The store is damaged.")
    raise KeyError("secret detail")


@operation("test.wait")
async def wait(desk: Desk) -> str:
    await asyncio.sleep(30)
    return "never"


@pytest.fixture
async def path(tmp_path: Path) -> AsyncIterator[Path]:
    """The store of a running service."""
    path = tmp_path / "coldask.db"
    async with await Store.open(path) as store:
        desk = Desk(Settings(), tmp_path, store, lambda: datetime.now(UTC), Journal())
        service = await Control.open(desk, path)
        yield path
        await service.close(patience=0.1)


async def test_a_question_and_its_answer(path: Path) -> None:
    assert await call(path, "test.echo", {"text": "\ud800 ü \n"}) == {
        "text": "\ud800 ü \n",
        "store": str(path),
    }


async def test_progress_comes_first(path: Path) -> None:
    seen: list[Any] = []
    assert await call(path, "test.count", {"up_to": 3}, seen.append) == 3
    assert seen == [{"done": 0}, {"done": 1}, {"done": 2}]


async def test_errors_keep_words_and_exit_code(path: Path) -> None:
    with pytest.raises(Refused, match="The store is damaged") as e:
        await call(path, "test.fail", {"kind": "store"})
    assert e.value.exit_code == 3
    with pytest.raises(Refused, match=r"knows no operation 'no\.such'") as e:
        await call(path, "no.such", {})
    assert e.value.exit_code == 2
    with pytest.raises(Refused, match="cannot be called so") as e:
        await call(path, "test.echo", {"wrong": 1})
    assert e.value.exit_code == 2
    with pytest.raises(Refused, match="should not have happened") as e:
        await call(path, "test.fail", {"kind": "bug"})
    assert e.value.exit_code == 3


async def test_many_at_once(path: Path) -> None:
    answers = await asyncio.gather(*(call(path, "test.echo", {"text": str(i)}) for i in range(20)))
    assert [a["text"] for a in answers] == [str(i) for i in range(20)]


async def test_nobody_else_gets_in(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stat.S_IMODE(socket_path(path).stat().st_mode) == 0o600
    monkeypatch.setattr(control, "_peer_uid", lambda writer: os.getuid() + 1)
    with pytest.raises(OutsideError):
        await call(path, "test.echo", {})


@pytest.mark.parametrize("line", [b"not json\n", b"[]\n", b'{"op": 1}\n', b"\n", b"\xff\n"])
async def test_what_is_no_question(path: Path, line: bytes) -> None:
    reader, writer = await asyncio.open_unix_connection(str(socket_path(path)))
    writer.write(line)
    answer = json.loads(await reader.readline())
    assert answer["exit"] in (2, 3) and answer["error"]
    writer.close()
    assert (await call(path, "test.echo", {}))["text"] == ""


async def test_an_asker_that_leaves_is_no_trouble(path: Path) -> None:
    _, writer = await asyncio.open_unix_connection(str(socket_path(path)))
    writer.write(b'{"op": "test.count", "args": {"up_to": 100000}}\n')
    await writer.drain()
    writer.transport.abort()
    assert (await call(path, "test.echo", {}))["text"] == ""


async def test_the_end_does_not_wait_for_ever(path: Path) -> None:
    asking = asyncio.create_task(call(path, "test.wait", {}))
    await asyncio.sleep(0.05)
    assert not asking.done()
    # the fixture closes the service
    asking.add_done_callback(lambda task: task.exception())


async def test_a_socket_left_by_a_crash_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "coldask.db"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(socket_path(path)))
    with pytest.raises(ConnectionRefusedError):
        await call(path, "test.echo", {})
    async with await Store.open(path) as store:
        desk = Desk(Settings(), tmp_path, store, lambda: datetime.now(UTC), Journal())
        service = await Control.open(desk, path)
        assert (await call(path, "test.echo", {}))["text"] == ""
        await service.close()
    with pytest.raises(ConnectionRefusedError):
        await call(path, "test.echo", {})
    assert not socket_path(path).exists()


def test_a_path_too_long_for_a_socket(tmp_path: Path) -> None:
    short, long = socket_path(tmp_path / "a.db"), socket_path(tmp_path / ("x" * 120) / "a.db")
    assert short == tmp_path / "a.db.sock"
    assert len(os.fsencode(long)) <= 104 and long.parent.name == f"coldask-{os.getuid()}"
    assert long != socket_path(tmp_path / ("y" * 120) / "a.db")


def test_a_temporary_folder_that_is_too_long_itself_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("t" * 80)))
    found = socket_path(tmp_path / ("x" * 120) / "a.db")
    assert len(os.fsencode(found)) <= LONGEST_PATH
    assert found.parent.name == f"coldask-{os.getuid()}"


# -- the door: service or not, the same answer


def configure(folder: Path) -> tuple[Path, Path]:
    config, store = folder / "config.toml", folder / "coldask.db"
    config.write_text(f'[store]\npath = "{store}"\n')
    return config, store


async def test_without_a_service_the_work_is_done_here(tmp_path: Path) -> None:
    config, store = configure(tmp_path)
    assert await ask(config, "test.echo", {"text": "here"}) == {"text": "here", "store": str(store)}
    seen: list[Any] = []
    assert await ask(config, "test.count", {"up_to": 2}, seen.append) == 2
    assert len(seen) == 2
    with pytest.raises(UsageError):
        await ask(config, "no.such")


async def test_with_a_service_it_answers(path: Path) -> None:
    config, store = configure(path.parent)
    with lock(store):  # as the service holds it
        assert (await ask(config, "test.echo", {"text": "there"}))["text"] == "there"


async def test_a_service_that_is_starting_is_waited_for(tmp_path: Path) -> None:
    config, store = configure(tmp_path)
    with lock(store):
        asking = asyncio.create_task(ask(config, "test.echo"))
        await asyncio.sleep(0.3)
        assert not asking.done()
    assert (await asking)["store"] == str(store)


async def test_a_store_somebody_else_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proxy.cli.door.PATIENCE", 0.2)
    config, store = configure(tmp_path)
    with lock(store), pytest.raises(StoreError, match="in use by another coldask"):
        await ask(config, "test.echo")
