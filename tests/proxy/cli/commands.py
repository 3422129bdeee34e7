"""`coldask` run as a person runs it: a process of its own, with a home of its own."""

import os
import subprocess
import sys
from pathlib import Path

CONFIG = """[accounts.work]
addresses = ["ann@quay.example"]
[accounts.work.smtp]
host = "smtp.quay.example"
username = "ann@quay.example"
password_env = "SECRET"
"""


def coldask(
    *args: str | Path, home: Path, stdin: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end. Nothing of the user's own configuration or data is seen."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("COLDASK", "XDG"))}
    return subprocess.run(
        [sys.executable, "-m", "proxy", *map(str, args)],
        input=stdin,
        capture_output=True,
        env={**clean, "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1", **(env or {})},
        cwd=Path(__file__).parents[3],
        timeout=60,
        check=False,
    )
