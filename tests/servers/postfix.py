"""Postfix as the tests run it: submission with AUTH, STARTTLS and TLS, delivering into Dovecot."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.servers import machine
from tests.servers.dovecot import Dovecot

_HERE = Path(__file__).parent


class Postfix(machine.Server):
    """One running server. Refuses bad@ (550), defer@ (450), full@example.net (552), foreign senders (553)."""

    def __init__(self, dovecot: Dovecot) -> None:
        self.dovecot = dovecot
        self.root = Path(tempfile.mkdtemp(prefix="cpf", dir="/tmp"))
        self.port, self.tls_port = machine.free_port(), machine.free_port()

    def start(self) -> None:
        """Start it and wait until it answers. Skips the test without Postfix or without root."""
        program = machine.need("postfix")
        if os.geteuid() != 0:
            if os.environ.get("COLDASK_REQUIRE_SERVERS"):
                pytest.fail("Postfix needs root, and COLDASK_REQUIRE_SERVERS is set.", pytrace=False)
            pytest.skip("Postfix's master process runs as root only; run the tests as root to include these")
        self._configure()
        Path("/etc/postfix/main.cf").touch()  # its tools look there first, also when told of another folder
        etc = str(self.root / "etc")
        self._process = subprocess.Popen(
            # It never outlives the tests.
            [machine.need("setpriv"), "--pdeathsig", "TERM", "/usr/lib/postfix/sbin/master", "-c", etc],
            env={**os.environ, "MAIL_CONFIG": etc},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        machine.until(
            lambda: machine.listens(self.port) and machine.listens(self.tls_port), f"{program} listens"
        )

    def log(self) -> str:
        """Its own log, for when a test fails."""
        file = self.root / "log" / "mail.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def _configure(self) -> None:
        self.root.chmod(0o755)
        for folder in ("etc", "spool", "data", "log"):
            (self.root / folder).mkdir()
        for folder in ("data", "log"):
            shutil.chown(self.root / folder, "postfix")
        shutil.copy(self.dovecot.certificates.certificate, self.root / "cert.pem")
        shutil.copy(self.dovecot.certificates.key, self.root / "key.pem")
        values = {
            "ROOT": self.root, "AUTH": self.dovecot.auth_socket, "LMTP": self.dovecot.lmtp_port,
            "PORT": self.port, "PORTS": self.tls_port,
        }  # fmt: skip
        for name in ("main.cf", "master.cf"):
            text = (_HERE / f"postfix-{name}.in").read_text()
            for word, value in values.items():
                text = text.replace(f"@{word}@", str(value))
            (self.root / "etc" / name).write_text(text)
        for name in ("postfix-files", "dynamicmaps.cf"):
            if Path("/etc/postfix", name).exists():
                shutil.copy(Path("/etc/postfix", name), self.root / "etc")
        # Makes the queue's folders with their owners and modes.
        checked = subprocess.run(
            ["postfix", "-c", str(self.root / "etc"), "check"], capture_output=True, text=True, timeout=30
        )
        assert checked.returncode == 0, checked.stderr
