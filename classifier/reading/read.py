"""Reads the bytes of a mail into a `Mail`; never raises, whatever the bytes."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from models.address import Mailbox
from models.mail import Mail, Zone, ZoneKind

MAX_HEADER = 256_000
MAX_ADDRESSES = 2_000


def _decoded(value: str) -> str:
    try:
        text = str(make_header(decode_header(value)))
    except Exception:
        text = value
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _mailboxes(message: Message, name: str) -> tuple[Mailbox, ...]:
    values = [str(v)[:100_000] for v in message.get_all(name, [])]
    pairs = getaddresses(values)[:MAX_ADDRESSES]
    return tuple(Mailbox(name=_decoded(n), address=a) for n, a in pairs if "@" in a)


def _text_of(message: Message) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                return data.decode("utf-8", "replace").replace("\r\n", "\n")
    return ""


def read_headers(raw: bytes) -> Mail:
    """The header block only: no text, no zones, no attachments."""
    return _read(raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw[:MAX_HEADER] else b"\n\n")[0] + b"\n\n", len(raw))


def read_mail(raw: bytes) -> Mail:
    """The whole mail: header, text, zones, attachments."""
    return _read(raw, len(raw))


def _read(raw: bytes, size: int) -> Mail:
    try:
        message = message_from_bytes(raw)
        text = _text_of(message)
        date = None
        try:
            date = parsedate_to_datetime(str(message["date"]))
        except (TypeError, ValueError, OverflowError):
            date = None
        return Mail(
            message_id=str(message["message-id"]).strip() if message["message-id"] else None,
            date=date if date is None or date.tzinfo else None,
            senders=_mailboxes(message, "from"),
            reply_to=_mailboxes(message, "reply-to"),
            to=_mailboxes(message, "to"),
            cc=_mailboxes(message, "cc"),
            bcc=_mailboxes(message, "bcc"),
            subject=_decoded(str(message["subject"] or "")),
            headers=tuple((n.lower(), _decoded(str(v))) for n, v in message.items()),
            text=text,
            zones=(Zone(kind=ZoneKind.OWN, start=0, end=len(text)),) if text else (),
            content_type=message.get_content_type(),
            size=size,
        )
    except Exception as error:
        return Mail(size=size, unreadable=f"the mail could not be read ({type(error).__name__})")
