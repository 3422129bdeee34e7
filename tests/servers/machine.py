"""What this machine offers the tests: free ports, programs, and how to wait for something."""

import os
import shutil
import socket
import time
from collections.abc import Callable
from typing import TypeVar

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
