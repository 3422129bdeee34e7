"""Looking at mail without leaving a trace: BODY.PEEK only, by UID, with limits."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from models.letter import short_hash
from proxy.mailbox.answers import Answer, Value, fields, moment, number, words_of
from proxy.mailbox.session import NotDone, Session, batches
from proxy.mailbox.wire import string

MAX_MAIL = 4 << 20  # so much of a huge mail is read: its text stands before its enclosures
_ITEMS = b"(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])"
_AT_ONCE = 1000  # headers in one command; servers refuse longer lists
_READ_AT_ONCE = 64  # few enough to begin early, enough for each step's code to stay in the processor's cache
# One mail's answer up to its header, as servers send it: items in any order, the header last.
_HEADING = re.compile(
    rb"\* \d+ FETCH \((?:(?:UID (\d+)|INTERNALDATE \"([^\"]*)\"|RFC822\.SIZE (\d+)) )*BODY\[HEADER\.FIELDS [^]]*\] ?",
    re.IGNORECASE,
)
_FOLD = re.compile(rb"\n[ \t]")
_TELLING = frozenset((b"received", b"delivered-to", b"message-id", b"date", b"from", b"to", b"subject"))
_WHOLE_BATCH = 50

T = TypeVar("T")


@dataclass(frozen=True)
class Look:
    """One mail as a folder shows it: its number there, and its header's bytes."""

    uid: int
    flags: frozenset[str]  # lower-cased
    received: datetime | None  # INTERNALDATE
    size: int  # bytes, of the whole mail
    header: bytes

    @property
    def copy(self) -> int:
        """See `copy_of`."""
        return copy_of(self.header)


class Heading(NamedTuple):
    """Some fields of one mail's header."""

    uid: int
    size: int  # bytes, of the whole mail; 0 where it was not asked for
    internal_date: bytes
    header: bytes  # the fields asked for, as they stand in the header, and the empty line

    @property
    def received(self) -> datetime | None:
        """INTERNALDATE, aware."""
        return moment(self.internal_date)


def copy_of(header: bytes) -> int:
    """Knows one delivered copy again, also where a client added fields when it appended instead of moving.

    A second delivery of the same mail differs in its trace (Received, Delivered-To; RFC 5321, 4.4).
    """
    fields = _FOLD.sub(b" ", header.replace(b"\r\n", b"\n")).split(b"\n")
    told = [b" ".join(f.split()) for f in fields if f.partition(b":")[0].strip().lower() in _TELLING]
    return short_hash(b"\n".join(told).decode("latin-1"))


def look(session: Session, uids: Sequence[int]) -> list[Look]:
    """The headers of these mails in ascending order of UID; what is gone is left out."""
    found: dict[int, Look] = {}
    for batch in batches(uids):
        for words in session.run(b"UID FETCH", batch, _ITEMS).named(b"FETCH"):
            items = fields(words[0] if words else None)
            uid, header = number(items.get(b"UID")), items.get(b"BODY[HEADER]")
            if not uid or not isinstance(header, bytes):
                continue  # an unsolicited FETCH about flags
            found[uid] = Look(
                uid=uid,
                flags=words_of(items.get(b"FLAGS")),
                received=moment(items.get(b"INTERNALDATE")),
                size=number(items.get(b"RFC822.SIZE")),
                header=header,
            )
    wanted = set(uids)
    return [found[uid] for uid in sorted(found) if uid in wanted]


def headings(
    session: Session,
    uids: Sequence[int],
    names: Collection[str],
    read: Callable[[list[Heading]], Iterable[T]],
    *,
    sizes: bool = False,
) -> list[T]:
    """These fields of these mails' headers, for reading many: a third of what whole headers weigh.

    Some at a time are handed to `read`, which must not raise, while the server sends the next. What it made
    of each comes back in ascending order of UID; what is gone is left out. Sizes are asked for only where
    wanted: servers that do not keep them read every mail for it.
    """
    listed = " ".join(sorted(names)).upper().encode("ascii")
    items = b"(UID INTERNALDATE %bBODY.PEEK[HEADER.FIELDS (%b)])" % (
        b"RFC822.SIZE " if sizes else b"",
        listed,
    )
    wanted = set(uids)
    found: dict[int, T] = {}
    waiting: list[Heading] = []

    def take(pieces: list[bytes]) -> bool:
        one = _heading(pieces)
        if one is not None and one.uid in wanted:
            waiting.append(one)
        if len(waiting) >= _READ_AT_ONCE:
            hand_over()
        return True

    def hand_over() -> None:
        found.update(zip((one.uid for one in waiting), read(waiting), strict=True))
        waiting.clear()

    for batch in batches(uids, _AT_ONCE):
        session.run(b"UID FETCH", batch, items, take=take)
    hand_over()
    return [found[uid] for uid in sorted(found)]


def _heading(pieces: Sequence[bytes]) -> Heading | None:
    """One mail's answer; None for an unsolicited one. The usual form is not taken apart word by word."""
    usual = _HEADING.fullmatch(pieces[0])
    if usual is not None and usual[1] and usual[2] and len(pieces) == 3 and pieces[2] == b")":
        return Heading(int(usual[1]), int(usual[3] or 0), usual[2], pieces[1])
    for words in Answer(b"OK", b"", (list(pieces),)).named(b"FETCH"):
        items = fields(words[0] if words else None)
        header = next((v for k, v in items.items() if k.startswith(b"BODY[HEADER.FIELDS")), None)
        date, uid = items.get(b"INTERNALDATE"), number(items.get(b"UID"))
        if uid and isinstance(header, bytes):
            size = number(items.get(b"RFC822.SIZE"))
            return Heading(uid, size, date if isinstance(date, bytes) else b"", header)
    return None


def whole(session: Session, uid: int, *, limit: int = MAX_MAIL) -> bytes | None:
    """The first `limit` bytes of a mail; None where it is gone."""
    answer = session.run(b"UID FETCH", b"%d" % uid, b"(UID BODY.PEEK[]<0.%d>)" % limit)
    return _bodies(answer.named(b"FETCH")).get(uid)


def wholes(session: Session, uids: Sequence[int], *, limit: int = MAX_MAIL) -> dict[int, bytes]:
    """Several small mails in few commands."""
    out: dict[int, bytes] = {}
    for batch in batches(uids, _WHOLE_BATCH):
        answer = session.run(b"UID FETCH", batch, b"(UID BODY.PEEK[]<0.%d>)" % limit)
        out.update(_bodies(answer.named(b"FETCH")))
    return out


def with_message_id(session: Session, message_id: str) -> list[int]:
    """The UIDs in the open folder whose Message-ID holds these words; compare them, SEARCH is fuzzy."""
    if any(c in message_id for c in "\r\n\0"):
        return []
    charset = () if message_id.isascii() else (b"CHARSET UTF-8",)
    try:
        return session.search(*charset, b"HEADER Message-ID", string(message_id))
    except NotDone:  # a charset or a length the server does not search for
        return []


def _bodies(answers: Iterator[list[Value]]) -> dict[int, bytes]:
    out: dict[int, bytes] = {}
    for words in answers:
        items = fields(words[0] if words else None)
        body = next((v for k, v in items.items() if k.startswith(b"BODY[]")), None)
        if uid := number(items.get(b"UID")):
            out[uid] = body if isinstance(body, bytes) else b""
    return out
