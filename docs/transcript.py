"""Puts what `coldask demo --once` really prints into the README: `python docs/transcript.py`."""

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def main() -> None:
    played = subprocess.run(
        [sys.executable, "-m", "proxy", "demo", "--once"], capture_output=True, text=True, check=True
    )
    told = re.sub(r"\n\n\n", "\n\n", played.stdout.strip())
    text = README.read_text("utf-8")
    made = re.sub(
        r"```console\n.*?```", lambda _: f"```console\n$ make demo\n{told}\n```", text, count=1, flags=re.S
    )
    README.write_text(made, "utf-8")


if __name__ == "__main__":
    main()
