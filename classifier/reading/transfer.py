"""Content-Transfer-Encoding undone (RFC 2045, 6), as far as it goes: broken base64 gives what is readable."""

import re
from binascii import Error, a2b_base64, a2b_qp

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def undo(data: bytes, encoding: str) -> bytes:
    """The bytes behind base64 or quoted-printable; any other encoding leaves them as they are."""
    if encoding == "base64":
        return _base64(data)
    if encoding == "quoted-printable":
        return a2b_qp(data)
    return data


def _base64(data: bytes) -> bytes:
    if len(data.translate(None, _ALPHABET)) * 10 > len(data):
        return data  # text under the wrong label
    try:
        return a2b_base64(data)
    except Error:
        letters = _NOT_BASE64.sub(b"", data)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return a2b_base64(letters + b"=" * (-len(letters) % 4))


def estimated_size(raw: bytes, start: int, end: int, encoding: str) -> int:
    """Bytes behind raw[start:end], without decoding (for base64, lines of one length are assumed)."""
    length = end - start
    if encoding != "base64":
        return length
    line = raw.find(b"\n", start, min(end, start + 2000)) - start + 1
    letters = len(raw[start : start + line].rstrip()) if line > 0 else 1
    return length * letters * 3 // (4 * max(line, 1))
