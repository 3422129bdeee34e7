"""What an IMAP server answers, taken apart (RFC 3501, 7): pieces of lines and literals into plain values."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# A body section is one word although blanks and brackets stand in it.
_TOKEN = re.compile(rb'\(|\)|"(?:[^"\\]|\\.)*"|BODY\[[^\]]*\](?:<\d+>)?|[^\s()"]+|"', re.IGNORECASE)
_LITERAL = re.compile(rb"\{(\d{1,19})\}\r?\n?$")
_LITERAL_BYTES = 23  # at the end of a line, at most
_CODE = re.compile(rb"^\[([A-Z0-9-]+)(?: ([^\]]*))?\]", re.IGNORECASE)
_ESCAPED = re.compile(rb"\\(.)")
_DEPTH = 20

Value = bytes | None | list["Value"]


@dataclass(frozen=True)
class Answer:
    """The answer to one command: its tagged line, and the untagged ones before it, each as its pieces.

    A piece is a line's text, without its end and the length of the literal that follows, or a literal.
    """

    status: bytes  # OK, NO or BAD
    text: bytes
    untagged: tuple[list[bytes], ...] = ()

    @property
    def ok(self) -> bool:
        return self.status == b"OK"

    @property
    def code(self) -> bytes:
        """The response code's name in capitals (RFC 5530), empty where there is none."""
        found = _CODE.match(self.text)
        return found[1].upper() if found else b""

    def named(self, name: bytes) -> Iterator[list[Value]]:
        """The untagged answers of this name (`* SEARCH 1 2`, `* 3 FETCH (…)`), as values after the name."""
        for pieces in self.untagged:
            words = pieces[0].split(None, 3)
            at = 2 if len(words) > 2 and words[1].isdigit() else 1
            if len(words) > at and words[at].upper() == name:
                yield values(pieces)[at + 1 :]

    def codes(self, name: bytes) -> list[bytes]:
        """The arguments of every response code of this name, tagged or untagged."""
        texts = [self.text] + [p[0].split(None, 2)[2] for p in self.untagged if len(p[0].split(None, 2)) == 3]
        found = (_CODE.match(text) for text in texts)
        return [m[2] or b"" for m in found if m and m[1].upper() == name]


def cut_line(line: bytes) -> tuple[bytes, int | None]:
    """The line without its end, and the length of the literal it announces there, if it does."""
    found = _LITERAL.search(line, max(len(line) - _LITERAL_BYTES, 0))
    return (line[: found.start()], int(found[1])) if found else (line.rstrip(b"\r\n"), None)


def values(pieces: Sequence[bytes]) -> list[Value]:
    """Atoms, strings and literals as bytes, NIL as None, brackets as lists. What is malformed ends early."""
    top: list[Value] = []
    stack = [top]
    for number, piece in enumerate(pieces):
        if number % 2:
            stack[-1].append(piece)
            continue
        for found in _TOKEN.finditer(piece):
            _put(stack, found[0])
    return top


def _put(stack: list[list[Value]], token: bytes) -> None:
    if token == b"(":
        inner: list[Value] = []
        stack[-1].append(inner)
        if len(stack) < _DEPTH:
            stack.append(inner)
    elif token == b")":
        if len(stack) > 1:
            stack.pop()
    elif token[:1] == b'"' and len(token) > 1:
        stack[-1].append(_ESCAPED.sub(rb"\1", token[1:-1]))
    else:
        stack[-1].append(None if token.upper() == b"NIL" else token)


def fields(items: Value) -> dict[bytes, Value]:
    """A bracketed list of names and values as a dictionary, names in capitals."""
    if not isinstance(items, list):
        return {}
    names = items[::2]
    pairs = zip(names, items[1::2], strict=False)
    return {name.upper(): value for name, value in pairs if isinstance(name, bytes)}


def words_of(value: Value) -> frozenset[str]:
    """A bracketed list of atoms (flags) as lower-cased text."""
    words = value if isinstance(value, list) else []
    return frozenset(w.decode("ascii", "replace").lower() for w in words if isinstance(w, bytes))


def number(value: Value) -> int:
    """A number; 0 where it is none."""
    return int(value) if isinstance(value, bytes) and value.isdigit() else 0


def moment(value: Value) -> datetime | None:
    """An INTERNALDATE (`17-Jul-1996 02:44:25 -0700`), aware; None where it cannot be read."""
    if not isinstance(value, bytes):
        return None
    try:
        found = parsedate_to_datetime(value.decode("ascii").strip().replace("-", " ", 2))
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError):
        return None


def numbers(text: bytes) -> list[int]:
    """A set of numbers (`3,5:7`) as a list; at most 100,000 of them are believed."""
    out: list[int] = []
    for part in text.split(b","):
        first, colon, last = part.partition(b":")
        if not first.isdigit() or (colon and not last.isdigit()):
            return []
        span = range(int(first), int(last if colon else first) + 1)
        if len(span) + len(out) > 100_000:
            return []
        out.extend(span)
    return out
