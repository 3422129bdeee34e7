"""Encoded words in headers (RFC 2047), decoded as real mail writes them, broken ones left as they are."""

import re
from binascii import Error, a2b_base64, a2b_qp

from classifier.reading import limits
from classifier.reading.charset import decode, one_line

_WORD = re.compile(r"=\?([^?\s*]{1,75})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")


def decode_words(text: str) -> str:
    """The text with its encoded words decoded, on one line. White space between two words is dropped."""
    if "=?" not in text:
        return one_line(text)
    out: list[str] = []
    pending = (b"", "")  # bytes of neighbouring words of one charset: they may split a character
    at = 0
    for count, match in enumerate(_WORD.finditer(text)):
        if count >= limits.ENCODED_WORDS:
            break
        between, charset = text[at : match.start()], match[1].lower()
        if pending[0] and (between.strip() or charset != pending[1]):
            out.append(decode(*pending))
            pending = (b"", charset)
        if between.strip() or not at:
            out.append(between)
        pending = (pending[0] + _payload(match[2], match[3]), charset)
        at = match.end()
    if pending[0]:
        out.append(decode(*pending))
    out.append(text[at:])
    return one_line("".join(out))


def _payload(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return a2b_qp(data, header=True)
    try:
        return a2b_base64(data + b"===")
    except Error:
        try:
            return a2b_base64(data[: len(data) // 4 * 4])
        except Error:
            return data
