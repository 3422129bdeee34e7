"""The MIME tree of a mail (RFC 2045, 2046) as offsets into its bytes: nothing is copied or decoded here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from classifier.reading import limits
from classifier.reading.headers import Block, split_block
from classifier.reading.parameters import read_parameters, value_of

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
_FIRST_LINE = re.compile(rb"\s{0,100}--([^\s][^\r\n]{0,200})\r?\n")


@dataclass(slots=True)
class Part:
    """One node: its header, where its body lies in the raw mail, what it is."""

    block: Block
    start: int
    end: int
    content_type: str
    parameters: dict[str, str]
    disposition: str
    name: str  # of the file, decoded; empty where none is given
    encoding: str
    children: "tuple[Part, ...]" = ()
    opened: bool = True  # else a limit kept what is inside from being read

    @property
    def is_text(self) -> bool:
        """A text that a reader sees in the mail itself: no file, no calendar, no style sheet."""
        main, _, sub = self.content_type.partition("/")
        if main == "multipart":
            return self.opened and not self.children  # without parts it is shown as what it is
        if main != "text" or sub in _NO_READING or sub.startswith("x-amp"):
            return False
        shown_in_place = not self.name or (self.disposition == "inline" and sub == "html")
        return self.disposition != "attachment" and shown_in_place


_NO_READING = frozenset(
    ("calendar", "css", "vcard", "x-vcard", "directory", "rfc822-headers", "watch-html", "javascript")
)


class Tree:
    """Reads the tree and remembers which limits were hit."""

    def __init__(self, raw: bytes, start: int = 0) -> None:
        self.raw = raw
        self.parts = 0
        self.boundaries = 0
        self.cut = False
        self.root = self.read(start, len(raw), depth=0)

    def read(self, start: int, end: int, depth: int, default: str = "text/plain") -> Part:
        self.parts += 1
        part = describe(split_block(self.raw, start, end), end, default)
        if part.content_type.startswith("multipart/") or part.content_type == "message/rfc822":
            if depth >= limits.DEPTH:
                self.cut, part.opened = True, False
            elif part.content_type == "message/rfc822":
                if part.encoding not in ("base64", "quoted-printable"):
                    part.children = (self.read(part.start, end, depth + 1),)
            else:
                self._split(part, depth)
        return part

    def leaves(self, part: Part | None = None) -> Iterator[Part]:
        """The parts that hold no others."""
        part = part or self.root
        if not part.children:
            yield part
        for child in part.children:
            yield from self.leaves(child)

    def _split(self, part: Part, depth: int) -> None:
        boundary = part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
        if not boundary:
            first = _FIRST_LINE.match(self.raw, part.start, part.end)
            boundary = first[1].rstrip() if first else b""
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        children = []
        for start, end in self._between(boundary, part.start, part.end) if boundary else []:
            if self.parts >= limits.PARTS:
                self.cut = True
                break
            children.append(self.read(start, end, depth + 1, default))
        part.children = tuple(children)

    def _between(self, boundary: bytes, start: int, end: int) -> list[tuple[int, int]]:
        """The stretches between boundary lines (RFC 2046, 5.1.1); a missing last one is the end."""
        raw, mark = self.raw, b"--" + boundary
        found: list[tuple[int, int]] = []
        opened = -1
        at = start if raw.startswith(mark, start) else raw.find(b"\n" + mark, start, end) + 1 or end
        while at < end:
            self.boundaries += 1
            if self.boundaries > limits.BOUNDARIES or len(found) > limits.PARTS:
                self.cut = True
                break
            line_end = raw.find(b"\n", at, end)
            line_end = end if line_end < 0 else line_end
            rest = raw[at + len(mark) : min(line_end, at + len(mark) + 80)].strip()
            if rest in (b"", b"--"):
                if opened >= 0:
                    found.append((opened, _before_break(raw, opened, at)))
                opened = -1 if rest else min(line_end + 1, end)
                if rest:
                    break
            at = raw.find(b"\n" + mark, line_end, end) + 1 or end
        if opened >= 0:
            found.append((opened, end))
        return found


def _before_break(raw: bytes, start: int, at: int) -> int:
    """The line break before a boundary belongs to the boundary."""
    if at > start and raw[at - 1 : at] == b"\n":
        at -= 1
        if at > start and raw[at - 1 : at] == b"\r":
            at -= 1
    return at


def content_type_of(block: Block) -> str:
    """The type alone, as `describe` gives it."""
    stated = block.get("content-type")
    return _known_type(value_of(stated)) if stated else "text/plain"


def _known_type(value: str) -> str:
    return value if _TYPE.fullmatch(value) else "text/plain"


def describe(block: Block, end: int, default: str = "text/plain") -> Part:
    """A part without children: what its header says it is."""
    content_type, disposition = default, ""
    parameters: dict[str, str] = {}
    more: dict[str, str] = {}
    if stated := block.get("content-type"):
        content_type, parameters = read_parameters(stated)
        content_type = _known_type(content_type)
    if stated := block.get("content-disposition"):
        disposition, more = read_parameters(stated)
    return Part(
        block=block,
        start=block.body,
        end=end,
        content_type=content_type,
        parameters=parameters,
        disposition=disposition,
        name=more.get("filename") or parameters.get("name") or "",
        encoding=block.get("content-transfer-encoding").strip().strip('";').lower(),
    )
