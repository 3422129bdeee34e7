"""Held mail as files: exported for good, or for a moment in the user's editor."""

import os
import shlex
import subprocess
import sys
import tempfile
from base64 import b64decode
from collections.abc import Iterable
from json import dumps
from pathlib import Path
from typing import Any

from models.errors import UsageError
from models.settings import path_in_home


def write_mails(mails: Iterable[dict[str, Any]], folder: str) -> list[str]:
    """Write each mail as ID.eml, its envelope as ID.json, readable by the user alone. The files written.

    Raises UsageError where a file is there already: nothing is overwritten.
    """
    target = path_in_home(folder)
    files: list[str] = []
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        for mail in mails:
            raw = b64decode(mail.pop("raw"))
            beside = dumps(mail, indent=2, ensure_ascii=True) + "\n"
            for ending, content in ((".eml", raw), (".json", beside.encode("ascii"))):
                path = target / (mail["id"] + ending)
                _write_new(path, content)
                files.append(str(path))
    except FileExistsError as error:
        raise UsageError(
            f"{error.filename} is there already; nothing is overwritten, name another folder."
        ) from None
    except OSError as error:
        raise UsageError(f"{error.filename or target} cannot be written: {error.strerror}.") from None
    return files


def _write_new(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def edit_mail(raw: bytes) -> bytes:
    """The mail as the user leaves it in $VISUAL or $EDITOR. Raises UsageError where that fails."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not named and not sys.stdin.isatty():
        raise UsageError("There is no terminal to edit in; set EDITOR to a program that needs none.")
    editor = shlex.split(named or "vi")
    with tempfile.TemporaryDirectory(prefix="coldask-") as folder:
        path = Path(folder) / "mail.eml"
        _write_new(path, raw.replace(b"\r\n", b"\n"))
        try:
            done = subprocess.run([*editor, str(path)], check=False)  # noqa: S603 - the user's own editor
        except OSError as error:
            raise UsageError(
                f"The editor {editor[0]} cannot be started: {error.strerror}; set EDITOR."
            ) from None
        if done.returncode:
            raise UsageError(f"The editor ended with {done.returncode}; nothing was changed.")
        return path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
