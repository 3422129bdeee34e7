"""The bytes of a mail on their way to the provider: what may be taken out, and nothing else touched.

Removed: top-level Bcc, Resent-Bcc and X-Coldask-Allow fields, and the `[send anyway]` marker in Subject.
A bare LF becomes CRLF. A bare CR or a NUL is refused: servers disagree on them, and so mail is smuggled.
"""

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import Header, decode_header, make_header

from classifier.signals.permission import MARKER

_REMOVED = frozenset({b"bcc", b"resent-bcc", b"x-coldask-allow"})
# One field: a first line and the lines folded under it (RFC 5322, 2.2.3). White space before the colon is
# obsolete but read by everybody (4.5). A line that is no field stands for itself.
_FIELD = re.compile(rb"[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*")
_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:")
_MARKER = re.compile(rb"\[\s*send\s+anyway\s*\]", re.IGNORECASE)
_WIDE = re.compile(rb"\xef\xbd[\x81-\x9a]|\xef\xbc[\xa1-\xbd]")  # full-width letters and brackets
_LONGEST_SUBJECT = 16 * 1024  # bytes; a longer one holds no marker that anybody wrote
_ENCODED = (b"=?", b"?=")


class Unsendable(ValueError):
    """A mail no server can be trusted with. The text says why, for the client."""


def with_crlf(raw: bytes) -> bytes:
    """The mail with each bare LF made CRLF. Raises Unsendable for a NUL or a bare CR."""
    if b"\0" in raw:
        raise Unsendable("This mail holds a NUL character; send it as an attachment.")
    lines = raw.count(b"\r\n")
    if raw.count(b"\r") != lines:
        raise Unsendable("This mail holds a bare CR; its line ends must be CRLF.")
    if raw.count(b"\n") != lines:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return raw


def for_provider(raw: bytes) -> bytes:
    """A mail with CRLF line ends as the provider gets it; every byte but the removed ones stays.

    The header is everything before the first empty line, even where a line in it is no field: a Bcc that is
    missed tells every reader who got the mail.
    """
    end = _header_end(raw)
    head = raw[:end]
    if not any(name in head.lower() for name in (b"bcc", b"x-coldask-allow", b"anyway")) and not _may_hide(
        head
    ):
        return raw
    return b"".join(_kept(head)) + raw[end:]


def _may_hide(head: bytes) -> bool:
    """Could an encoded word hide the marker, or full-width letters?"""
    return b"=?" in head or _WIDE.search(head) is not None


def _header_end(raw: bytes) -> int:
    if raw.startswith(b"\r\n"):
        return 0
    found = raw.find(b"\r\n\r\n")
    return found + 2 if found >= 0 else len(raw)


def _kept(head: bytes) -> Iterator[bytes]:
    at = 0
    for field in _FIELD.finditer(head):
        text = field[0]
        at = field.end()
        named = _NAME.match(text)
        name = named[1].lower() if named else b""
        if name in _REMOVED:
            continue
        yield _without_marker(text) if name == b"subject" else text
    yield head[at:]


def _without_marker(field: bytes) -> bytes:
    """A Subject field without the marker; the same bytes where it has none."""
    if len(field) > _LONGEST_SUBJECT:
        return field
    name, colon, value = field.partition(b":")
    found = _MARKER.search(value)
    if found:
        before, after = value[: found.start()], value[found.end() :]
        if before[-1:] in b" \t" and after[:1] in b" \t":
            after = after[1:]
        return _without_marker(name + colon + before + after)
    if _WIDE.search(value) and (shorter := _without_wide_marker(field)) != field:
        return _without_marker(shorter)
    if not all(sign in value for sign in _ENCODED):
        return field
    try:
        subject = str(make_header(decode_header(value.decode("ascii", "surrogateescape"))))
    except (HeaderParseError, LookupError, ValueError):
        return field
    if not MARKER.search(subject):
        return field
    plain = " ".join(MARKER.sub(" ", subject).split())
    encoded = Header(plain, "utf-8", header_name=name.decode("ascii")).encode(linesep="\r\n")
    return name + colon + b" " + encoded.encode("ascii") + b"\r\n"


def _without_wide_marker(field: bytes) -> bytes:
    """The same for one written in full-width letters, in bare UTF-8 (RFC 6532)."""
    text = field.decode("utf-8", "surrogateescape")
    if not (found := MARKER.search(text)):
        return field
    before, after = text[: found.start()], text[found.end() :]
    if before[-1:] in (" ", "\t") and after[:1] in (" ", "\t"):
        after = after[1:]
    return (before + after).encode("utf-8", "surrogateescape")
