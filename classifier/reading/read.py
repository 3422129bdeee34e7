"""Reads the bytes of a mail into a `Mail`; never raises, whatever the bytes.

Structure is read by an own reader that works on offsets: the email package copies and decodes every
attachment, raises on one odd mail in a hundred, and takes minutes for deep nesting or 100,000 parts.
"""

import re
from typing import Any

from classifier.reading import limits
from classifier.reading.addresses import read_addresses
from classifier.reading.body import Passage, passages, text_of
from classifier.reading.dates import read_date
from classifier.reading.enclosures import enclosures
from classifier.reading.headers import Block, shown, split_block
from classifier.reading.parts import Part, Tree, content_type_of
from classifier.reading.words import decode_words
from classifier.reading.zones import Hints, cut
from models.address import Mailbox
from models.mail import Mail, ThreadLinks, Zone, ZoneKind

_ID = re.compile(r"<[^<>\s]{1,998}>")
_NO_LINKS = ThreadLinks()
_FORWARDED = re.compile(r"\s*(?:fwd?|wg|tr|enc|rv|i|vs|doorst)\s*:", re.I)
_FIELDS_OF_MAIL = (
    "from to cc bcc sender reply-to subject date message-id received return-path content-type mime-version "
    "in-reply-to references list-id x-mailer"
)
_KNOWN_FIELDS = frozenset(_FIELDS_OF_MAIL.split())
_OF_HEADER = (  # what `_fields` reads
    "message_id", "date", "senders", "reply_to", "to", "cc", "bcc", "subject", "links", "headers",
)  # fmt: skip


def read_headers(raw: bytes) -> Mail:
    """The header block only: no text, no zones, no attachments. Never raises."""
    return _guarded(_read_headers, raw)


def read_mail(raw: bytes, header: Mail | None = None) -> Mail:
    """The whole mail: header, text, zones, attachments. Never raises.

    `header`: what `read_headers` gave for the same bytes, where that was asked before; it is not read twice.
    """
    return _guarded(_read_mail, raw, header)


def _guarded(read: Any, raw: bytes, *known: Mail | None) -> Mail:
    try:
        mail: Mail = read(raw, *known)
        return mail
    except Exception as error:  # the last net: a fault here must cost a judgement, never a mail
        return Mail(size=len(raw), unreadable=f"the mail could not be read ({type(error).__name__})")


def _prepared(raw: bytes) -> tuple[bytes, int]:
    """Line ends of old Macs made line feeds, and where the header begins: after blank lines."""
    if b"\n" not in raw[: limits.FIELD_BYTES] and b"\r" in raw[: limits.FIELD_BYTES]:
        raw = raw.replace(b"\r", b"\n")
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    window = raw[start : start + 4096]
    return raw, start + len(window) - len(window.lstrip(b"\r\n"))


def _read_headers(raw: bytes) -> Mail:
    data, start = _prepared(raw)
    block = split_block(data, start, len(data))
    content_type = content_type_of(block)
    return Mail(
        **_fields(block),
        content_type=content_type,
        calendar=content_type == "text/calendar",
        size=len(raw),
        unreadable=_fault(data, block, ""),
    )


def _read_mail(raw: bytes, header: Mail | None) -> Mail:
    data, start = _prepared(raw)
    tree = Tree(data, start)
    root = tree.root
    fields = {name: getattr(header, name) for name in _OF_HEADER} if header else _fields(root.block)
    shown_parts = passages(root, data) or _calendar_text(root, data)
    text, zones = _text(shown_parts, fields)
    return Mail(
        **fields,
        text=text,
        zones=zones,
        html=any(p.html for p in shown_parts[:1]),
        calendar=any(p.content_type in ("text/calendar", "application/ics") for p in tree.leaves()),
        content_type=root.content_type,
        attachments=enclosures(root, data),
        size=len(raw),
        unreadable=_fault(data, root.block, text, cut=tree.cut),
    )


def _fields(block: Block) -> dict[str, Any]:
    def mailboxes(name: str) -> tuple[Mailbox, ...]:
        return read_addresses(block.all(name)) if name in first else ()

    first = dict(reversed(block.fields))  # of each name
    # The same address twice is one author; two addresses are none (relationships: ambiguous is unknown).
    senders = mailboxes("from")
    if len(senders) > 1:
        senders = tuple(reversed({m.canonical: m for m in reversed(senders)}.values()))
    return {
        "message_id": _message_id(first.get("message-id", "")),
        "date": read_date(first.get("date", "")),
        "senders": senders,
        "reply_to": mailboxes("reply-to"),
        "to": mailboxes("to"),
        "cc": mailboxes("cc"),
        "bcc": mailboxes("bcc"),
        "subject": decode_words(first.get("subject", "")[: limits.FIELD_CHARACTERS]),
        "links": _links(first.get("in-reply-to", ""), first.get("references", "")),
        "headers": shown(block.fields),
    }


def _links(in_reply_to: str, references: str) -> ThreadLinks:
    if not in_reply_to and not references:
        return _NO_LINKS
    return ThreadLinks(in_reply_to=_ids(in_reply_to), references=_ids(references))


def _message_id(value: str) -> str | None:
    if not value or len(value) > limits.MESSAGE_ID:
        return None
    return decode_words(value.partition(">")[0] + ">" if ">" in value else value) or None


def _ids(value: str) -> tuple[str, ...]:
    """Message-IDs in order; of very many the first, which names the thread, and the last."""
    found = tuple(dict.fromkeys(_ID.findall(value))) if value else ()
    return found if len(found) <= limits.REFERENCES else (found[0], *found[1 - limits.REFERENCES :])


def _calendar_text(root: Part, raw: bytes) -> list[Passage]:
    """Words sent as text/calendar that are no calendar, so that they are shown."""
    if root.content_type != "text/calendar":
        return []
    text = text_of(root, raw)
    lines = [] if text.lstrip().startswith("BEGIN:") else text.split("\n")
    return [Passage(lines, [None] * len(lines))] if lines else []


def _text(shown_parts: list[Passage], fields: dict[str, Any]) -> tuple[str, tuple[Zone, ...]]:
    """The passages one after another, each with its own zones."""
    hints = Hints(
        forwarded=bool(_FORWARDED.match(fields["subject"])),
        names=tuple(m.name or m.address.rpartition("@")[0] for m in fields["senders"]),
    )
    lines: list[str] = []
    kinds: list[ZoneKind] = []
    room = limits.TEXT_CHARACTERS
    for passage in shown_parts:
        first, last, room = _stretch(passage.lines, room)
        if first >= last:
            continue
        if lines:
            lines.append("")
            kinds.append(kinds[-1])
        here = passage.lines[first:last]
        lines += here
        kinds += [passage.whole] * len(here) if passage.whole else cut(here, passage.marks[first:last], hints)
    return "\n".join(lines), _zones(lines, kinds)


def _stretch(lines: list[str], room: int) -> tuple[int, int, int]:
    """The lines without empty ones before and after, cut where the room ends; and the room left."""
    first, last = 0, len(lines)
    while first < last and not lines[first].strip():
        first += 1
    while last > first and not lines[last - 1].strip():
        last -= 1
    for number in range(first, last):
        room -= len(lines[number]) + 1
        if room < 0:
            return first, number, 0
    return first, last, room


def _zones(lines: list[str], kinds: list[ZoneKind]) -> tuple[Zone, ...]:
    """Neighbouring lines of one kind make a zone; a line's end belongs to its line."""
    zones: list[Zone] = []
    start = at = 0
    for number, kind in enumerate(kinds):
        at += len(lines[number]) + (number + 1 < len(lines))
        if number + 1 == len(kinds) or kinds[number + 1] is not kind:
            if at > start:
                zones.append(Zone(kind=kind, start=start, end=at))
            start = at
    return tuple(zones)


def _fault(raw: bytes, block: Block, text: str, *, cut: bool = False) -> str:
    """Why the mail could not be read, in words; empty where it could."""
    if not raw[: limits.FIELD_BYTES].strip(b"\r\n\t \x00"):
        return "the mail is empty"
    if not any(name in _KNOWN_FIELDS for name, _ in block.fields):
        return "no header could be read"
    if block.cut:
        return "the header is too long to be read whole"
    if len(text) > 40 and text.count("\ufffd") * 4 > len(text):
        return "the text is no text in any charset known"
    if cut and not text.strip():
        return "the mail has too many parts, or too many within one another"
    return ""
