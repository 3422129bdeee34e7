"""A Maildir and its subfolders (Maildir++ or folders in folders): one file a mail in `cur` and `new`."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from proxy.history.found import Found, Place

# What lies there was never sent, never read, or is not history (relationships, "What counts", 2).
_NOT_HISTORY = {
    "drafts",
    "templates",
    "outbox",
    "junk",
    "spam",
    "cold asks",
    "entwürfe",
    "brouillons",
    "borradores",
}
# Where clients put what was sent, by the last part of the folder's name.
_SENT = {
    "sent",
    "sent items",
    "sent messages",
    "sent mail",
    "sent-mail",
    "gesendet",
    "gesendete elemente",
    "envoyés",
    "éléments envoyés",
    "enviados",
    "elementos enviados",
    "posta inviata",
    "verzonden items",
}
_DEPTH = 8


def is_maildir(path: Path) -> bool:
    """Whether a folder is a Maildir."""
    return (path / "cur").is_dir() or (path / "new").is_dir()


def has_maildirs(path: Path) -> bool:
    """Whether a folder is a Maildir or holds some."""
    return is_maildir(path) or next(_folders(path), None) is not None


def mails_of(path: Path) -> Iterator[Found]:
    """The mails of a Maildir and of the folders below, folder by folder, each in the order of delivery."""
    folders = sorted(
        f for f in {path, *_folders(path)} if is_maildir(f) and _name(f, path) not in _NOT_HISTORY
    )
    has_sent = any(_name(f, path) in _SENT for f in folders)
    for folder in folders:
        is_sent = _name(folder, path) in _SENT if has_sent else None
        for part in ("cur", "new"):
            for found in _mails_in(folder / part):
                yield found._replace(is_sent=is_sent)


def count(path: Path) -> int:
    """How many mails there are, without reading them."""
    return sum(
        len(_files(folder / part))
        for folder in {path, *_folders(path)}
        if is_maildir(folder) and _name(folder, path) not in _NOT_HISTORY
        for part in ("cur", "new")
    )


def _name(folder: Path, root: Path) -> str:
    return "" if folder == root else folder.name.rpartition(".")[2].lower()


def _folders(path: Path, depth: int = 0) -> Iterator[Path]:
    try:
        entries = sorted(e.name for e in os.scandir(path) if e.is_dir(follow_symlinks=False))
    except OSError:
        return
    for name in entries:
        if name in ("cur", "new", "tmp"):
            continue
        folder = path / name
        if is_maildir(folder):
            yield folder
        if depth < _DEPTH:
            yield from _folders(folder, depth + 1)


def _files(folder: Path) -> list[str]:
    """File names in the order of delivery (they begin with its second). Drafts, flag D, are left out."""
    try:
        names = [e.name for e in os.scandir(folder) if not e.name.startswith(".") and e.is_file()]
    except OSError:
        return []
    return sorted(n for n in names if "D" not in n.rpartition(":2,")[2] or ":2," not in n)


def _mails_in(folder: Path) -> Iterator[Found]:
    for name in _files(folder):
        file = folder / name
        try:
            yield Found(Place(file), file.read_bytes(), _delivered(name))
        except FileNotFoundError:
            continue  # moved by a mail client meanwhile
        except OSError as e:
            yield Found(Place(file), b"", None, e.strerror or "cannot be read")


def _delivered(name: str) -> datetime | None:
    head = name.partition(".")[0]
    try:
        return datetime.fromtimestamp(int(head), UTC) if head.isdigit() and len(head) < 12 else None
    except (ValueError, OverflowError, OSError):
        return None
