"""One mail found in a source of history."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple


class Place(NamedTuple):
    """Where a mail lies on disk: a file, and for an mbox the bytes of it."""

    path: Path
    start: int | None = None  # bytes; None: the whole file is the mail
    end: int | None = None

    def __str__(self) -> str:
        return str(self.path) if self.start is None else f"{self.path}:{self.start}"


class Found(NamedTuple):
    """A mail of a source: where it lies, its bytes, and when it must have been written if it does not say."""

    place: Place
    raw: bytes
    stand_in: datetime | None = None  # aware
    trouble: str = ""  # why its bytes could not be read, in words; then `raw` is empty
    is_sent: bool | None = None  # lies in a Sent folder; None: the source has none

    @property
    def locator(self) -> str:
        """Names the mail to the user."""
        return str(self.place)
