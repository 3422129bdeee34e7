"""Content-Type and Content-Disposition: the value and its parameters (RFC 2045, RFC 2231)."""

import re

from classifier.reading import limits
from classifier.reading.charset import decode, one_line
from classifier.reading.words import decode_words

_PARAMETER = re.compile(r';\s*+([^\s=;"]{1,100}+)\s*+=\s*+(?:"((?:[^"\\]++|\\.)*+)"?|([^;]*+))', re.S)
_PAIR = re.compile(r"\\(.)", re.S)
_ESCAPED = re.compile(rb"%([0-9A-Fa-f]{2})")
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*)?")


def read_parameters(text: str) -> tuple[str, dict[str, str]]:
    """The value, lower-cased, and its parameters by lower-cased name, RFC 2231 pieces put together."""
    head, value = text.partition(";")[0], value_of(text)
    found: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(text, min(len(head), len(text)))):
        if count >= limits.PARAMETERS:
            break
        name = match[1].lower()
        raw = _PAIR.sub(r"\1", match[2]) if match[2] is not None else _bare(match[3])
        section = _SECTION.fullmatch(name)
        if section and "*" in name:
            pieces.setdefault(section[1], []).append((int(section[2] or 0), bool(section[3]), raw))
        else:
            found.setdefault(name, decode_words(raw))
    for name, parts in pieces.items():
        # RFC 2231 wins over the plain twin that old clients read (RFC 6266, 4.3).
        found[name] = _join(sorted(parts, key=lambda part: part[0]))
    return value, found


def value_of(text: str) -> str:
    """The value alone, lower-cased."""
    return "".join(text.partition(";")[0].partition("(")[0].split()).lower()


def _bare(text: str) -> str:
    text = text.strip()
    return text.partition("(")[0].strip() if text.endswith(")") else text


def _join(parts: list[tuple[int, bool, str]]) -> str:
    charset, data = "", b""
    for index, (_, extended, text) in enumerate(parts):
        value = text
        if extended and not index and text.count("'") >= 2:
            charset, _, value = text.split("'", 2)
        # Raw Latin-1 in the value was decoded before; "%" is an escape in marked pieces only.
        piece = value.encode("utf-8", "replace")
        data += _ESCAPED.sub(lambda m: bytes.fromhex(m[1].decode()), piece) if extended else piece
    return one_line(decode(data, charset))
