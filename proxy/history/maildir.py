"""A Maildir and its subfolders (Maildir++ or folders in folders): one file a mail in `cur` and `new`."""

import os
import re
from collections.abc import Iterator, Sequence
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
_PARTS = re.compile(r"[./]")  # both part folders: Maildir++ and folders in folders


def is_maildir(path: Path) -> bool:
    """Whether a folder is a Maildir."""
    return (path / "cur").is_dir() or (path / "new").is_dir()


def has_maildirs(path: Path) -> bool:
    """Whether a folder is a Maildir or holds some."""
    return is_maildir(path) or next(_folders(path), None) is not None


def mails_of(path: Path, apart: Sequence[str] = ()) -> Iterator[Found]:
    """The mails of a Maildir and of the folders below, folder by folder, each in the order of delivery.

    `apart`: more folders that are not history, as the configuration names them ("INBOX/Pitches").
    """
    folders = _folders_of_history(path, apart)
    has_sent = any(_name(f, path) in _SENT for f in folders)
    for folder in folders:
        is_sent = _name(folder, path) in _SENT if has_sent else None
        for part in ("cur", "new"):
            for found in _mails_in(folder / part):
                yield found._replace(is_sent=is_sent)


def count(path: Path, apart: Sequence[str] = ()) -> int:
    """How many mails there are, without reading them. `apart` as in `mails_of`."""
    return sum(
        len(_files(folder / part)) for folder in _folders_of_history(path, apart) for part in ("cur", "new")
    )


def _folders_of_history(root: Path, apart: Sequence[str]) -> list[Path]:
    left_out = [_without_inbox(_PARTS.split(name.lower())) for name in apart]
    return sorted(
        folder
        for folder in {root, *_folders(root)}
        if is_maildir(folder)
        and _name(folder, root) not in _NOT_HISTORY
        and not any(_is(folder, root, parts) for parts in left_out)
    )


def _is(folder: Path, root: Path, parts: list[str]) -> bool:
    """Whether this is the folder of that name: of this mailbox, or of any that lies below `root`."""
    if folder == root:
        return False
    whole = _without_inbox([p for p in _PARTS.split(_decoded(str(folder.relative_to(root))).lower()) if p])
    return whole == parts if is_maildir(root) else whole[-len(parts) :] == parts


def _without_inbox(parts: list[str]) -> list[str]:
    """Some servers keep every folder below the inbox."""
    return parts[1:] if len(parts) > 1 and parts[0] == "inbox" else parts


def _name(folder: Path, root: Path) -> str:
    return "" if folder == root else _decoded(folder.name).rpartition(".")[2].lower()


def _decoded(name: str) -> str:
    """A folder's name as its reader knows it: servers write "Entw&APw-rfe" on disk (RFC 3501, 5.1.3)."""
    if "&" not in name or not name.isascii():
        return name
    from imapclient import imap_utf7  # takes a tenth of a second, and few names need it

    try:
        return str(imap_utf7.decode(name.encode()))
    except (ValueError, LookupError):
        return name


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
