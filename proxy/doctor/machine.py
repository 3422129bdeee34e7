"""What coldask runs on: Python, SQLite, and the libraries with the versions they need."""

import re
import sqlite3
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Final

from proxy.doctor.line import Line, fail, ok, warn

_SOUND_SQLITE: Final = (3, 51, 3)  # before, the write-ahead log could be reset under a second writer
_REQUIREMENT: Final = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*([^;]*)(;.*)?")
_UNUSED: Final = frozenset({"scikit-learn", "pymap"})  # of fitting and of the demo: named, never a failure


def look_at_machine() -> Iterator[Line]:
    """Python, SQLite and the libraries."""
    yield ok("python", f"Python {sys.version.split()[0]}")
    yield look_at_sqlite(sqlite3.sqlite_version_info)
    yield from look_at_libraries(requires("coldask") or [])


def look_at_sqlite(linked: tuple[int, ...]) -> Line:
    """The SQLite this Python is linked with."""
    name = "SQLite " + ".".join(map(str, linked))
    if linked >= _SOUND_SQLITE:
        return ok("sqlite", name)
    return warn(
        "sqlite",
        f"{name} has a bug that can damage a store with two writers; coldask has one, so it is safe from it",
        "let no other program write to the store; upgrade to SQLite 3.51.3 when your system has it",
    )


def look_at_libraries(wanted: list[str]) -> Iterator[Line]:
    """Each library coldask requires, extras left out: there, and new enough."""
    fine: list[str] = []
    for one in wanted:
        match = _REQUIREMENT.fullmatch(one)
        if match is None or "extra" in (match[3] or ""):
            continue
        name, bounds = match[1], match[2].strip()
        try:
            found = version(name)
        except PackageNotFoundError:
            line = f"{name} is not installed"
            install = f"install coldask again, or run `{sys.executable} -m pip install '{name}{bounds}'`"
            yield warn("libraries", line, install) if name in _UNUSED else fail("libraries", line, install)
            continue
        if _fits(found, bounds):
            fine.append(f"{name} {found}")
        else:
            fix = f"run `{sys.executable} -m pip install '{name}{bounds}'`"
            yield warn("libraries", f"{name} is {found}; coldask was made for {bounds}", fix)
    if fine:
        yield ok("libraries", ", ".join(fine))


def _fits(found: str, bounds: str) -> bool:
    """Bounds of the kinds `>=` and `<`; others are taken as kept."""
    have = _numbers(found)
    for bound in filter(None, (b.strip() for b in bounds.split(","))):
        if bound.startswith(">=") and have < _numbers(bound[2:]):
            return False
        if bound.startswith("<") and not bound.startswith("<=") and have >= _numbers(bound[1:]):
            return False
    return True


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", text.partition("+")[0])[:3])
