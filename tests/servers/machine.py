"""What this machine offers the tests: free ports, programs, servers, and how to wait for something."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import pytest

T = TypeVar("T")

INSTALL = "make servers"  # the one command; it asks apt for them


def free_port() -> int:
    """A port nothing listens on at this moment."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


def missing(what: str) -> None:
    """End the test: skipped with the command that installs, or failed where servers are required."""
    words = f"{what} is not here; `{INSTALL}` (as root) installs it"
    if os.environ.get("COLDASK_REQUIRE_SERVERS"):
        pytest.fail(f"{words}. COLDASK_REQUIRE_SERVERS is set, so this is a failure.", pytrace=False)
    pytest.skip(words)


def need(program: str) -> str:
    """The path of a program, looked for where servers live too."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin:/sbin")
    if found is None:
        missing(program)
    assert found is not None
    return found


class Server:
    """A real server in a folder of its own: `with` starts it, stops it, and takes the folder away."""

    root: Path
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stop it; what it holds stays, so that it can start again."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)


def listens(port: int) -> bool:
    with socket.socket() as s:
        s.settimeout(1)
        return s.connect_ex(("127.0.0.1", port)) == 0


def until(look: Callable[[], T], what: str, *, seconds: float = 10, every: float = 0.02) -> T:
    """Look again and again until it is true; the value it then had. Fails with words when the time is up."""
    deadline = time.monotonic() + seconds
    while not (value := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s in vain: {what}")
        time.sleep(every)
    return value
