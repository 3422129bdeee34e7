"""The disk the store lies on: room enough, and none that a database cannot trust."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from proxy.doctor.line import Line, warn

_FREE: Final = 200 << 20  # bytes below which held mail may soon not fit
_MOUNTS: Final = Path("/proc/self/mounts")
# SQLite's locks and its log do not hold there (sqlite.org/howtocorrupt).
_REMOTE: Final = ("nfs", "cifs", "smb", "fuse.sshfs", "fuse.rclone", "davfs", "afs", "9p")
_SYNCED: Final = ("dropbox", "onedrive", "nextcloud", "google drive", "icloud drive", "mobile documents")


def look_at_disk(folder: Path) -> Iterator[Line]:
    """`folder`: where the store lies."""
    free = shutil.disk_usage(folder).free
    if free < _FREE:
        text = f"the disk of {folder} has {free >> 20} MB left; a mail that cannot be kept is not held but put off"
        yield warn("store", text, "make room")
    mounts = _MOUNTS.read_text("utf-8", "replace") if _MOUNTS.exists() else ""
    if kind := untrusted(folder.resolve(), mounts):
        text = f"{folder} lies on {kind}, where a database can be damaged"
        yield warn("store", text, "set [store] path to a folder on a disk of this machine")


def untrusted(folder: Path, mounts: str) -> str:
    """What is wrong with the place, as part of a sentence; "" where nothing is."""
    synced = next((part for part in folder.parts if part.lower().startswith(_SYNCED)), "")
    if synced:
        return f"a folder that is copied elsewhere ({synced})"
    best, kind = "", ""
    for line in mounts.splitlines():
        _, point, found, *_ = [*line.split(" "), "", "", ""]
        point = point.replace("\\040", " ")
        if folder.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, found
    return f"a disk of another machine ({kind})" if kind.startswith(_REMOTE) else ""
