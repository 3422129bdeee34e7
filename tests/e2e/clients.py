"""Three mail clients as people use them: Python's smtplib, swaks and msmtp, each sending through coldask."""

import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.servers import machine
from tests.servers.service import Service

Send = Callable[[Service, str, Sequence[str], bytes], tuple[int, str]]


def by_smtplib(service: Service, sender: str, recipients: Sequence[str], mail: bytes) -> tuple[int, str]:
    return service.send(sender, recipients, mail)


def by_swaks(service: Service, sender: str, recipients: Sequence[str], mail: bytes) -> tuple[int, str]:
    file = _written(service, mail.removesuffix(b"\r\n"))  # swaks ends the last line itself
    done = subprocess.run(
        [
            machine.need("swaks"), "--server", "127.0.0.1", "--port", str(service.port),
            "--auth", "LOGIN", "--auth-user", "coldask",
            "--auth-password", service.password,
            "--from", sender, "--to", ",".join(recipients), "--data", f"@{file}",
        ],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    # swaks marks what the server said: "<-  250 …", and "<** 554 …" where it was refused.
    said = re.findall(r"^<(?:-|\*\*)\s+(\d{3})[ -](.*)$", done.stdout, re.M)
    said = [line for line in said if line[0] != "221"]
    assert said, done.stdout + done.stderr
    code = said[-1][0]
    last: list[str] = []
    for found, text in reversed(said):
        if found != code or len(last) == 4:
            break
        last.insert(0, text)
    return int(code), "\n".join(last)


def by_msmtp(service: Service, sender: str, recipients: Sequence[str], mail: bytes) -> tuple[int, str]:
    file = _written(service, mail)
    with file.open("rb") as data:
        done = subprocess.run(
            [
                machine.need("msmtp"), "--host=127.0.0.1", f"--port={service.port}", "--tls=off",
                "--auth=plain", "--user=coldask", f"--passwordeval=echo {service.password}",
                f"--from={sender}", "--", *recipients,
            ],
            stdin=data, capture_output=True, text=True, timeout=60,
            env={**service.environment, "LC_ALL": "C"},
        )  # fmt: skip
    if done.returncode == 0:
        return 250, ""
    lines = re.findall(r"server message: (\d{3})[ -](.*)", done.stderr)
    assert lines, done.stderr
    return int(lines[-1][0]), "\n".join(text for _, text in lines)


def _written(service: Service, mail: bytes) -> Path:
    """The mail as a file with this system's line ends, as these clients want it."""
    file = service.folder / "mail.txt"
    file.write_bytes(mail.replace(b"\r\n", b"\n"))
    return file


CLIENTS: dict[str, Send] = {"smtplib": by_smtplib, "swaks": by_swaks, "msmtp": by_msmtp}
