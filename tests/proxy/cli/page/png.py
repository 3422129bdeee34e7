"""A picture read back: the PNG of a browser (8 bit RGB or RGBA, not interlaced; W3C PNG, sections 9 and 11)."""

import struct
import zlib
from collections import Counter
from pathlib import Path

Colour = tuple[int, int, int]


def rows_of(path: Path) -> list[bytes]:
    """The rows of a picture, three bytes a point."""
    data, at = path.read_bytes(), 8
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    packed, width, size = b"", 0, 3
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        chunk = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, _, depth, colours, _, _, interlaced = struct.unpack(">IIBBBBB", chunk)
            assert (depth, interlaced) == (8, 0) and colours in (2, 6)
            size = 3 if colours == 2 else 4
        elif kind == b"IDAT":
            packed += chunk
        at += 12 + length
    rows = _unfiltered(zlib.decompress(packed), width * size, size)
    return rows if size == 3 else [b"".join(row[i : i + 3] for i in range(0, len(row), 4)) for row in rows]


def colours_in(rows: list[bytes]) -> Counter[Colour]:
    """How many points have which colour."""
    found: Counter[Colour] = Counter()
    for row in rows:
        found.update(zip(row[::3], row[1::3], row[2::3], strict=True))
    return found


def _unfiltered(data: bytes, stride: int, size: int) -> list[bytes]:
    before, rows = bytearray(stride), []
    for start in range(0, len(data), stride + 1):
        row = bytearray(data[start + 1 : start + 1 + stride])
        _FILTERS[data[start]](row, before, size)
        rows.append(bytes(row))
        before = row
    return rows


def _none(row: bytearray, before: bytearray, size: int) -> None:
    pass


def _sub(row: bytearray, before: bytearray, size: int) -> None:
    for i in range(size, len(row)):
        row[i] = (row[i] + row[i - size]) & 255


def _up(row: bytearray, before: bytearray, size: int) -> None:
    row[:] = bytes((a + b) & 255 for a, b in zip(row, before, strict=True))


def _average(row: bytearray, before: bytearray, size: int) -> None:
    for i in range(len(row)):
        left = row[i - size] if i >= size else 0
        row[i] = (row[i] + (left + before[i]) // 2) & 255


def _paeth(row: bytearray, before: bytearray, size: int) -> None:
    for i in range(len(row)):
        left, corner = (row[i - size], before[i - size]) if i >= size else (0, 0)
        above = before[i]
        guess = left + above - corner
        near = min((left, above, corner), key=lambda v: abs(guess - v))
        row[i] = (row[i] + near) & 255


_FILTERS = (_none, _sub, _up, _average, _paeth)
