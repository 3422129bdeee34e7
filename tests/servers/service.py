"""coldask as the tests run it: the real command with a configuration of its own, as a process of its own."""

import asyncio
import json
import os
import signal
import smtplib
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from proxy.control import call
from tests.servers import machine
from tests.servers.dovecot import Dovecot, User
from tests.servers.postfix import Postfix
from tests.servers.provider import Provider

Tables = dict[str, Any]
MakeService = Callable[..., "Service"]
COLDASK = Path(sys.executable).parent / "coldask"


def by_provider(provider: Provider) -> Tables:
    """The keys of an account's smtp table for the scripted provider."""
    return {"host": "127.0.0.1", "port": provider.port, "security": "plaintext"}


def by_postfix(postfix: Postfix, security: str = "starttls") -> Tables:
    """… for the real Postfix, its certificate checked."""
    port = postfix.port if security == "starttls" else postfix.tls_port
    authority = str(postfix.dovecot.certificates.authority)
    return {"host": "localhost", "port": port, "security": security, "ca_file": authority}


def by_dovecot(dovecot: Dovecot, security: str = "tls") -> Tables:
    """The keys of an account's imap table for the real Dovecot, its certificate checked."""
    port = dovecot.imaps_port if security == "tls" else dovecot.imap_port
    authority = str(dovecot.certificates.authority)
    return {"host": "localhost", "port": port, "security": security, "ca_file": authority}


class Service:
    """One installation of coldask in a folder: configuration, store, and the service when it runs."""

    def __init__(self, folder: Path, **tables: Tables) -> None:
        self.folder = folder
        self.port = machine.free_port()
        self.config = folder / "config.toml"
        self._process: subprocess.Popen[bytes] | None = None
        self._told = folder / "told.txt"
        bell = folder / "bell.sh"
        bell.write_text(f"#!/bin/sh\ncat >> {self._told}\necho >> {self._told}\n")
        bell.chmod(0o700)
        self.tables: Tables = {
            "store": {"path": str(folder / "coldask.db")},
            "listen": {"port": self.port},
            "outgoing": {"notify_command": [str(bell)]},
            "incoming": {"poll_seconds": 1},
        }
        for name, table in tables.items():
            self.tables[name] = {**self.tables.get(name, {}), **table}
        self.environment = {
            **{k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "TMPDIR")},
            "HOME": str(folder),
            "COLDASK_CONFIG": str(self.config),
        }

    def account(self, name: str, user: User, smtp: Tables, imap: Tables | None = None, *more: str) -> None:
        """Add an account of `user`, with `more` own addresses; the password lies in a file of mode 0600."""
        secret = self.folder / f"{name}.password"
        secret.touch(0o600)
        secret.write_text(user.password + "\n")
        login = {"username": user.address, "password_file": str(secret)}
        table: Tables = {"addresses": [user.address, *more], "smtp": {**smtp, **login}}
        if imap:
            table["imap"] = {**imap, **login}
        self.tables.setdefault("accounts", {})[name] = table

    def write(self) -> None:
        """Write the configuration as it stands in `tables`."""
        self.config.write_text(toml(self.tables))

    def call(
        self, *args: str, stdin: bytes | str = b"", seconds: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run one coldask command to its end. Whatever it says, it is never a traceback."""
        if not self.config.exists():
            self.write()
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [COLDASK, *args],
            input=data,
            capture_output=True,
            env=self.environment,
            cwd=self.folder,
            timeout=seconds,
        )
        out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        assert "Traceback" not in out + err, out + err
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    def ask(self, *args: str) -> Any:
        """Run a command that must end well and answer with one JSON document: that document."""
        done = self.call(*args, "--json")
        assert done.returncode == 0, f"{args} ended with {done.returncode}: {done.stderr}{done.stdout}"
        return json.loads(done.stdout)

    def query(self, operation: str, **args: Any) -> Any:
        """Ask the running service as the commands do, over its control socket, but without starting one."""
        return asyncio.run(call(Path(self.tables["store"]["path"]), operation, args))

    def learn(self, *mails: bytes) -> None:
        """Give it a history: these mails from an mbox; none at all is a history too."""
        file = self.folder / "history.mbox"
        line = b"From MAILER-DAEMON Mon Mar  3 10:00:00 2025\n"
        file.write_bytes(b"".join(line + m.replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n\n" for m in mails))
        done = self.call("learn", str(file))
        assert done.returncode == 0, done.stderr

    def start(
        self, *options: str, watching: Sequence[str] = (), ready: bool = True, seconds: float = 20
    ) -> None:
        """Start `coldask run` and wait until it says that it is ready, and watches these accounts."""
        self.write()
        with self._stdout.open("w") as out, self._stderr.open("a") as err:
            self._process = subprocess.Popen(
                [COLDASK, "run", *options],
                stdout=out,
                stderr=err,
                env=self.environment,
                cwd=self.folder,
            )
        if ready:
            self.wait_for("ready ", seconds)
        for name in watching:
            self.wait_for(f"watching {name} INBOX", seconds)

    def wait_for(self, start: str, seconds: float = 20) -> str:
        """The line of its stdout that starts so."""

        def look() -> str:
            found = next((line for line in self.lines if line.startswith(start)), "")
            if not found and not self.running:
                raise AssertionError(
                    f"coldask run ended with {self._process and self._process.poll()}: {self.stderr}"
                )
            return found

        try:
            return machine.until(look, f"a line {start!r}", seconds=seconds)
        except AssertionError as e:
            raise AssertionError(f"{e}\nstdout {self.lines}\nstderr {self.stderr}") from None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def _stdout(self) -> Path:
        return self.folder / "stdout.txt"

    @property
    def lines(self) -> list[str]:
        """What the running service has said on stdout."""
        return self._stdout.read_text(errors="replace").splitlines() if self._stdout.exists() else []

    @property
    def _stderr(self) -> Path:
        return self.folder / "stderr.txt"

    @property
    def stderr(self) -> str:
        """All the service ever said on stderr."""
        return self._stderr.read_text(errors="replace") if self._stderr.exists() else ""

    @property
    def told(self) -> list[str]:
        """The sentences `notify_command` got."""
        return [x for x in self._told.read_text().splitlines() if x] if self._told.exists() else []

    def __enter__(self) -> "Service":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> None:
        """End it. pytest shows what it said on stderr where a test failed; a traceback is a failure."""
        if self._process is not None:
            self.kill()
        sys.stderr.write(self.stderr)
        assert "Traceback" not in self.stderr, self.stderr

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def stop(self, seconds: float = 15) -> int:
        """SIGTERM; its exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
            raise AssertionError(f"did not end {seconds:g} s after SIGTERM: {self.stderr[-2000:]}") from None

    @property
    def password(self) -> str:
        """The local login's password."""
        if not hasattr(self, "_password"):
            done = self.call("password")
            assert done.returncode == 0, done.stderr
            self._password = done.stdout.strip()
        return self._password

    def client(self, *, timeout: float = 30) -> smtplib.SMTP:
        """Python's SMTP client, connected and logged in."""
        client = smtplib.SMTP("127.0.0.1", self.port, timeout=timeout)
        client.login("coldask", self.password)
        return client

    def send(
        self, sender: str, recipients: Sequence[str], mail: bytes, *, timeout: float = 30
    ) -> tuple[int, str]:
        """Send one mail with smtplib, up to the first refusal; the last reply: code and text."""
        client = self.client(timeout=timeout)
        try:
            client.ehlo_or_helo_if_needed()
            size = f" SIZE={len(mail)}" if client.has_extn("size") else ""
            code, text = client.docmd(f"MAIL FROM:<{sender}>{size}")
            for recipient in recipients if code == 250 else ():
                code, text = client.rcpt(recipient)
                if code not in (250, 251):
                    break
            if code in (250, 251):
                code, text = client.data(mail)
            return code, text.decode("utf-8", "replace")
        finally:
            client.close()


def toml(tables: Mapping[str, Any], at: str = "") -> str:
    """A configuration as TOML text: values first, then the tables below."""
    values = [f"{k} = {_value(v)}" for k, v in tables.items() if not isinstance(v, dict)]
    text = (f"[{at}]\n" if at else "") + "\n".join(values) + "\n\n"
    for name, table in tables.items():
        if isinstance(table, dict):
            text += toml(table, f"{at}.{name}" if at else name)
    return text


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return json.dumps(value)
