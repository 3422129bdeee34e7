"""The corpus of letters: whole mails written for this project, each with its history and what should become of it.

A line of `letters-*.jsonl` is one letter; `rows` of the same form can come from anywhere (`coldask evaluate`).
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Final
from zlib import crc32

SHARE: Final = 1 / 3  # of word triples in common, from which a letter is a near-copy of another
_HELD: Final = 5  # one topic in so many is held
_HELD_AUTHORS: Final = frozenset({"author3"})  # of these every letter is held
_WORD: Final = re.compile(r"[a-z0-9']+")
_OURS: Final = ("from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "content-type")
_PDF: Final = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_TEXT: Final = "utf-8"


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled letter, the earlier mails of the mailbox, and what should become of it."""

    id: str
    outgoing: bool
    owner: tuple[str, ...]
    now: datetime  # aware
    mail: Mapping[str, Any]  # as the line gives it
    earlier: tuple[Mapping[str, Any], ...]  # the mails before it, by date
    rcpt: tuple[str, ...]  # the envelope of an outgoing one; empty: To and Cc
    expected: str  # the disposition
    also_ok: tuple[str, ...]  # dispositions, of an outgoing one rules, that a careful reader accepts too
    rules: tuple[str, ...]  # that an outgoing one must be found by
    family: str
    tie: str
    author: str
    topic: str
    subject: str
    text: str  # the body as it was written
    asks: tuple[tuple[str, str], ...]  # kind and words of each ask; empty also where nobody noted them

    @property
    def raw(self) -> bytes:
        """The bytes of the mail; built anew each time."""
        return built(self.mail, self.now, f"<{self.id}.now@letters.example>")

    @property
    def past(self) -> tuple[bytes, ...]:
        """The bytes of the earlier mails, by date; built anew each time."""
        return tuple(
            built(mail, moment(mail["date"]), mail.get("id") or f"<{self.id}.{number}@letters.example>")
            for number, mail in enumerate(self.earlier)
        )

    @property
    def wanted(self) -> bool:
        """Whether it should be filed, or stopped."""
        return self.expected in ("file", "hold", "warn")

    @property
    def held(self) -> bool:
        """Kept for measuring, never fitted on: all of one author's, and of the others every fifth topic."""
        return self.author in _HELD_AUTHORS or crc32(self.topic.encode(_TEXT)) % _HELD == 0


def letters(folder: Path) -> tuple[Sample, ...]:
    """All letters of the `letters-*.jsonl` of a folder, by file and line.

    Raises ValueError, which names file and line, and OSError.
    """
    return tuple(
        _letter(path, number, line)
        for path in sorted(folder.glob("letters-*.jsonl"))
        for number, line in enumerate(path.read_text(_TEXT).splitlines(), 1)
        if line.strip()
    )


def _letter(path: Path, number: int, line: str) -> Sample:
    try:
        return sample(json.loads(line))
    except json.JSONDecodeError as fault:
        raise ValueError(f"line {number} of {path.name} is not JSON ({fault.msg})") from None
    except ValueError as fault:
        raise ValueError(f"line {number} of {path.name}: {fault}") from None


def sample(row: Mapping[str, Any]) -> Sample:
    """The letter of one line. Raises ValueError with half a sentence where something is missing in it."""
    try:
        return _sample(row)
    except KeyError as fault:
        raise ValueError(f"it has no {fault}") from None
    except (TypeError, AttributeError) as fault:
        raise ValueError(f"something in it is of another kind than it should be ({fault})") from None


def _sample(row: Mapping[str, Any]) -> Sample:
    mail, expected = row["mail"], row["expected"]
    wanted = expected if isinstance(expected, str) else expected["disposition"]
    return Sample(
        id=str(row["id"]),
        outgoing=row["direction"] == "out",
        owner=tuple(row["owner"]),
        now=moment(row["now"]),
        mail=mail,
        earlier=tuple(sorted(row["past"], key=lambda m: moment(m["date"]))),
        rcpt=tuple(row.get("rcpt") or ()),
        expected=wanted,
        also_ok=tuple(row.get("also_ok") or ()),
        rules=() if isinstance(expected, str) else tuple(expected.get("rules") or ()),
        family=str(row.get("family", "")),
        tie=str(row.get("tie", "")),
        author=str(row.get("author", "")),
        topic=str(row.get("topic", "")),
        subject=str(mail.get("subject") or ""),
        text=str(mail.get("body") or ""),
        asks=tuple((str(a["ask"]), str(a["quote"])) for a in row.get("asks") or ()),
    )


def moment(text: str) -> datetime:
    """An aware moment out of ISO 8601. Raises ValueError."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def built(mail: Mapping[str, Any], when: datetime, message_id: str) -> bytes:
    """A letter as the bytes of a mail; the same letter always gives the same bytes."""
    made = EmailMessage()
    made["From"] = mail["from"]
    for name in ("to", "cc"):
        if mail.get(name):
            made[name.title()] = ", ".join(mail[name])
    made["Subject"] = " ".join((mail.get("subject") or "").splitlines())
    made["Date"] = format_datetime(when)
    made["Message-ID"] = message_id
    if answered := mail.get("in_reply_to"):
        made["In-Reply-To"] = made["References"] = answered
    headers = mail.get("headers") or {}
    for name, value in headers.items():
        if name.lower() not in _OURS:
            made[name] = " ".join(str(value).splitlines())
    _fill(made, mail, calendar="text/calendar" in str(headers.get("Content-Type", "")).lower())
    for number, part in enumerate(p for p in made.walk() if p.is_multipart()):
        part.set_boundary(f"=-part-{number}-of-a-letter")  # else a random one
    return made.as_bytes()


def _fill(made: EmailMessage, mail: Mapping[str, Any], *, calendar: bool) -> None:
    body = mail.get("body") or ""
    if calendar:
        made.set_content(body, subtype="calendar", params={"method": "REQUEST"})
    else:
        made.set_content(body)
    if mail.get("html"):
        made.add_alternative(mail["html"], subtype="html")
    for name in mail.get("attachments") or ():
        subtype = "pdf" if name.lower().endswith("pdf") else "octet-stream"
        made.add_attachment(_PDF, maintype="application", subtype=subtype, filename=name)


def near_copies(texts: Iterable[str]) -> list[tuple[int, int]]:
    """Pairs of places: a text, and an earlier one that it shares a third or more of its word triples with."""
    holders: dict[tuple[str, ...], list[int]] = {}
    found = []
    for place, text in enumerate(texts):
        words = _WORD.findall(text.lower())
        triples = {tuple(words[i : i + 3]) for i in range(len(words) - 2)}
        shared = Counter(other for triple in triples for other in holders.get(triple, ()))
        other, count = next(iter(shared.most_common(1)), (0, 0))
        if triples and count >= len(triples) * SHARE:
            found.append((place, other))
        for triple in triples:
            holders.setdefault(triple, []).append(place)
    return found
