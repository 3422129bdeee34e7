"""Configuration, store, port and service: each fault is found, named, and comes with what to do."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from models.settings import Settings
from proxy.doctor.files import look_at_password, read_config
from proxy.doctor.line import Level, Line
from proxy.doctor.service import ask_service, look_at_port, trouble_of
from proxy.doctor.storing import look_at_stored
from proxy.secrets import local_password
from proxy.store.database import Store, lock
from proxy.store.health import look_at_store
from tests.proxy.encoder import stand_in
from tests.servers import machine

CONFIG = """
[store]
path = "{folder}/coldask.db"
[listen]
port = {port}
[accounts.work]
addresses = ["ann@example.org"]
[accounts.work.smtp]
host = "smtp.example.org"
username = "ann@example.org"
password_env = "NOT_SET"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    file = tmp_path / "config.toml"
    file.write_text(CONFIG.format(folder=tmp_path, port=machine.free_port()))
    file.chmod(0o600)
    return file


@pytest.fixture
def settings(config: Path) -> Settings:
    found, _ = read_config(config)
    assert found is not None
    return found


def worst(lines: list[Line]) -> Line:
    return max(lines, key=lambda line: list(Level).index(line.level))


# ── configuration ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_private_configuration_is_fine(config: Path) -> None:
    found, lines = read_config(config)
    assert found is not None and [line.level for line in lines] == [Level.OK]
    assert str(config) in lines[0].text and "work" in lines[0].text


def test_a_missing_one_is_written_by_init(tmp_path: Path) -> None:
    found, [line] = read_config(tmp_path / "no.toml")
    assert found is None and line.level is Level.FAIL and "coldask init" in line.fix


def test_every_mistake_is_a_line(config: Path) -> None:
    config.write_text(config.read_text() + 'colour = "red"\n[outgoing]\nmode = "perhaps"\n')
    found, lines = read_config(config)
    assert found is None and len(lines) == 2 and {line.level for line in lines} == {Level.FAIL}
    assert "colour" in lines[0].text + lines[1].text and "outgoing.mode" in lines[0].text + lines[1].text


@pytest.mark.parametrize(("mode", "level"), [(0o644, Level.WARN), (0o622, Level.FAIL), (0o660, Level.FAIL)])
def test_who_else_can_read_or_write_it(config: Path, mode: int, level: Level) -> None:
    config.chmod(mode)
    line = worst(read_config(config)[1])
    assert line.level is level and f"chmod 600 {config}" in line.fix


def test_a_folder_others_write_to_is_as_good_as_the_file(config: Path) -> None:
    config.parent.chmod(0o777)
    line = worst(read_config(config)[1])
    assert line.level is Level.FAIL and "chmod go-w" in line.fix


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('[people.lists]\nchoir = ["file:none.txt"]\n', "none.txt cannot be read"),
        ('[outgoing]\non_hold = "accept"\n', "comes with a later version"),
    ],
)
def test_what_can_be_read_but_not_run(config: Path, more: str, words: str) -> None:
    config.write_text(config.read_text() + more)
    found, lines = read_config(config)
    assert found is not None and words in worst(lines).text and worst(lines).level is Level.FAIL


def test_the_local_password_is_looked_at_and_not_made(settings: Settings, tmp_path: Path) -> None:
    [line] = look_at_password(settings)
    assert line.level is Level.OK and not (tmp_path / "coldask.db.password").exists()
    secret = local_password(tmp_path / "coldask.db")
    (tmp_path / "coldask.db.password").chmod(0o640)
    [line] = look_at_password(settings)
    assert line.level is Level.FAIL and "chmod 600" in line.fix and secret not in "".join(line)


# ── store ───────────────────────────────────────────────────────────────────────────────────────────────────


async def stored(settings: Settings) -> list[Line]:
    return [line async for line in look_at_stored(settings, service=False)]


@pytest.fixture
async def path(settings: Settings, tmp_path: Path) -> AsyncIterator[Path]:
    """A store with a history."""
    path = tmp_path / "coldask.db"
    async with await Store.open(path) as store:
        await store.set_fact("learned", {"own": []})
    yield path


async def test_a_store_still_to_be_made_is_not_made_by_the_doctor(settings: Settings, tmp_path: Path) -> None:
    [line] = await stored(settings)
    assert line.level is Level.OK and "not made yet" in line.text
    assert not (tmp_path / "coldask.db").exists()


async def test_a_whole_store_is_told_with_what_it_holds(settings: Settings, path: Path) -> None:
    [line] = await stored(settings)
    assert line.level is Level.OK and "is whole: 0 letters, 0 held mails" in line.text


async def test_a_store_without_a_history_asks_for_one(settings: Settings, path: Path) -> None:
    async with await Store.open(path) as store:
        await store.set_fact("learned", None)
    assert "coldask learn" in worst(await stored(settings)).fix


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 3 * 4096 + 17])


def _zeroed(path: Path) -> None:
    path.write_bytes(bytes(100) + path.read_bytes()[100:])


def _scribbled(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 * 4 : 4096 * 12] = b"\xee" * (4096 * 8)
    path.write_bytes(data)


def _other(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1000)


@pytest.mark.parametrize("harm", [_truncated, _zeroed, _scribbled, _other])
async def test_a_damaged_store_is_found(settings: Settings, path: Path, harm: Callable[[Path], None]) -> None:
    harm(path)
    line = worst(await stored(settings))
    assert line.level is Level.FAIL and "damaged" in line.text and "restore a copy" in line.fix


async def test_the_schema_s_age_is_told(settings: Settings, path: Path) -> None:
    with sqlite3.connect(path) as db:
        last = db.execute(
            "DELETE FROM migration WHERE number = (SELECT max(number) FROM migration) RETURNING *"
        )
        number, name = last.fetchone()
    db.close()
    line = worst(await stored(settings))
    assert line.level is Level.WARN and "older coldask" in line.text
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO migration VALUES (?, ?), (9999, 'later')", (number, name))
    db.close()
    line = worst(await stored(settings))
    assert line.level is Level.FAIL and "newer coldask" in line.text


async def test_a_store_in_another_hand_is_told(settings: Settings, path: Path) -> None:
    with lock(path):
        assert "in use by another coldask" in worst(await stored(settings)).text
    assert worst(await stored(settings)).level is Level.OK


async def test_a_store_others_can_read_is_told(settings: Settings, path: Path) -> None:
    path.chmod(0o644)
    assert f"chmod 600 {path}" in worst(await stored(settings)).fix
    assert path.stat().st_mode & 0o777 == 0o644  # said, not done


async def test_a_place_where_no_store_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings.model_validate({"store": {"path": str(tmp_path / "file" / "coldask.db")}})
    assert worst(await stored(settings)).level is Level.FAIL


async def test_the_look_ends_when_its_time_is_up(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE much (a)")
        db.execute("WITH n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 60000)"
                   " INSERT INTO much SELECT printf('%0200d', x) FROM n")  # fmt: skip
    db.close()
    assert look_at_store(path, 0.0).unfinished and not look_at_store(path, 20.0).unfinished


# ── port and service ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_free_port_and_no_service(settings: Settings) -> None:
    about, line = await ask_service(settings)
    assert about is None and line.level is Level.WARN and "coldask run" in line.fix
    assert (await look_at_port(settings, service=False)).level is Level.OK
    assert (await look_at_port(settings, service=True)).level is Level.FAIL


@pytest.mark.parametrize(("ear", "lines"), [("core", 1), ("encoder", 0)])
def test_an_encoder_that_came_after_the_service(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ear: str, lines: int
) -> None:
    monkeypatch.setenv("COLDASK_ENCODER", str(tmp_path / "encoder"))
    about = {"ear": ear, "trouble": ""}
    assert not list(trouble_of(about, settings)), "nothing is installed"
    stand_in.make(tmp_path / "encoder")
    found = list(trouble_of(about, settings))
    assert [line.fix for line in found] == ["start the service again"] * lines


@pytest.mark.parametrize(
    ("greeting", "words"),
    [(b"220 mail.example ESMTP\r\n", "another program"), (b"220 x ESMTP coldask\r\n", "another store")],
)
async def test_somebody_else_at_the_port(settings: Settings, greeting: bytes, words: str) -> None:
    def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", settings.listen.port):
        line = await look_at_port(settings, service=False)
    assert line.level is Level.FAIL and words in line.text


async def test_an_address_that_is_not_this_machine_s(settings: Settings) -> None:
    far = settings.model_copy(update={"listen": settings.listen.model_copy(update={"host": "192.0.2.1"})})
    line = await look_at_port(far, service=False)
    assert line.level is Level.FAIL and "nothing can listen" in line.text
