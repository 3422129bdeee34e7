"""The mails the end-to-end tests send: invented people, whole headers, CRLF line ends."""

import hashlib
import itertools
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

_COUNT = itertools.count(1)

NEWS = "The minutes of our meeting on Tuesday are done.\r\nThe next one is in the small room.\r\n"
ASK = (
    "Dear colleague,\r\n\r\n"
    "we have never met. I am looking for a new job as a marketing director.\r\n"
    "Could you introduce me to your head of hiring?\r\n\r\n"
    "Best regards\r\n"
)
PITCH = (
    "Hi there,\r\n\r\n"
    "I came across your website. Our agency helps firms like yours to get more customers.\r\n"
    "Would you be interested in buying our SEO package? Could we schedule a call this week?\r\n\r\n"
    "Max\r\n"
)


def letter(sender: str, to: str, subject: str, text: str = NEWS, **headers: str) -> bytes:
    """A mail from `sender` to `to` (empty: no To at all); each has a Message-ID of its own."""
    lines = [
        ("From", sender),
        *([("To", to)] if to else []),
        ("Subject", subject),
        ("Date", headers.pop("date", format_datetime(datetime.now(UTC)))),
        ("Message-ID", f"<{next(_COUNT)}.{subject_token(subject)}@client.example>"),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
        *((name.replace("_", "-"), value) for name, value in headers.items()),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in lines)
    return (head + "\r\n" + text).encode()


def subject_token(subject: str) -> str:
    return hashlib.sha256(subject.encode()).hexdigest()[:8]


def ago(days: int) -> str:
    """A Date so many days ago."""
    return format_datetime(datetime.now(UTC) - timedelta(days=days))


def friendship(owner: str, friend: str) -> list[bytes]:
    """Mails that make two people established: three threads to and fro over five months."""
    mails = []
    for thread, days in enumerate((150, 90, 30)):
        first = letter(owner, friend, f"plans {thread}", date=ago(days))
        reply_to = message_id(first)
        mails.append(first)
        for number, (a, b) in enumerate([(friend, owner), (owner, friend), (friend, owner)], start=1):
            links = {"In_Reply_To": reply_to, "References": reply_to}
            mails.append(letter(a, b, f"Re: plans {thread}", date=ago(days - number), **links))
            reply_to = message_id(mails[-1])
    return mails


def message_id(mail: bytes) -> str:
    return dict(_headers(mail))[b"message-id"].decode()


def _headers(mail: bytes) -> list[tuple[bytes, bytes]]:
    """Names, lower-cased, and values with their folding, in order."""
    head = mail.partition(b"\r\n\r\n")[0]
    found: list[tuple[bytes, bytes]] = []
    for line in head.split(b"\r\n"):
        if line[:1] in (b" ", b"\t") and found:
            found[-1] = (found[-1][0], found[-1][1] + b"\r\n" + line)
        else:
            name, _, value = line.partition(b":")
            found.append((name.lower(), value.strip()))
    return found


def fingerprints(mail: bytes, *, without: tuple[bytes, ...] = ()) -> list[tuple[bytes, str]]:
    """sha256 of each header (name, digest) in order, and of the body, but for the headers `without`."""
    body = mail.partition(b"\r\n\r\n")[2]
    parts = [(name, value) for name, value in _headers(mail) if name not in without]
    return [(name, hashlib.sha256(value).hexdigest()) for name, value in [*parts, (b"(body)", body)]]


# What a provider writes on top while it carries a mail (RFC 5321, 4.4).
TRACE = (b"return-path", b"delivered-to", b"received")


def same_letter(sent: bytes, arrived: bytes) -> None:
    """Assert that a mail arrived as it was sent, byte for byte, but for the provider's trace on top."""
    assert fingerprints(arrived, without=TRACE) == fingerprints(sent)
