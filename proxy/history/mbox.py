"""An mbox file: mails one after another, each begun by a `From ` line (RFC 4155).

Real mboxes hold `From ` lines that nobody escaped. A line begins a mail only where an empty line stands
before it and it has the whole shape of a separator, or where a header field follows it and it looks like one
(a sender, a time and a year; or an address after an empty line).
"""

import contextlib
import mmap
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from models.errors import UsageError
from proxy.history.found import Found, Place

_AFTER_EMPTY = rb"(?:(?<=\n\nFrom )|(?<=\n\r\nFrom ))"
_DATE = (
    rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d\d? "
    rb"\d\d:\d\d(?::\d\d)? (?:\S+ )?\d{4}(?: \S+)?"
)
_FIELD = rb"(?=[A-Za-z][!-9;-~]*[ \t]*:|>From )"
_SEPARATOR = re.compile(
    # An empty line and the whole shape: then even what follows may be no mail at all.
    rb"^From (?:" + _AFTER_EMPTY + rb"\S* *" + _DATE + rb"\r?\n"
    # Less than that, and a header field.
    rb"|\S[^\r\n]*\d\d:\d\d[^\r\n]*\d{4}[^\r\n]*\r?\n" + _FIELD
    + rb"|" + _AFTER_EMPTY + rb"(?:\S+@\S+|-)[^\r\n]*\r?\n" + _FIELD + rb")",
    re.MULTILINE,
)  # fmt: skip
_MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_TIME = re.compile(
    rb" (" + _MONTHS.replace(b" ", b"|") + rb") +(\d\d?) (\d\d):(\d\d)(?::(\d\d))? (?:\S+ )?(\d{4})(?!\d)"
)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_BLANK = b"\r\n \t\xef\xbb\xbf"


def is_mbox(path: Path) -> bool:
    """Whether a file is empty or begins as an mbox does."""
    with path.open("rb") as file:
        head = file.read(4096).lstrip(_BLANK)
    return not head or head.startswith(b"From ")


def mails_of(path: Path) -> Iterator[Found]:
    """The mails of an mbox in the order of the file, unescaped. Raises UsageError where it cannot be read."""
    try:
        with path.open("rb") as file, contextlib.closing(_mapped(file.fileno())) as data:
            starts = _starts(data)
            ends = [start for start, _ in starts[1:]] + [len(data)]
            for (start, body), end in zip(starts, ends, strict=False):
                place = Place(path, start, end)
                yield Found(place, _unquoted(data[body:end]), _envelope_date(data[start:body]))
    except OSError as e:
        raise UsageError(f"{path} cannot be read: {e.strerror}.") from None


def count(path: Path) -> int:
    """How many mails an mbox holds. Raises OSError."""
    with path.open("rb") as file, contextlib.closing(_mapped(file.fileno())) as data:
        return len(_starts(data))


def _starts(data: mmap.mmap | bytes) -> list[tuple[int, int]]:
    """Where each separator line begins and ends. The file's first line is one, whatever its shape."""
    starts = [(m.start(), m.end()) for m in _SEPARATOR.finditer(data)]
    first = len(data[:4096]) - len(data[:4096].lstrip(_BLANK))
    if first < len(data) and (not starts or starts[0][0] > first):
        starts.insert(0, (first, data.find(b"\n", first) + 1 or len(data)))
    return starts


def mail_at(place: Place) -> bytes:
    """The bytes of one mail found earlier. Raises OSError."""
    with place.path.open("rb") as file:
        file.seek(place.start or 0)
        data = file.read((place.end or 0) - (place.start or 0))
    return _unquoted(data[data.find(b"\n") + 1 :])


class _Nothing(bytes):
    """An empty file cannot be mapped."""

    def close(self) -> None: ...


def _mapped(handle: int) -> mmap.mmap | _Nothing:
    try:
        return mmap.mmap(handle, 0, access=mmap.ACCESS_READ)
    except (ValueError, OSError):  # empty, or /dev/null
        return _Nothing()


def _unquoted(raw: bytes) -> bytes:
    """One mail without the empty line that ends it, and with `>From ` lines as they were sent (mboxrd)."""
    if raw.endswith(b"\r\n\r\n"):
        raw = raw[:-2]
    elif raw.endswith(b"\n\n"):
        raw = raw[:-1]
    return _QUOTED.sub(rb"\1", raw) if b"\n>" in raw else raw


def _envelope_date(line: bytes) -> datetime | None:
    if match := _TIME.search(line):
        month, day, hour, minute, second, year = match.groups()
        try:
            number = _MONTHS.index(month) // 4 + 1
            return datetime(int(year), number, int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
        except ValueError:
            return None
    words = line.decode("latin-1").split()
    for i, word in enumerate(words):
        if ":" in word and i >= 2:
            try:
                return parsedate_to_datetime(f"{words[i - 1]} {words[i - 2]} {_year(words[i:])} {word} +0000")
            except (TypeError, ValueError, IndexError, OverflowError):
                return None
    return None


def _year(words: list[str]) -> str:
    return next((w for w in words if len(w) == 4 and w.isdigit()), "")
