"""One mail found in a source of history."""

from datetime import datetime
from typing import NamedTuple


class Found(NamedTuple):
    """A mail of a source: where it lies, its bytes, and when it must have been written if it does not say."""

    locator: str  # a path, or a path and a byte position: names the mail to the user
    raw: bytes
    stand_in: datetime | None = None  # aware
    trouble: str = ""  # why its bytes could not be read, in words; then `raw` is empty
