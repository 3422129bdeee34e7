"""The configuration and the files it names: can they be read, by whom, and written by nobody else?"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from models.errors import ColdaskError, ConfigError
from models.settings import Settings
from proxy.config import load_config, mailing_lists, store_path
from proxy.daemon import check
from proxy.doctor.line import Line, fail, ok, warn


def read_config(path: Path) -> tuple[Settings | None, list[Line]]:
    """The settings, None where they cannot be read, and what is to be said of them."""
    try:
        settings = load_config(path)
    except ConfigError as error:
        fix = f"edit {path}" if path.exists() else "run `coldask init`, which writes one"
        return None, [fail("config", line, fix) for line in str(error).splitlines()]
    lines = [*_content(settings, path), *_modes(path)]
    accounts = ", ".join(settings.accounts) or "none"
    if not any(line.level == "FAIL" for line in lines):
        lines.insert(0, ok("config", f"{path}, accounts: {accounts}"))
    modes = settings.outgoing.mode, settings.incoming.mode
    if "observe" in modes:
        held = "nothing is held" if modes[0] == "observe" else "mail is held"
        lines.append(ok("config", f"outgoing {modes[0]}, incoming {modes[1]}: judged and recorded, {held}"))
    return settings, lines


def _content(settings: Settings, path: Path) -> Iterator[Line]:
    try:
        check(settings)
    except ConfigError as error:
        yield fail("config", str(error), f"edit {path}")
    try:
        mailing_lists(settings, path.absolute().parent)
    except ColdaskError as error:
        yield fail("config", str(error), f"write the file, or change people.lists in {path}")


def _modes(path: Path) -> Iterator[Line]:
    """Who can write the configuration has coldask run commands of theirs (`password_command`)."""
    found = path.stat()
    if found.st_mode & 0o022 or found.st_uid not in (os.getuid(), 0):
        yield fail("config", f"{path} can be written by others", f"run `chmod 600 {path}`; is it yours?")
    elif found.st_mode & 0o044:
        yield warn("config", f"{path} can be read by others", f"run `chmod 600 {path}`")
    yield from _folder("config", path.absolute().parent)


def _folder(area: str, folder: Path) -> Iterator[Line]:
    mode = folder.stat().st_mode
    if mode & 0o022 and not mode & stat.S_ISVTX:
        yield fail(area, f"{folder} can be written by others", f"run `chmod go-w {folder}`")


def look_at_password(settings: Settings) -> Iterator[Line]:
    """The local login's password, which mail clients are set to."""
    path = store_path(settings)
    path = path.with_name(path.name + ".password")
    if not path.exists():
        yield ok("login", "the local password is made at the first start, or by `coldask password`")
    elif path.stat().st_mode & 0o077:
        yield fail("login", f"{path} can be read by others", f"run `chmod 600 {path}`")
    else:
        yield ok("login", "`coldask password` prints the local password")


def look_at_folder(area: str, folder: Path) -> Iterator[Line]:
    """Can the folder be written by us, or be made, and by nobody else?"""
    there = next(p for p in (folder, *folder.parents) if p.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield fail(area, f"{there} is no folder that can be written", "set [store] path, or mend its mode")
    elif there == folder:
        yield from _folder(area, folder)
