"""A folder of `.eml` files, one mail each, in folders of any depth."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from proxy.history.found import Found, Place


def files_of(path: Path) -> list[Path]:
    """The `.eml` files of a folder, in the order of their names."""
    return sorted(f for f in path.rglob("*") if f.suffix.lower() == ".eml" and f.is_file())


def mails_of(path: Path) -> Iterator[Found]:
    """The mails of a folder of `.eml` files, or of one such file."""
    for file in [path] if path.is_file() else files_of(path):
        try:
            written = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
            yield Found(Place(file), file.read_bytes(), written)
        except OSError as e:
            yield Found(Place(file), b"", None, e.strerror or "cannot be read")
