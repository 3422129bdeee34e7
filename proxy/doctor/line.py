"""One line of the doctor's: what was looked at, how it is, and what to do about it."""

from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """How it is. Only FAIL keeps coldask from doing its work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


class Line(NamedTuple):
    """`area`: config, store, account work, …; `fix`: what to do, "" where nothing is to be done."""

    area: str
    level: Level
    text: str
    fix: str = ""


def ok(area: str, text: str) -> Line:
    return Line(area, Level.OK, text)


def warn(area: str, text: str, fix: str) -> Line:
    return Line(area, Level.WARN, text, fix)


def fail(area: str, text: str, fix: str) -> Line:
    return Line(area, Level.FAIL, text, fix)
