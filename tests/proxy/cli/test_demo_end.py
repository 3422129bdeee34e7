"""`coldask demo` ends at the first Ctrl-C or SIGTERM, in the play and after it, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SECONDS = 20


class Demo:
    """A running demo whose temporary folder is one of the test's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "proxy", "demo"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PATH": "/usr/bin:/bin", "TMPDIR": str(folder), "HOME": str(folder)},
        )

    def read_to(self, words: str) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            if words in line:
                return
        raise AssertionError(f"it ended without saying {words!r}")

    def end(self, by: signal.Signals) -> str:
        """Send one signal; the rest of what it says."""
        self.process.send_signal(by)
        return self.process.communicate(timeout=SECONDS)[0]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    running = Demo(tmp_path)
    yield running
    running.process.kill()
    running.process.communicate()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_the_demo_that_stays_up(demo: Demo, by: signal.Signals) -> None:
    demo.read_to("Ctrl-C ends it")
    assert demo.end(by) == ""
    assert demo.process.returncode == 0
    assert list(demo.folder.glob("coldask-demo-*")) == []


def test_one_signal_ends_the_play(demo: Demo) -> None:
    demo.read_to("passed")
    said = demo.end(signal.SIGINT)
    assert "should not have happened" not in said
    assert demo.process.returncode == 130
    assert list(demo.folder.glob("coldask-demo-*")) == []


def test_the_commands_it_names_can_be_typed(demo: Demo) -> None:
    """Also where `coldask` is on no PATH, as after `make demo`."""
    demo.read_to("look around")
    assert demo.process.stdout
    command = demo.process.stdout.readline().split()
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)) == 4
