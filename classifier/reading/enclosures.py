"""Attachments: name, type, size, and for a few kinds a cheap look at the first text inside."""

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from classifier.reading import limits
from classifier.reading.charset import clean, decode, one_line
from classifier.reading.parts import Part
from classifier.reading.transfer import estimated_size, undo
from classifier.reading.words import decode_words
from models.mail import Attachment

_PARAGRAPH_END = re.compile(r"</w:p>|<w:br\b[^<>]*>|<w:tab/>")
_TAG = re.compile(r"<[^<>]*>")
_RTF_HIDDEN = re.compile(r"\{\\(?:\*|fonttbl|colortbl|stylesheet|info|pict)[^{}]*(?:\{[^{}]*\}[^{}]*)*+\}?")
_RTF_WORD = re.compile(
    r"\\(par|line|tab)\b ?|\\'([0-9a-fA-F]{2})|\\[a-zA-Z]{1,32}-?\d{0,10} ?|\\[^a-zA-Z]|[{}]"
)
_FILE_TYPES = ("application/pdf", "application/msword", "application/zip")
_TEXTS = (".txt", ".md", ".csv", ".ics", ".vcf")
_NO_ENCLOSURE = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")


def enclosures(root: Part, raw: bytes) -> tuple[Attachment, ...]:
    """Everything in the mail that is a file to its reader."""
    found: list[Attachment] = []
    looks = limits.LOOKS
    for part in _files(root, inside=""):
        if len(found) >= limits.ATTACHMENTS:
            break
        looked = _look(part, raw) if looks else None
        looks -= looked is not None
        found.append(
            Attachment(
                name=_name(part),
                content_type=part.content_type,
                size=estimated_size(raw, part.start, part.end, part.encoding),
                text=looked or "",
            )
        )
    return tuple(found)


def _files(part: Part, inside: str) -> Iterator[Part]:
    if part.content_type == "message/rfc822" and inside:
        yield part
    elif part.children:
        for child in part.children:
            yield from _files(child, part.content_type)
    elif _is_file(part, inside):
        yield part


def _is_file(part: Part, inside: str) -> bool:
    if part.is_text or part.content_type in _NO_ENCLOSURE:
        return False
    if part.content_type.startswith("image/") and part.disposition != "attachment":
        return bool(part.name) and inside != "multipart/related"  # else it is part of the letter's look
    if inside in ("multipart/alternative", "multipart/report", "multipart/encrypted"):
        return bool(part.name) and part.disposition == "attachment"
    return bool(part.name or inside or part.disposition == "attachment" or part.content_type in _FILE_TYPES)


def _name(part: Part) -> str:
    if part.name or part.content_type != "message/rfc822":
        return one_line(part.name.replace("\\", "/").rpartition("/")[2])[:255]
    subject = part.children[0].block.get("subject") if part.children else ""
    return decode_words(subject)[:250] + ".eml" if subject else ""


def _look(part: Part, raw: bytes) -> str | None:
    """The first words of a file of a known kind; None where it is not looked into. Never raises."""
    name = part.name.lower()
    if part.end - part.start > limits.LOOK_BYTES or part.content_type == "message/rfc822":
        return None
    if name.endswith(".docx") or part.content_type.endswith("wordprocessingml.document"):
        read = _docx
    elif name.endswith(".rtf") or part.content_type in ("text/rtf", "application/rtf"):
        read = _rtf
    elif name.endswith(_TEXTS) or part.content_type in ("text/plain", "text/calendar"):
        read = _plain
    else:
        return None
    text = clean(read(undo(raw[part.start : part.end], part.encoding), part.parameters.get("charset", "")))
    lines = (" ".join(line.split()) for line in text[: limits.LOOK_CHARACTERS * 4].split("\n"))
    return "\n".join(line for line in lines if line)[: limits.LOOK_CHARACTERS]


def _plain(data: bytes, charset: str) -> str:
    return decode(data[: limits.LOOK_CHARACTERS * 4], charset)


def _docx(data: bytes, charset: str) -> str:
    # The end record's count is checked before zipfile reads the whole directory.
    end = data.rfind(b"PK\x05\x06")
    if end < 0 or int.from_bytes(data[end + 10 : end + 12], "little") > limits.MEMBERS:
        return ""
    try:
        with ZipFile(BytesIO(data)) as container:
            member = container.getinfo("word/document.xml")
            if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or member.flag_bits & 1:
                return ""
            with container.open(member) as stream:
                xml = decode(stream.read(limits.INFLATED_BYTES), "utf-8")
    except Exception:  # BadZipFile, KeyError, zlib.error, struct.error, …: a damaged file says nothing
        return ""
    text = _TAG.sub("", _PARAGRAPH_END.sub("\n", xml))
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _rtf(data: bytes, charset: str) -> str:
    text = _RTF_HIDDEN.sub("", data[: limits.INFLATED_BYTES].decode("latin-1"))
    return _RTF_WORD.sub(_rtf_word, text)


def _rtf_word(match: re.Match[str]) -> str:
    if match[1]:
        return " " if match[1] == "tab" else "\n"
    return bytes.fromhex(match[2]).decode("cp1252", "replace") if match[2] else ""
