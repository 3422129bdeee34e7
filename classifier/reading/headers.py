"""A header block, cut into its fields (RFC 5322, 2.2) and unfolded; odd lines are stepped over."""

import re
from typing import NamedTuple

from classifier.reading import limits
from classifier.reading.charset import decode
from classifier.reading.words import decode_words

_FIELD = re.compile(rb"([!-9;-~]{1,200}+)[ \t]*+:([^\n]*+(?:\n[ \t][^\n]*+)*+)\n?")
# A block of whole fields and nothing else, and the same fields within it once it is text.
_FIELDS = re.compile(rb"(?:[!-9;-~]{1,200}+[ \t]*+:[^\n]*+\n(?:[ \t][^\n]*+\n)*+)*+")
_TEXT_FIELD = re.compile(r"([!-9;-~]{1,200}+)[ \t]*+:([^\n]*+(?:\n[ \t][^\n]*+)*+)\n?")
_FOLD = re.compile(r"[\r\x00]{0,3}\n[ \t]+")
_LINE = re.compile(rb"[^\n]*+\n?")


class Block(NamedTuple):
    """The fields of a header block in order, where its body begins, and whether a limit cut it."""

    fields: tuple[tuple[str, str], ...]  # name lower-cased; value unfolded, encoded words as they stand
    body: int
    cut: bool

    def get(self, name: str) -> str:
        """The first field of that name, encoded words as they stand; empty where there is none."""
        for n, value in self.fields:
            if n == name:
                return value
        return ""

    def all(self, name: str) -> list[str]:
        return [value for n, value in self.fields if n == name]


def split_block(raw: bytes, start: int, end: int) -> Block:
    """The header block of raw[start:end]. A line that is no field is skipped if a field follows it."""
    stop = min(end, start + limits.HEADER_BYTES)
    if (usual := _usual(raw, start, stop)) is not None:
        return usual
    fields: list[tuple[str, str]] = []
    at, cut = start, False
    while at < stop:
        match = _FIELD.match(raw, at, stop)
        if match:
            if len(fields) >= limits.FIELDS:
                cut = True
                break
            name, value = match.groups()
            fields.append((name.decode("ascii").lower(), unfold(value[: limits.FIELD_BYTES])))
            at = match.end()
            continue
        after = _end_of_line(raw, at, stop)
        if not raw[at:after].strip(b"\r\n"):
            return Block(tuple(fields), after, cut)
        if not _skippable(raw, at, after, stop):
            break
        at = after
    if at >= stop and stop < end:
        cut = True
    if cut:
        at = _after_blank_line(raw, at, end)
    return Block(tuple(fields), at, cut)


def _usual(raw: bytes, start: int, stop: int) -> Block | None:
    """A block of ASCII fields up to its blank line, as nearly all mail has it, at half the cost."""
    match = _FIELDS.match(raw, start, stop)
    at = match.end() if match else start
    if not start < at <= start + limits.FIELD_BYTES or not raw.startswith((b"\r\n", b"\n"), at, stop):
        return None
    block = raw[start:at]
    if not block.isascii():
        return None
    found = _TEXT_FIELD.findall(block.decode("ascii"))
    if len(found) > limits.FIELDS:
        return None
    fields = [(n.lower(), _FOLD.sub(" ", v).strip() if "\n" in v else v.strip()) for n, v in found]
    return Block(tuple(fields), at + (2 if raw[at] == 13 else 1), cut=False)


def _end_of_line(raw: bytes, at: int, stop: int) -> int:
    match = _LINE.match(raw, at, stop)
    return match.end() if match else stop


def _skippable(raw: bytes, at: int, after: int, stop: int) -> bool:
    """mbox's "From " line, and a line of rubbish with a field or the blank line after it."""
    if after - at > 10_000:
        return False
    return bool(_FIELD.match(raw, after, stop)) or raw[after : after + 2] in (b"\r\n", b"\n", b"\n\n")


def _after_blank_line(raw: bytes, at: int, end: int) -> int:
    found = [i + len(mark) for mark in (b"\n\r\n", b"\n\n") if (i := raw.find(mark, at, end)) >= 0]
    return min(found, default=end)


def unfold(value: bytes) -> str:
    """The field's value as one line of text; raw 8-bit is UTF-8 where it can be, else Latin-1."""
    text = value.decode("ascii") if value.isascii() else decode(value)
    if "\n" in text:
        text = _FOLD.sub(" ", text)
    return text.strip()


def shown(fields: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The fields as `Mail.headers` holds them: decoded, one line each, cut where the total is too long."""
    together = "".join([value for _, value in fields])
    if len(together) <= limits.FIELD_CHARACTERS and _is_plain(together):  # nearly all mail: nothing to decode
        return fields
    out: list[tuple[str, str]] = []
    room = limits.HEADERS_CHARACTERS
    for name, value in fields:
        if room <= 0:
            break
        text = value[: limits.FIELD_CHARACTERS]
        text = text if _is_plain(value) else decode_words(text)
        room -= len(name) + len(text)
        out.append((name, text))
    return tuple(out)


def _is_plain(value: str) -> bool:
    return value.isprintable() and "=?" not in value and "  " not in value
