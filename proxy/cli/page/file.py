"""The page's file: private from its first byte, and nothing overwritten unless the user says so."""

import os
from pathlib import Path

from models.errors import UsageError


def place_of(html: str | None, *, force: bool) -> Path | None:
    """Where `--html` puts the page, None without it; looked at before the work. Raises UsageError."""
    if html is None:
        return None
    path = Path(html).expanduser()
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file for the page.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent} for the page; make it first.")
    if not force and (path.exists() or path.is_symlink()):
        raise UsageError(_taken(path))
    return path


def write_page(path: Path, text: str, *, force: bool) -> None:
    """Write it with mode 0600. Raises UsageError, and where one stood before leaves it as it was."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8", "backslashreplace"))  # lone surrogates of broken mail
            if force:
                new.replace(path)
            else:
                path.hardlink_to(new)  # unlike a rename it never takes another's place
        finally:
            new.unlink(missing_ok=True)
    except FileExistsError:
        raise UsageError(_taken(path)) from None
    except OSError as e:
        raise UsageError(f"The page cannot be written to {path}: {e.strerror}.") from None


def _taken(path: Path) -> str:
    return f"{path} is there already; name another file, or add --force to write over it."
