"""Content-Transfer-Encoding undone (RFC 2045, 6), as far as it goes: broken base64 gives what is readable."""

import re
from binascii import Error, a2b_base64, a2b_qp

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def undo(data: bytes, encoding: str) -> bytes:
    """The bytes behind base64 or quoted-printable; any other encoding leaves them as they are."""
    if encoding == "base64":
        return _base64(data)
    if encoding == "quoted-printable":
        return a2b_qp(data)
    return data


def _base64(data: bytes) -> bytes:
    try:
        return a2b_base64(data)
    except Error:
        letters = _NOT_BASE64.sub(b"", data)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return a2b_base64(letters + b"=" * (-len(letters) % 4))


def estimated_size(length: int, encoding: str) -> int:
    """Bytes behind `length` transferred ones, without decoding (lines of 76 characters assumed)."""
    return length * 57 // 78 if encoding == "base64" else length
