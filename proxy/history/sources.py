"""Which kind of mailbox a path is, and its mails one after another."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from models.errors import UsageError
from proxy.history import eml, maildir, mbox
from proxy.history.found import Found, Place

_FIELD = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*[A-Za-z][A-Za-z0-9-]*[ \t]*:")


class Source:
    """A local mailbox: a Maildir, an mbox, a folder of `.eml` files, or one such file."""

    def __init__(
        self, path: Path, kind: str, read: Callable[[Path], Iterator[Found]], apart: Sequence[str] = ()
    ) -> None:
        self.path = path
        self.kind = kind
        self._read = read
        self._apart = apart

    def __iter__(self) -> Iterator[Found]:
        return self._read(self.path)

    def read(self, place: Place) -> bytes:
        """The bytes of a mail found earlier; empty where it has gone or cannot be read."""
        try:
            return place.path.read_bytes() if place.start is None else mbox.mail_at(place)
        except OSError:
            return b""

    def count(self) -> int:
        """How many mails it holds, without reading them."""
        if self.kind == "maildir":
            return maildir.count(self.path, self._apart)
        if self.kind == "mbox":
            return mbox.count(self.path)
        return len(eml.files_of(self.path)) if self.path.is_dir() else 1


def open_source(path: str | Path, apart: Sequence[str] = ()) -> Source:
    """The source at a path. Raises UsageError where nothing is there, or nothing that is mail.

    `apart`: a Maildir's folders that are not history, beside those everybody knows (drafts, junk, Cold Asks).
    """
    place = Path(path).expanduser()
    try:
        if place.is_dir():
            return _folder(place, apart)
        if not place.exists():
            raise UsageError(
                f"There is nothing at {place}; give a Maildir, an mbox file or a folder of .eml files."
            )
        if not place.is_file() or mbox.is_mbox(place):
            return Source(place, "mbox", mbox.mails_of)
        with place.open("rb") as file:
            if _FIELD.match(file.read(4096)):
                return Source(place, "eml", eml.mails_of)
    except OSError as e:
        raise UsageError(f"{place} cannot be read: {e.strerror}.") from None
    raise UsageError(
        f"{place} is no mailbox coldask knows: it begins neither as an mbox (`From …`) nor as a mail; "
        "give a Maildir, an mbox file or a folder of .eml files."
    )


def _folder(place: Path, apart: Sequence[str]) -> Source:
    if maildir.has_maildirs(place):
        return Source(place, "maildir", partial(maildir.mails_of, apart=apart), apart)
    if eml.files_of(place) or not any(place.iterdir()):
        return Source(place, "eml", eml.mails_of)
    raise UsageError(
        f"{place} is no mailbox coldask knows: it has neither cur/ and new/ (a Maildir) nor .eml files in it."
    )
