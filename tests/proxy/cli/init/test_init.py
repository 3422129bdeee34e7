"""`coldask init`: by options, by questions on a terminal, and never over what is there."""

import json
import os
import pty
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from models.errors import UsageError
from models.settings import Security
from proxy.cli.init import init
from proxy.cli.init.providers import providers
from proxy.config import load_config
from tests.proxy.cli.commands import coldask

PASS = {"password_command": "pass mail/work"}


def run(folder: Path, **options: Any) -> Path:
    """The command in this process; the file it wrote."""
    path = folder / "coldask" / "config.toml"
    init(config=str(path), **options)
    return path


def test_as_a_person_runs_it(tmp_path: Path) -> None:
    options = ("--address", "ann@gmail.com", "--password-command", "pass 'mail/my work'")
    done = coldask("init", *options, home=tmp_path)
    path = tmp_path / ".config/coldask/config.toml"
    assert done.returncode == 0 and str(path) in done.stdout.decode()
    assert b"app password" in done.stderr and b"coldask doctor" in done.stderr
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    assert [p.name for p in path.parent.iterdir()] == ["config.toml"]
    settings = load_config(path)
    account = settings.accounts["work"]
    assert account.smtp.host == "smtp.gmail.com" and account.imap is not None
    assert account.smtp.password_command == ["pass", "mail/my work"]
    assert settings.outgoing.mode == settings.incoming.mode == "observe"
    again = coldask("init", *options, home=tmp_path)
    assert again.returncode == 2 and b"is there already" in again.stderr and again.stdout == b""


def test_nothing_is_looked_up_in_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: object, **__: object) -> None:
        raise AssertionError("it went to the network")

    monkeypatch.setattr(socket, "socket", no)
    monkeypatch.setattr(socket, "getaddrinfo", no)
    settings = load_config(run(tmp_path, address=["ann@example.org"], **PASS))
    assert settings.accounts["work"].smtp.host == "smtp.example.org"


@pytest.mark.parametrize("name", [p.name for p in providers()])
def test_every_provider_makes_a_configuration(tmp_path: Path, name: str) -> None:
    account = load_config(run(tmp_path, address=["ann@example.org"], provider=name, **PASS)).accounts["work"]
    assert account.imap is not None and account.imap.security is not Security.PLAINTEXT
    assert account.smtp.username == "ann@example.org"


@pytest.mark.parametrize(
    "options",
    [
        {"password_file": "~/secret"},
        {"password_env": "MAIL_PASSWORD"},
        {"keyring": True},
        {"token_command": "oauth ann"},
    ],
)
def test_every_source_of_a_password(tmp_path: Path, options: dict[str, Any]) -> None:
    smtp = load_config(run(tmp_path, address=["ann@example.org"], **options)).accounts["work"].smtp
    [(key, value)] = options.items()
    assert getattr(smtp, key) == (value.split() if key == "token_command" else value)


def test_a_file_is_found_from_wherever_coldask_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ca.pem").touch()
    path = run(tmp_path, address=["ann@example.org"], password_file="secret", ca_file="ca.pem")
    smtp = load_config(path).accounts["work"].smtp
    assert (smtp.password_file, smtp.ca_file) == (str(tmp_path / "secret"), str(tmp_path / "ca.pem"))


def test_all_that_can_be_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    authority = tmp_path / "ca.pem"
    authority.touch()
    path = run(
        tmp_path, address=["ann@example.org", 'a"b@example.org'], account="home-2", smtp="mail.example.net:587",
        imap="none", username="ann\\x", ca_file=str(authority), guard=True, json=True, **PASS,
    )  # fmt: skip
    settings = load_config(path)
    account = settings.accounts["home-2"]
    assert account.imap is None and account.smtp.security is Security.STARTTLS
    assert account.addresses == ["ann@example.org", 'a"b@example.org']
    assert account.smtp.username == "ann\\x" and account.smtp.ca_file == str(authority)
    assert settings.outgoing.mode == "guard" and settings.incoming.mode == "file"
    said = json.loads(capsys.readouterr().out)
    assert said["imap"] is None and said["smtp"]["port"] == 587 and said["provider"] is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (PASS, "--address ADDR"),
        ({"address": ["ann"], **PASS}, "is no mail address"),
        ({"address": ["ann@exa mple.org"], **PASS}, "is no mail address"),
        ({"address": ["ann@example.org"]}, "Where does the password come from"),
        ({"address": ["ann@example.org"], "password_env": "A", "keyring": True}, "one source"),
        ({"address": ["ann@example.org"], "password_command": "pass 'x"}, "is no command"),
        ({"address": ["ann@example.org"], "password_command": " "}, "is empty"),
        ({"address": ["ann@example.org"], "provider": "gmial", **PASS}, "it knows gmail"),
        ({"address": ["ann@example.org"], "smtp": "mail:x", **PASS}, "--smtp: 'x' is no port"),
        ({"address": ["ann@example.org"], "account": "my work", **PASS}, "is no name"),
        (
            {"address": ["ann@example.org"], "ca_file": "/nowhere/ca.pem", **PASS},
            "--ca-file /nowhere/ca.pem: ",
        ),
        ({"address": ["ann@" + "tuta.com"], **PASS}, "lets no mail program in"),
        ({"address": ["ann@example.org"], "smtp": "127.0.0.1:2587/plaintext", **PASS}, "own port"),
    ],
)
def test_what_is_missing_or_wrong_is_one_sentence(
    tmp_path: Path, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError, match=words) as refused:
        run(tmp_path, **options)
    assert "\n" not in str(refused.value)
    assert not list(tmp_path.rglob("*.*")), "nothing is left"


def test_an_old_one_is_kept_where_the_user_says_so(tmp_path: Path) -> None:
    path = run(tmp_path, address=["ann@example.org"], **PASS)
    path.write_text("# mine\n")
    with pytest.raises(UsageError, match="is there already"):
        run(tmp_path, address=["ann@example.org"], **PASS)
    assert path.read_text() == "# mine\n"
    run(tmp_path, address=["eve@example.org"], force=True, **PASS)
    assert (path.parent / "config.toml.old").read_text() == "# mine\n"
    assert "eve@example.org" in path.read_text() and path.stat().st_mode & 0o777 == 0o600


def test_a_link_to_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "coldask").mkdir()
    (tmp_path / "coldask" / "config.toml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="is there already"):
        run(tmp_path, address=["ann@example.org"], **PASS)
    assert not (tmp_path / "elsewhere").exists()


class Terminal:
    """`coldask init` on a terminal: what it asks, and what is typed."""

    def __init__(self, home: Path, *args: str) -> None:
        self.ours, theirs = pty.openpty()
        env = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home)}
        env.pop("COLDASK_CONFIG", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "proxy", "init", *args], stdin=theirs, stdout=theirs, stderr=theirs,
            env=env, cwd=Path(__file__).parents[4], start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self.seen = ""

    def answer(self, question: str, text: str) -> None:
        """Wait for a question, then type."""
        self._read_until(question)
        if "not shown" in question:
            time.sleep(0.3)  # the terminal's echo is switched off a moment after the question stands there
        os.write(self.ours, text.encode() + b"\n")

    def _read_until(self, words: str) -> None:
        start = len(self.seen)
        while words not in self.seen[start:]:
            try:
                more = os.read(self.ours, 4096).decode()
            except OSError:
                more = ""
            assert more, f"it never said {words!r}: {self.seen}"
            self.seen += more

    def end(self) -> int:
        try:
            while more := os.read(self.ours, 4096):
                self.seen += more.decode()
        except OSError:
            pass  # the other side has closed it
        os.close(self.ours)
        return self.process.wait(20)


def test_questions_for_an_unknown_provider(tmp_path: Path) -> None:
    at = Terminal(tmp_path)
    at.answer("Your mail address", "ann")
    at.answer("Your mail address", "ann@example.org")
    at.answer("for sending, HOST[:PORT] [smtp.example.org:465]", "mail.example.org:587")
    at.answer("for reading, HOST[:PORT] [imap.example.org:993]", "")
    at.answer("Its number [1]", "9")
    at.answer("Its number", "2")
    at.answer("not shown", "open-sesame")
    at.answer("first week", "")
    assert at.end() == 0, at.seen
    path = tmp_path / "coldask" / "config.toml"
    account = load_config(path).accounts["work"]
    assert (account.smtp.host, account.smtp.security) == ("mail.example.org", Security.STARTTLS)
    assert account.imap is not None and account.imap.host == "imap.example.org"
    secret = Path(str(account.smtp.password_file))
    assert secret.read_text() == "open-sesame\n" and secret.stat().st_mode & 0o777 == 0o600
    assert "open-sesame" not in at.seen + path.read_text()


def test_what_the_options_say_is_not_asked(tmp_path: Path) -> None:
    at = Terminal(tmp_path, "--address", "ann@gmail.com", "--password-env", "MAIL")
    assert at.end() == 0 and "Written: " in at.seen and "?" not in at.seen


def test_a_no_leaves_the_configuration_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "coldask" / "config.toml"
    path.parent.mkdir()
    path.write_text("# mine\n")
    at = Terminal(tmp_path, "--address", "ann@gmail.com", "--password-env", "MAIL")
    at.answer("Write a new one", "n")
    assert at.end() == 2 and path.read_text() == "# mine\n"
    at = Terminal(tmp_path, "--address", "ann@gmail.com", "--password-env", "MAIL")
    at.answer("Write a new one", "y")
    assert at.end() == 0 and (path.parent / "config.toml.old").read_text() == "# mine\n"


def test_broken_off_questions_write_nothing(tmp_path: Path) -> None:
    at = Terminal(tmp_path)
    at.answer("Your mail address", "\x04")
    assert at.end() == 2 and "\ncoldask: The questions were broken off" in at.seen
    assert not (tmp_path / "coldask").exists()
