"""What a later version brings says so, in a sentence, with exit 2."""

import subprocess
import sys

import pytest

from proxy.cli.later import LATER


@pytest.mark.parametrize("name", sorted(LATER))
def test_a_command_still_to_come_says_so(name: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "proxy", name, "--some", "words"], capture_output=True, text=True
    )
    assert run.returncode == 2 and run.stdout == ""
    assert (
        run.stderr.startswith(f"coldask: `coldask {name}` is not yet there") and run.stderr.count("\n") == 1
    )
