"""`coldask check`, as a process: one mail, a stream of cases, and wrong input."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.proxy.cli.commands import coldask
from tests.proxy.cli.mailbox_samples import ANN, COLD, PREMATURE, friendship


def document(run: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    assert b"Traceback" not in run.stderr
    (line,) = run.stdout.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.fixture
def cold(tmp_path: Path) -> Path:
    path = tmp_path / "cold.eml"
    path.write_bytes(COLD)
    return path


def test_a_cold_ask_would_be_filed(tmp_path: Path, cold: Path) -> None:
    run = coldask("check", "--json", "--past", "/dev/null", "--owner", ANN, cold, home=tmp_path)
    verdict = document(run)
    assert (run.returncode, verdict["direction"], verdict["disposition"]) == (1, "incoming", "file")
    assert verdict["ties"] == {"rex@dunnleads.example": {"tie": "unknown", "facts": ["no mail either way"]}}


def test_what_comes_in_is_filed_and_not_held(tmp_path: Path, cold: Path) -> None:
    said = coldask("check", "--past", "/dev/null", "--owner", ANN, cold, home=tmp_path).stdout.decode()
    assert said.startswith("incoming: file\n") and "\ncold-ask (" in said and "hold" not in said


def test_a_premature_ask_would_be_held_and_to_a_friend_passes(tmp_path: Path) -> None:
    past = friendship(tmp_path / "past")
    stranger = coldask(
        "check", "--json", "--past", "/dev/null", "--owner", ANN, home=tmp_path, stdin=PREMATURE
    )
    friend = coldask("check", "--json", "--past", past, "--owner", ANN, "-", home=tmp_path, stdin=PREMATURE)
    assert (stranger.returncode, document(stranger)["disposition"]) == (1, "hold")
    assert (friend.returncode, document(friend)["disposition"]) == (0, "pass")
    assert document(friend)["ties"]["vera@holm.example"]["tie"] == "established"


def test_whose_mailbox_it_is_the_configuration_may_say(tmp_path: Path) -> None:
    past = friendship(tmp_path / "past")
    nobody = coldask("check", "--json", "--past", past, home=tmp_path, stdin=PREMATURE)
    assert nobody.returncode == 2 and b"Whose mailbox is it?" in nobody.stderr
    config = tmp_path / "config.toml"
    config.write_text(
        f'[accounts.a]\naddresses = ["{ANN}"]\n[accounts.a.smtp]\nhost = "smtp.quay.example"\n'
        'username = "ann"\npassword_env = "SECRET"\n'
    )
    run = coldask("check", "--json", "--past", past, "--config", config, home=tmp_path, stdin=PREMATURE)
    assert (run.returncode, document(run)["direction"]) == (0, "outgoing"), run.stderr
    assert f"No --owner: {ANN} is taken as yours".encode() in run.stderr


def test_what_comes_after_the_moment_is_not_seen(tmp_path: Path) -> None:
    past = friendship(tmp_path / "past")
    run = coldask(
        "check", "--json", "--past", past, "--owner", ANN, "--as-of", "2024-05-01T11:30:00+00:00",
        home=tmp_path, stdin=PREMATURE,
    )  # fmt: skip
    assert document(run)["ties"]["vera@holm.example"]["tie"] == "answered"


def test_blind_recipients_come_by_option(tmp_path: Path) -> None:
    run = coldask(
        "check", "--json", "--past", "/dev/null", "--owner", ANN, "--rcpt", "Blind@Reef.example",
        home=tmp_path, stdin=PREMATURE,
    )  # fmt: skip
    assert list(document(run)["ties"]) == ["blind@reef.example"]


def test_the_direction_can_be_said(tmp_path: Path, cold: Path) -> None:
    assert document(coldask("check", "--json", "--outgoing", cold, home=tmp_path))["direction"] == "outgoing"
    assert (
        document(coldask("check", "--json", "--incoming", home=tmp_path, stdin=PREMATURE))["direction"]
        == "incoming"
    )
    assert coldask("check", "--incoming", "--outgoing", cold, home=tmp_path).returncode == 2


def test_without_history_nothing_is_filed_or_held(tmp_path: Path, cold: Path) -> None:
    assert coldask("check", cold, home=tmp_path).returncode == 0
    run = coldask("check", "--outgoing", "--json", home=tmp_path, stdin=PREMATURE)
    assert (run.returncode, document(run)["disposition"]) == (0, "note")
    assert b"as if no history had been read" in run.stderr and b"--owner" not in run.stderr
    run = coldask("check", "--json", home=tmp_path, stdin=PREMATURE)
    assert document(run)["direction"] == "incoming"
    assert b"name your address with --owner, or say --outgoing" in run.stderr


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\xff" * 500, b"\n\n\n", b"From: \xff\xfe\n\n" + b"x" * 100_000]
)
def test_strange_content_is_no_error(tmp_path: Path, content: bytes) -> None:
    incoming = coldask(
        "check", "--json", "--incoming", "--past", "/dev/null", "--owner", ANN, home=tmp_path, stdin=content
    )
    assert (incoming.returncode, document(incoming)["disposition"]) == (0, "keep")
    outgoing = coldask(
        "check", "--json", "--outgoing", "--past", "/dev/null", "--owner", ANN, home=tmp_path, stdin=content
    )
    assert (outgoing.returncode, document(outgoing)["disposition"]) in [(0, "note"), (0, "pass")]


def test_empty_content_is_said_to_be_unreadable(tmp_path: Path) -> None:
    for way in ("--incoming", "--outgoing"):
        run = coldask("check", "--json", way, "--past", "/dev/null", "--owner", ANN, home=tmp_path)
        assert "unreadable" in [f["rule"] for f in document(run)["findings"]]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["check", "nowhere.eml"], "There is no file nowhere.eml"),
        (["check", "--past", "nowhere", "--owner", ANN], "There is nothing at nowhere"),
        (["check", "--past", "/dev/null"], "name your own address with --owner"),
        (["check", "--owner", ANN, "--as-of", "yesterday"], "is no time"),
        (["check", "--config", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_wrong_input_is_one_sentence_and_exit_2(tmp_path: Path, args: list[str], words: str) -> None:
    run = coldask(*args, home=tmp_path)
    assert run.returncode == 2
    assert words.lower() in run.stderr.decode().lower()
    assert len(run.stderr.splitlines()) == 1
    assert run.stdout == b""


def test_the_words_for_a_person(tmp_path: Path, cold: Path) -> None:
    run = coldask("check", "--past", "/dev/null", "--owner", ANN, cold, home=tmp_path)
    lines = run.stdout.decode().splitlines()
    assert lines[0] == "incoming: file"
    assert "rex@dunnleads.example: unknown (no mail either way)" in lines


def test_a_batch_answers_every_line_in_order(tmp_path: Path, cold: Path) -> None:
    past = friendship(tmp_path / "past")
    mine = tmp_path / "mine.eml"
    mine.write_bytes(PREMATURE)
    base = {"owner": [ANN], "as_of": "2024-06-03T10:00:00+00:00"}
    lines: list[Any] = [
        {"id": 1, "path": str(cold), "past": None, "direction": "incoming", **base},
        {
            "id": "2",
            "path": str(mine),
            "past": str(past),
            "direction": "outgoing",
            "rcpt": ["vera@holm.example"],
            **base,
        },
        {"id": 3, "path": str(tmp_path / "gone.eml"), "past": None, "direction": "incoming", **base},
        {"id": 4, "path": str(cold), "past": str(tmp_path / "gone"), "direction": "incoming", **base},
        {"id": 5, "path": str(cold), "past": None, "direction": "sideways", **base},
        {"id": 6, "path": str(cold), "past": None, "direction": "incoming", "owner": ANN, "as_of": "soon"},
        {"id": 7, "path": 3},
        [8],
        {"id": 9, "path": str(mine), "past": None, "direction": "outgoing", "rcpt": [], **base},
    ]
    stdin = "".join(json.dumps(line) + "\n" for line in lines) + "no json\n\n"
    run = coldask("check", "--batch", home=tmp_path, stdin=stdin.encode() + b'{"id": 10, "path": "\xe9.eml"}')
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 2
    assert [a["id"] for a in answers] == [1, "2", 3, 4, 5, 6, 7, None, 9, None, None]
    assert [a.get("disposition") for a in answers] == ["file", "pass", *[None] * 6, "hold", None, None]
    assert answers[-1]["error"] == "the line is not UTF-8 text (byte 20); write it as UTF-8."
    assert all(isinstance(a["error"], str) for a in answers if "disposition" not in a)


def test_a_batch_without_errors_ends_with_0(tmp_path: Path, cold: Path) -> None:
    line = {"id": 1, "path": str(cold), "past": None, "owner": [ANN], "direction": "incoming"}
    run = coldask("check", "--batch", "--json", home=tmp_path, stdin=json.dumps(line).encode())
    assert run.returncode == 0


def test_a_batch_answers_before_the_next_line_comes(tmp_path: Path, cold: Path) -> None:
    line = {"id": 1, "path": str(cold), "past": None, "owner": [ANN], "direction": "incoming"}
    with subprocess.Popen(
        [sys.executable, "-m", "proxy", "check", "--batch"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3],
    ) as process:  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps(line).encode() + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["disposition"] == "file"
        process.stdin.close()


HEAVY = ("sklearn", "scipy", "torch", "aiosmtpd", "rich")
KNOWN = b"From: Vera Holm <vera@holm.example>\nTo: ann@quay.example\nSubject: Thursday\n\nShall we say ten?\n"


def test_judging_imports_nothing_heavy(tmp_path: Path, cold: Path) -> None:
    """No fitting library ever; and numpy, which the ears need, only where the text decides."""
    known = tmp_path / "known.eml"
    known.write_bytes(KNOWN)
    past = friendship(tmp_path / "past")
    for mail, history, forbidden in ((cold, Path("/dev/null"), HEAVY), (known, past, (*HEAVY, "numpy"))):
        code = (
            "import sys\n"
            f"sys.argv = ['coldask', 'check', '--past', {str(history)!r}, '--owner', {ANN!r}, {str(mail)!r}]\n"
            "from proxy.cli import app\n"
            "try: app()\n"
            "except SystemExit: pass\n"
            f"print([m for m in {forbidden} if m in sys.modules])"
        )
        run = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, cwd=Path(__file__).parents[3], check=True
        )
        assert run.stdout.startswith(b"incoming: "), run.stderr
        assert run.stdout.splitlines()[-1] == b"[]"


LIBRARIES = "import asyncio, ssl, sqlite3, imaplib, smtplib, http.server, unittest.mock, typer._adapters, pydantic.main"


def test_the_answer_comes_at_once(tmp_path: Path, cold: Path) -> None:
    """At most six times the processor time that loading some libraries takes, 0.13 s on an idle machine.

    A busy machine stretches both alike; bench/ measures the clock.
    """

    def took(*words: str | Path) -> float:
        before = os.times()
        subprocess.run([sys.executable, *words], cwd=Path(__file__).parents[3], stdout=subprocess.DEVNULL)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    check = ("-m", "proxy", "check", "--past", "/dev/null", "--owner", ANN, cold)
    took(*check)  # the interpreter's cache warm, as on a machine in use
    pairs = [(took("-c", LIBRARIES), took(*check)) for _ in range(3)]
    assert min(mine for _, mine in pairs) < 6 * min(theirs for theirs, _ in pairs), pairs


@pytest.mark.parametrize("option", ["--owner", "--rcpt"])
def test_what_is_no_address_is_refused_with_words(tmp_path: Path, cold: Path, option: str) -> None:
    run = coldask("check", option, "notanaddress", cold, home=tmp_path)
    assert run.returncode == 2 and b"is no mail address" in run.stderr
