"""Cuts a text into zones: quotes and forwards first, then what stands at the end of the own text."""

from typing import NamedTuple

from models.mail import ZoneKind


class Hints(NamedTuple):
    """What the header says that helps to read the text."""

    forwarded: bool = False  # the subject says Fwd:
    names: tuple[str, ...] = ()  # of the senders


def cut(lines: list[str], marks: list[ZoneKind | None], hints: Hints) -> list[ZoneKind]:
    """The kind of every line. In doubt a line is the sender's own."""
    return [mark or ZoneKind.OWN for mark in marks]
