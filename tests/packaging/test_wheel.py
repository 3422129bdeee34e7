"""The wheel, built and installed into a clean environment: all is in it, and works far from the checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("models", "classifier", "proxy")
MAIL = """From: ann@example.org
To: stranger@outside.example
Subject: A question
Date: Mon, 3 Mar 2025 10:00:00 +0000
Message-ID: <1@client.example>

Dear colleague,

could you introduce me to your head of hiring? I am looking for a new job.

Ann
"""


def _run(
    *command: str | Path, cwd: Path, code: int | None = 0, **more: str
) -> "subprocess.CompletedProcess[str]":
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COLDASK", "VIRTUAL_ENV"))}
    done = subprocess.run(
        command, cwd=cwd, env={**kept, "HOME": more.pop("HOME", os.environ.get("HOME", "/root")), **more},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert code is None or done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check")
    _run(*pip, "--no-deps", "--wheel-dir", folder, ROOT, cwd=folder)
    [built] = folder.glob("coldask-*.whl")
    return built


@pytest.fixture(scope="module")
def coldask(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed from the wheel with what it declares to need, and nothing else."""
    folder = tmp_path_factory.mktemp("clean")
    _run(sys.executable, "-m", "venv", folder / "env", cwd=folder)
    pip = (
        folder / "env" / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    )
    _run(*pip, wheel, cwd=folder)
    return folder / "env" / "bin" / "coldask"


def test_all_files_of_the_packages_are_in_the_wheel(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(file.relative_to(ROOT))
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if "corpus" not in file.parts  # for fitting, not for running
        and file.is_file()
        and "__pycache__" not in file.parts
    }
    assert any(name.endswith(".sql") for name in wanted) and any(name.endswith(".txt") for name in wanted)
    assert wanted <= packed, sorted(wanted - packed)
    assert not [name for name in packed if "/corpus/" in name]
    strangers = {n for n in packed if not n.startswith((*(f"{p}/" for p in PACKAGES), "coldask-"))}
    assert not strangers, "nothing else becomes importable"


def test_help_outside_the_checkout(coldask: Path, tmp_path: Path) -> None:
    said = _run(coldask, "--help", cwd=tmp_path, HOME=str(tmp_path)).stdout
    assert "check" in said and "held" in said


def test_check_outside_the_checkout(coldask: Path, tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_text(MAIL)
    (tmp_path / "empty.mbox").touch()
    options = ("--outgoing", "--owner", "ann@example.org", "--past", "empty.mbox", "--json")
    done = _run(coldask, "check", "mail.eml", *options, cwd=tmp_path, HOME=str(tmp_path), code=1)
    verdict = json.loads(done.stdout)
    assert verdict["disposition"] == "hold"
    assert {f["rule"] for f in verdict["findings"] if f["effect"] == "hold"} == {"premature-ask"}


def test_a_store_is_made_outside_the_checkout(coldask: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.mbox").touch()
    config = tmp_path / "config.toml"
    config.write_text(
        f'[store]\npath = "{tmp_path}/s.db"\n[accounts.work]\naddresses = ["ann@example.org"]\n'
        '[accounts.work.smtp]\nhost = "localhost"\nusername = "ann"\npassword_env = "NONE"\n'
    )
    options = ("--config", str(config))
    _run(coldask, "learn", "empty.mbox", *options, cwd=tmp_path, HOME=str(tmp_path))
    listed = _run(coldask, "held", "list", "--json", *options, cwd=tmp_path, HOME=str(tmp_path))
    assert json.loads(listed.stdout) == []


def test_without_the_extra_the_encoder_says_the_one_command(coldask: Path, tmp_path: Path) -> None:
    status = _run(coldask, "encoder", "status", "--json", cwd=tmp_path, HOME=str(tmp_path)).stdout
    assert json.loads(status)["libraries"] == {"safetensors": None, "tokenizers": None}
    said = _run(coldask, "encoder", "install", cwd=tmp_path, HOME=str(tmp_path), code=2).stderr
    assert f"run `{coldask.parent}/python" in said and "pip install safetensors tokenizers`" in said
    assert list(tmp_path.iterdir()) == []


def test_the_demo_plays_from_a_plain_install(coldask: Path, tmp_path: Path) -> None:
    done = _run(coldask, "demo", "--once", cwd=tmp_path, HOME=str(tmp_path))
    assert "as announced" in done.stdout
    assert not list(tmp_path.rglob("*.db")), "it never touches the user's data"
