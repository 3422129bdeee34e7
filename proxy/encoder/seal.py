"""Are the files the ones coldask was fitted to? Hashed once an installation, by size and time afterwards."""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from proxy.encoder.place import PACKAGE, SHA256, STAMP, VERSION


def digest(file: Path) -> str:
    """SHA-256 of a file. Raises OSError."""
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def problem(place: Path, pins: Mapping[str, str] = SHA256, *, fully: bool = False) -> str:
    """What is wrong with the files in a folder, as half a sentence; "" where they are the right ones.

    Files as the stamp saw them are not hashed again, unless `fully`.
    """
    try:
        for name in pins:
            if not (place / name).is_file():
                return f"{name} is missing"
        if not fully and _stamped(place) == {name: _seen(place / name, pins[name]) for name in pins}:
            return ""
        for name, pin in pins.items():
            if (found := digest(place / name)) != pin:
                return foreign(name, found, pin)
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    with contextlib.suppress(OSError):  # of a folder that is not ours to write: it is hashed each time
        stamp(place, pins)
    return ""


def foreign(name: str, found: str, pin: str) -> str:
    """The words for a file of another make, or a damaged one."""
    return f"{name} is damaged or another model (its SHA-256 begins {found[:8]}, not {pin[:8]})"


def stamp(place: Path, pins: Mapping[str, str] = SHA256) -> None:
    """Note that the files as they lie there are the right ones. Raises OSError."""
    seen = {name: _seen(place / name, pin) for name, pin in pins.items()}
    note = {"package": PACKAGE, "version": VERSION, "files": seen}
    draft = place / f"{STAMP}.new"
    draft.write_text(json.dumps(note, indent=1) + "\n", "utf-8")
    draft.replace(place / STAMP)


def _stamped(place: Path) -> Any:
    try:
        return json.loads((place / STAMP).read_bytes())["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _seen(file: Path, pin: str) -> dict[str, Any]:
    found = file.stat()
    return {"sha256": pin, "bytes": found.st_size, "mtime_ns": found.st_mtime_ns}
