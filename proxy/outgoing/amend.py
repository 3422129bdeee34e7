"""Changing a held mail's bytes where the user wants a small thing else: an enclosure left out, a name in copy.

Everything else stays byte for byte. Each answers None where the mail is not of a shape that can be changed safely.
"""

import re
from collections.abc import Collection, Sequence
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import formataddr
from itertools import pairwise

from models.address import Mailbox

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*")
_NOBODY = b"To: undisclosed-recipients:;\r\n"


def without_enclosures(raw: bytes, names: Collection[str]) -> bytes | None:
    """The mail without the top-level parts of these file names. None where not every one of them is such a part."""
    head, end, body = raw.partition(b"\r\n\r\n")
    whole = _header(head)
    boundary = whole.get_boundary("")
    if not end or whole.get_content_type() != "multipart/mixed" or not boundary or not boundary.isascii():
        return None
    line = re.compile(rb"(?:^|(?<=\n))--" + re.escape(boundary.encode()) + rb"(?P<last>--)?[ \t]*(?:\r\n|$)")
    marks = list(line.finditer(body))
    if len(marks) < 2 or not marks[-1]["last"]:
        return None
    kept, gone = [body[: marks[0].start()]], []
    for mark, after in pairwise(marks):
        name = _file_name(body[mark.end() : after.start()])
        if name in names:
            gone.append(name)
        else:
            kept.append(body[mark.start() : after.start()])
    if set(gone) != set(names) or len(kept) < 2:
        return None
    return b"".join((head, end, *kept, body[marks[-1].start() :]))


def with_copy_to(raw: bytes, person: Mailbox) -> bytes | None:
    """The mail with one more person in Cc."""
    cut = _cut(raw)
    if cut is None:
        return None
    head, rest = cut
    fields = list(_FIELD.finditer(head))
    there = next((f for f in fields if f[1].lower() == b"cc"), None)
    if there is not None:
        if b"@" not in there[0]:
            return None
        line = there[0].rstrip() + b",\r\n " + spelled(person) + b"\r\n"
        return head[: there.start()] + line + head[there.end() :] + rest
    after = next((f.end() for f in fields if f[1].lower() == b"to"), len(head))
    return head[:after] + b"Cc: " + spelled(person) + b"\r\n" + head[after:] + rest


def with_people(raw: bytes, to: Sequence[Mailbox], cc: Sequence[Mailbox]) -> bytes | None:
    """The mail with these people in To and Cc instead of those that stand there."""
    cut = _cut(raw)
    if cut is None:
        return None
    head, rest = cut
    fields = [f for f in _FIELD.finditer(head) if f[1].lower() in (b"to", b"cc")]
    made = _list(b"To", to) or (b"" if cc else _NOBODY)
    made += _list(b"Cc", cc)
    place = fields[0].start() if fields else len(head)
    for field in reversed(fields):
        head = head[: field.start()] + head[field.end() :]
    return head[:place] + made + head[place:] + rest


def spelled(person: Mailbox) -> bytes:
    """A name and an address as a header carries them (RFC 5322, 3.4; RFC 2047)."""
    name = " ".join(person.name.split())
    if person.address.isascii():
        return formataddr((name, person.address)).encode("ascii")
    return f"<{person.address}>".encode()


def _list(name: bytes, people: Sequence[Mailbox]) -> bytes:
    return name + b": " + b",\r\n ".join(map(spelled, people)) + b"\r\n" if people else b""


def _cut(raw: bytes) -> tuple[bytes, bytes] | None:
    """The header's fields, and the rest from the empty line on."""
    at = raw.find(b"\r\n\r\n")
    return (raw[: at + 2], raw[at + 2 :]) if at >= 0 else None


def _file_name(part: bytes) -> str:
    name = _header(part.partition(b"\r\n\r\n")[0]).get_filename("")
    try:
        return str(make_header(decode_header(name)))
    except (LookupError, ValueError):
        return name


def _header(head: bytes) -> Message:
    return BytesHeaderParser().parsebytes(head + b"\r\n\r\n")
