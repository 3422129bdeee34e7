"""What the command line says of itself: version, help, and a misuse in one plain sentence."""

from importlib.metadata import version
from pathlib import Path

import pytest

from proxy.cli.render import share
from tests.proxy.cli.commands import coldask


def test_version(tmp_path: Path) -> None:
    run = coldask("--version", home=tmp_path)
    assert (run.returncode, run.stdout.decode()) == (0, f"coldask {version('coldask')}\n")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["check", "--foo"], "No such option: --foo. `coldask check --help` shows how."),
        (["chek"], "Did you mean 'check'? `coldask --help`"),
        (["held", "show"], "Missing argument 'ID'. `coldask held show --help`"),
        (
            ["held", "release", "k7qm", "--only", "a@x.example", "--except", "b@x.example"],
            "--only and --except",
        ),
        (["check", "--batch", "draft.eml"], "--batch reads its cases from stdin"),
        (["check", "--batch", "--outgoing"], "stand in each line"),
    ],
)
def test_a_misuse_is_one_plain_sentence(tmp_path: Path, args: list[str], words: str) -> None:
    run = coldask(*args, home=tmp_path, env={"FORCE_COLOR": "1", "TERM": "xterm-256color"})
    assert (run.returncode, run.stdout) == (2, b"")
    said = run.stderr.decode()
    assert words in said and said.startswith("coldask: ")
    assert said.count("\n") == 1 and said.isascii() and "\x1b" not in said


@pytest.mark.parametrize("args", [[], ["held"]])
def test_without_a_command_the_help_is_shown(tmp_path: Path, args: list[str]) -> None:
    run = coldask(*args, home=tmp_path, env={"NO_COLOR": "1"})
    said = run.stderr.decode()
    assert (run.returncode, run.stdout) == (2, b"")
    assert said.startswith("Usage: coldask") and "╭" not in said and "\x1b" not in said


def test_help_is_plain(tmp_path: Path) -> None:
    run = coldask("held", "release", "--help", home=tmp_path)
    assert run.returncode == 0
    assert "Example: coldask held release k7qm" in run.stdout.decode() and b"\x1b" not in run.stdout


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (1.0, "100%"),
        (0.9999, "over 99%"),
        (0.995, "over 99%"),
        (0.99, "99%"),
        (0.5, "50%"),
        (0.004, "under 1%"),
        (0, "0%"),
    ],
)
def test_nothing_short_of_certain_is_called_so(part: float, words: str) -> None:
    assert share(part) == words
