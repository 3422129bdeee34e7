"""Is it the same mail? A key over what a reader gets: the subject and the decoded parts.

What a client makes anew is left out: Message-ID, Date, boundaries, transfer encodings. Never raises, and is
linear in the mail's size.
"""

import binascii
import contextlib
import hashlib
import re
from collections.abc import Iterator

from models.address import domain_of
from models.letter import short_hash

MAX_DEPTH = 20
MAX_PARTS = 1000
MAX_HEADER = 256 * 1024  # bytes

_BOUNDARY = re.compile(rb';\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
_NAME = re.compile(rb';\s*(?:file)?name(?:\*\d*\*?)?\s*=\s*(?:"([^"]*)"|([^\s;"]*))', re.IGNORECASE)
_CHARSET = re.compile(rb';\s*charset\s*=\s*"?([\w.:+-]{1,40})', re.IGNORECASE)


def spelled(address: str) -> str:
    """The spelling two submissions are compared by: as written, the domain in lower case."""
    local, at, _ = address.rpartition("@")
    return f"{local}@{domain_of(address)}" if at else address


def envelope_key(sender: str, recipients: tuple[str, ...]) -> int:
    """The same sender and exactly the same recipients, in any order."""
    return short_hash("\n".join((spelled(sender), *sorted(spelled(r) for r in recipients))))


def content_key(raw: bytes, subject: str) -> str:
    """A hash of the subject and every decoded part with its type and file name."""
    digest = hashlib.blake2b(digest_size=20)
    digest.update(" ".join(subject.split()).encode("utf-8", "surrogatepass") + b"\0")
    budget = [MAX_PARTS]
    for kind, name, payload in _leaves(raw, 0, budget):
        digest.update(kind + b"\0" + name + b"\0" + hashlib.blake2b(payload, digest_size=20).digest())
    return digest.hexdigest()


def _leaves(raw: bytes, depth: int, budget: list[int]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """(type, file name, decoded payload) of every part that is no multipart itself."""
    header, body = _cut(raw)
    fields = _fields(header)
    content_type = fields.get(b"content-type", b"text/plain")
    kind = content_type.partition(b";")[0].strip().lower()
    found = _BOUNDARY.search(content_type)
    if kind.startswith(b"multipart/") and found and depth < MAX_DEPTH:
        for part in _parts(body, (found[1] or found[2]).rstrip(), budget):
            yield from _leaves(part, depth + 1, budget)
        return
    named = _NAME.search(fields.get(b"content-disposition", b"")) or _NAME.search(content_type)
    name = (named[1] or named[2] or b"") if named else b""
    yield kind, name, _decoded(body, kind, content_type, fields.get(b"content-transfer-encoding", b""))


def _parts(body: bytes, boundary: bytes, budget: list[int]) -> Iterator[bytes]:
    """The stretches between the delimiter lines (RFC 2046, 5.1.1); past the budget one last part."""
    line = re.compile(rb"(?:^|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|$)")
    start = None
    for found in line.finditer(body):
        if start is not None:
            yield _after_line_end(body[start : found.start()])
            budget[0] -= 1
        start = None if found[1] else found.end()
        if start is None or budget[0] <= 0:
            break
    if start is not None:
        yield _after_line_end(body[start:])


def _after_line_end(part: bytes) -> bytes:
    return part.removeprefix(b"\r").removeprefix(b"\n")


def _cut(raw: bytes) -> tuple[bytes, bytes]:
    """Header block and body, at the first empty line."""
    if raw.startswith((b"\r\n", b"\n")):
        return b"", _after_line_end(raw)
    found = re.search(rb"\r?\n\r?\n", raw[:MAX_HEADER])
    return (raw[: found.start()], raw[found.end() :]) if found else (raw[:MAX_HEADER], raw[MAX_HEADER:])


def _fields(header: bytes) -> dict[bytes, bytes]:
    """The first field of each name, unfolded."""
    fields: dict[bytes, bytes] = {}
    for line in re.sub(rb"\r?\n([ \t])", rb"\1", header).splitlines():
        name, colon, value = line.partition(b":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _decoded(body: bytes, kind: bytes, content_type: bytes, encoding: bytes) -> bytes:
    """The payload as bytes; text as UTF-8 without the white space that transport adds or takes."""
    encoding = encoding.strip().lower()
    if encoding == b"base64":
        with contextlib.suppress(ValueError):
            body = binascii.a2b_base64(body)
    elif encoding == b"quoted-printable":
        body = binascii.a2b_qp(body)
    if not kind.startswith(b"text/"):
        return body
    named = _CHARSET.search(content_type)
    try:
        text = body.decode(named[1].decode("ascii") if named else "utf-8")
    except (LookupError, UnicodeError, ValueError):
        text = body.decode("latin-1")
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n").encode("utf-8", "surrogatepass")
