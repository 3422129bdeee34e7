"""Dovecot 2.3 as the tests run it: real IMAP, IMAPS and LMTP on free ports, any address a user."""

import contextlib
import grp
import imaplib
import itertools
import os
import pwd
import shutil
import smtplib
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers import machine
from tests.servers.certificates import Certificates

PASSWORD = "open-sesame"
BARE = "IMAP4rev1 SASL-IR LITERAL+"  # no MOVE, UIDPLUS, IDLE, SPECIAL-USE, NAMESPACE
_HERE = Path(__file__).parent
_COUNT = itertools.count(1)


@dataclass(frozen=True)
class User:
    """Somebody with a mailbox on this server."""

    address: str
    password: str = PASSWORD


class Dovecot(machine.Server):
    """One running server. `separator`, `prefix` and `capabilities` make it look like other providers'."""

    def __init__(
        self, certificates: Certificates, *, separator: str = "/", prefix: str = "", capabilities: str = ""
    ) -> None:
        self.certificates = certificates
        self.separator, self.prefix, self.capabilities = separator, prefix, capabilities
        self.root = Path(tempfile.mkdtemp(prefix="cdv", dir="/tmp"))  # short: it holds sockets
        self.imap_port, self.imaps_port, self.lmtp_port = (machine.free_port() for _ in range(3))

    @property
    def auth_socket(self) -> Path:
        return self.root / "run" / "auth-client"

    def start(self) -> None:
        """Start it and wait until it answers. Skips the test where Dovecot 2.3 is not installed."""
        program = machine.need("dovecot")
        version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()
        if not version.startswith("2.3"):
            pytest.skip(
                f"Dovecot {version} has another configuration syntax; these tests know 2.3 (Debian 12)"
            )
        if not Path("/usr/lib/dovecot/lmtp").exists():
            machine.missing("Dovecot's LMTP (dovecot-lmtpd)")
        self._configure()
        self._process = subprocess.Popen(
            [*self._as_user(), program, "-F", "-c", str(self.root / "dovecot.conf")]
        )
        machine.until(
            lambda: machine.listens(self.lmtp_port) and machine.listens(self.imap_port), "Dovecot listens"
        )

    def _owner(self) -> tuple[str, str]:
        if os.geteuid() == 0:
            return "mail", "mail"
        return pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name

    def _as_user(self) -> list[str]:
        """The words before the command: never outlive the tests, and never run as root."""
        words = [machine.need("setpriv"), "--pdeathsig", "TERM"]
        if os.geteuid() == 0:
            user, group = self._owner()
            words += [f"--reuid={user}", f"--regid={group}", "--init-groups"]
        return words

    def _configure(self) -> None:
        user, group = self._owner()
        text = (_HERE / "dovecot.conf.in").read_text()
        for word, value in {
            "ROOT": self.root, "USER": user, "GROUP": group, "PASSWORD": PASSWORD,
            "IMAP": self.imap_port, "IMAPS": self.imaps_port, "LMTP": self.lmtp_port,
            "SEPARATOR": self.separator, "PREFIX": self.prefix,
            "CAPABILITIES": f"imap_capability = {self.capabilities}" if self.capabilities else "",
        }.items():  # fmt: skip
            text = text.replace(f"@{word}@", str(value))
        (self.root / "dovecot.conf").write_text(text)
        shutil.copy(self.certificates.certificate, self.root / "cert.pem")
        shutil.copy(self.certificates.key, self.root / "key.pem")
        for folder in ("run", "state", "mail"):
            (self.root / folder).mkdir(exist_ok=True)
        if os.geteuid() == 0:
            for path in (self.root, *self.root.rglob("*")):
                shutil.chown(path, user, group)
        self.root.chmod(0o755)  # Postfix asks the socket within

    def user(self, name: str = "ann") -> User:
        """Somebody new with an empty mailbox, so that tests share the server and nothing else."""
        return User(f"{name}.{next(_COUNT)}@example.org")

    def deliver(self, mail: bytes, *recipients: str, sender: str = "somebody@sender.example") -> None:
        """Hand a mail in by LMTP, as the provider's MTA does. An empty sender would mean a report."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as client:
            client.sendmail(sender, recipients, mail)

    @contextlib.contextmanager
    def imap(self, user: User) -> Iterator[imaplib.IMAP4]:
        """A second IMAP client, logged in for as long as the block lasts."""
        with imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=10) as client:
            client.login(user.address, user.password)
            yield client

    def name_of(self, folder: str) -> str:
        """A folder's full name in this server's namespace."""
        return folder if folder == "INBOX" else self.prefix + folder

    def path_of(self, address: str, folder: str = "INBOX") -> Path:
        """The Maildir of a folder on disk (Maildir++: `.` before each name but INBOX)."""
        home = self.root / "mail" / address / "Maildir"
        return home if folder == "INBOX" else home / f".{folder}"

    def mails(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """The mails in a folder as they lie on disk, with CRLF line ends, oldest first."""
        maildir = self.path_of(address, folder)
        files = [f for sub in ("new", "cur") if (maildir / sub).is_dir() for f in (maildir / sub).iterdir()]
        found = []
        for file in sorted(files, key=lambda f: f.name):
            try:
                found.append(file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
            except FileNotFoundError:
                continue  # moved on while we looked
        return found

    def subjects(self, address: str, folder: str = "INBOX") -> list[str]:
        """The subjects in a folder, as written."""
        return [subject_of(mail) for mail in self.mails(address, folder)]

    def append(self, user: User, folder: str, mails: Sequence[bytes], *, seen: bool = True) -> None:
        """Put mails into a folder by IMAP, as a mail client does with what it sent."""
        with self.imap(user) as client:
            for mail in mails:
                answer, words = client.append(
                    f'"{self.name_of(folder)}"', r"(\Seen)" if seen else "", "", mail
                )
                assert answer == "OK", words

    def fill(self, user: User, mails: Sequence[bytes]) -> None:
        """Lay very many read mails into an inbox on disk, before anybody logs in: appending takes minutes."""
        home = self.path_of(user.address)
        for folder in ("cur", "new", "tmp"):
            (home / folder).mkdir(parents=True, exist_ok=True)
        for i, mail in enumerate(mails):
            lines = mail.count(b"\n") - mail.count(b"\r\n")
            name = f"1577836800.{i:07}.x,S={len(mail)},W={len(mail) + lines}:2,S"
            (home / "cur" / name).write_bytes(mail)
        if os.geteuid() == 0:
            for path in (home.parent, home, *home.rglob("*")):
                shutil.chown(path, *self._owner())


def subject_of(mail: bytes) -> str:
    """The Subject of a mail, as written."""
    head = mail.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    for line in head.split(b"\n"):
        if line.lower().startswith(b"subject:"):
            return line[8:].strip().decode("utf-8", "replace")
    return ""
