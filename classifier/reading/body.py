"""The text of a mail as its reader sees it: which parts are shown, in which form, joined in order."""

import re
from typing import NamedTuple

from classifier.reading import limits
from classifier.reading.charset import clean, decode
from classifier.reading.flowed import unflow
from classifier.reading.html import read_html
from classifier.reading.parts import Part
from classifier.reading.transfer import undo
from classifier.reading.words import decode_words
from models.mail import ZoneKind

_META_CHARSET = re.compile(rb"<meta[^<>]{1,200}?charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_:.-]{1,40})", re.I)
_STUB = re.compile(
    r"\b(?:view|read|see|open)\b.{0,60}\b(?:browser|online|web ?page|html)\b"
    r"|\bhtml\b.{0,60}\b(?:version|client|capable|support)"
    r"|\b(?:not|n't)\b.{0,40}\b(?:support|display|show|view)\b.{0,40}\bhtml\b",
    re.I | re.S,
)
_MARKUP = re.compile(r"\s{0,99}<(?:html|!doctype html)\b", re.I)  # sent under the wrong name
_ENRICHED = re.compile(r"<[^<>]{0,60}>")
_STUB_LENGTH = 400  # characters; a longer plain text is a letter of its own
_SHOWN_HEADER = ("from", "date", "to", "cc", "subject")


class Passage(NamedTuple):
    """The text of one part, line by line, with what the markup says of each line."""

    lines: list[str]
    marks: list[ZoneKind | None]
    html: bool = False
    whole: ZoneKind | None = None  # all of it is that: the mail in a message/rfc822 part


def passages(part: Part, raw: bytes) -> list[Passage]:
    """What is shown of a part and of those inside it, in order."""
    if part.children:
        return _of_container(part, raw)
    if not part.is_text:
        return []
    text = text_of(part, raw)
    if part.content_type == "text/html" or _MARKUP.match(text):
        lines = read_html(text)
        return [Passage(lines.text, lines.marks, html=True)]
    if part.content_type in ("text/enriched", "text/richtext"):
        text = _ENRICHED.sub("", text)
    lines_of_text = [line.rstrip() if line != "-- " else line for line in text.split("\n")]
    return [Passage(lines_of_text, [None] * len(lines_of_text))]


def _of_container(part: Part, raw: bytes) -> list[Passage]:
    kind = part.content_type
    if kind == "multipart/alternative":
        return _best(part.children, raw)
    if kind == "message/rfc822":
        return _enclosed(part.children[0], raw)
    if kind == "multipart/encrypted":
        return []
    if kind in ("multipart/related", "multipart/signed"):
        return passages(_root(part), raw)
    return [p for child in part.children for p in passages(child, raw)]


def _root(part: Part) -> Part:
    """The part that is shown: named by `start` (RFC 2387), else the first."""
    start = part.parameters.get("start", "")
    named = (c for c in part.children if start and c.block.get("content-id").strip() == start)
    return next(named, part.children[0])


def _best(children: tuple[Part, ...], raw: bytes) -> list[Passage]:
    """Of alternatives the plain text, unless it is empty or only says that there is HTML."""
    plain = [p for c in children if c.content_type == "text/plain" for p in passages(c, raw)]
    words = "\n".join(line for p in plain for line in p.lines).strip()
    if words and not (len(words) <= _STUB_LENGTH and _STUB.search(words)):
        return plain
    for child in reversed(children):
        if child.content_type != "text/plain":
            rich = passages(child, raw)
            if any(line.strip() for p in rich for line in p.lines):
                return rich
    return plain


def _enclosed(mail: Part, raw: bytes) -> list[Passage]:
    """A mail inside the mail: the lines a reader is shown above it, then its text; all of it forwarded."""
    head = [
        f"{name.title()}: {decode_words(value[: limits.FIELD_CHARACTERS])}"
        for name in _SHOWN_HEADER
        if (value := mail.block.get(name))
    ]
    inner = passages(mail, raw)
    lines = [*head, "", *(line for p in inner for line in (*p.lines, ""))]
    return [Passage(lines, [None] * len(lines), whole=ZoneKind.FORWARD)]


def text_of(part: Part, raw: bytes) -> str:
    """The decoded text of one part, flowed lines joined."""
    data = undo(raw[part.start : min(part.end, part.start + limits.TEXT_BYTES)], part.encoding)
    charset = part.parameters.get("charset", "")
    if part.content_type == "text/html" and not charset and (meta := _META_CHARSET.search(data[:2048])):
        charset = meta[1].decode("ascii")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        charset = "utf-16"
    text = clean(decode(data, charset))
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, part.parameters.get("delsp", "").lower() == "yes")
    return text
