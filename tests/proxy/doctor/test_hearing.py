"""The encoder as the doctor sees it: what is wrong is said with what to do, and it is never a failure."""

import sys
from pathlib import Path

import pytest

from classifier.hearing.core import core
from models.settings import ModelTable, Settings
from proxy.doctor.hearing import look_at_hearing
from proxy.doctor.line import Level, Line
from tests.proxy.encoder import stand_in


def encoder(settings: Settings | None = None) -> Line:
    [line] = [line for line in look_at_hearing(settings or Settings()) if line.area == "encoder"]
    return line


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLDASK_ENCODER", str(tmp_path))
    return tmp_path


def test_it_need_not_be_there(where: Path) -> None:
    line = encoder()
    assert line.level is Level.OK and "coldask encoder install" in line.text


def test_another_model_is_named_and_the_core_judges(where: Path) -> None:
    stand_in.make(where)
    line = encoder()
    assert line.level is Level.WARN and "another model" in line.text and "the core judges alone" in line.text
    assert "coldask encoder install" in line.fix


def test_half_an_installation_is_one(where: Path) -> None:
    stand_in.make(where)
    (where / "tokenizer.json").unlink()
    assert encoder().level is Level.WARN and "tokenizer.json is missing" in encoder().text


def test_who_switched_it_off_is_told(where: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in.make(where)
    line = encoder(Settings(model=ModelTable(encoder=False)))
    assert line.level is Level.OK and "[model] encoder = false" in line.text
    monkeypatch.setenv("COLDASK_ENCODER", "off")
    assert "COLDASK_ENCODER=off" in encoder().text


def test_libraries_that_are_missing_come_with_the_command(
    where: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in.make(where)
    monkeypatch.setitem(sys.modules, "safetensors", None)
    monkeypatch.setattr(
        "proxy.encoder.standing.problem", lambda *_, **__: ""
    )  # as if it were the right model
    line = encoder()
    assert line.level is Level.WARN and "safetensors not installed" in line.text and "pip install" in line.fix


def test_a_core_without_its_arrays_is_a_failure(where: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classifier.hearing.core.shipped", lambda name: {})
    core.cache_clear()
    [line] = [line for line in look_at_hearing(Settings()) if line.area == "model"]
    core.cache_clear()
    assert line.level is Level.FAIL and "lack" in line.text and "install coldask again" in line.fix
