"""The mail on stdin as sendmail takes it: its header made whole where fields are missing, nothing else touched."""

import re
import sys
from collections.abc import Iterable
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, make_msgid
from typing import BinaryIO, Self

from classifier.reading.addresses import read_addresses
from models.address import Mailbox, domain_of
from models.errors import UsageError

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:([^\n]*\n(?:[ \t][^\n]*\n)*)")
_COMMENT = re.compile(r"\(([^()]*)\)")


class Letter:
    """A mail and its header's fields. `me`: the address that a name without @ stands for."""

    def __init__(self, raw: bytes, me: str) -> None:
        self._me = me
        self._head, self._body = _cut(raw)
        self._fields: dict[str, list[str]] = {}
        for found in _FIELD.finditer(self._head):
            value = found[2].decode("utf-8", "surrogateescape")
            self._fields.setdefault(found[1].decode("ascii").lower(), []).append(" ".join(value.split()))

    @classmethod
    def read(cls, source: BinaryIO, me: str, *, to_the_end: bool) -> Self:
        """The mail on stdin, up to a line that is a dot unless `to_the_end` (-i)."""
        if source.isatty():
            sys.stderr.write("coldask sendmail: reading a mail from the terminal; end it with Ctrl-D.\n")
        lines = []
        for line in source:
            if not to_the_end and line in (b".\n", b".\r\n"):
                break
            lines.append(line)
        raw = b"".join(lines).replace(b"\r\n", b"\n")
        if raw.startswith(b"From "):  # the separator of an mbox
            raw = raw.partition(b"\n")[2]
        return cls(raw if raw.endswith(b"\n") or not raw else raw + b"\n", me)

    def recipients(self, named: Iterable[str], *, from_header: bool) -> list[str]:
        """The envelope's recipients, each once: those named, and with `from_header` To, Cc and Bcc's.

        Raises UsageError for what is no address.
        """
        found = [address for word in named for address in self._addresses(word)]
        if from_header:
            resent = [n for n in self._fields if n in ("resent-to", "resent-cc", "resent-bcc")]
            for name in resent or ("to", "cc", "bcc"):
                for value in self._fields.get(name, []):
                    found += self._addresses(value)
        return list(dict.fromkeys(found))

    def sender(self, given: str | None) -> str:
        """The envelope's sender: as given, else the author, else the user."""
        if given is not None:
            return self._own(given) if given else ""
        authors = self._authors()
        return authors[0].address if authors else self._me

    def complete(self, sender: str, full_name: str) -> bytes:
        """The mail with CRLF line ends, and with From, Date and Message-ID where they are missing."""
        head, added = self._head, []
        if not self._authors():
            name = full_name or next(iter(_COMMENT.findall(" ".join(self._fields.get("from", [])))), "")
            head = _without_from(self._head)
            added.append(f"From: {_phrase(name)}<{self._me}>" if name else f"From: {self._me}")
        if "date" not in self._fields:
            added.append(f"Date: {format_datetime(datetime.now().astimezone())}")
        if "message-id" not in self._fields:
            added.append(f"Message-ID: {make_msgid(domain=domain_of(sender) or 'localhost')}")
        made = "".join(f"{line}\n" for line in added).encode("utf-8")
        return (head + made + b"\n" + self._body).replace(b"\n", b"\r\n")

    def _authors(self) -> tuple[Mailbox, ...]:
        return read_addresses(self._fields.get("from", []))

    def _addresses(self, text: str) -> list[str]:
        if "@" in text:
            found = [m.address for m in read_addresses([text])]
            if not found or not all(domain_of(a) and a.rpartition("@")[0] for a in found):
                raise UsageError(f"{text!r} is no address; write it like sue@corp.example.")
            return found
        bare = [word.strip() for word in text.split(",")]  # "undisclosed-recipients:;" is a group of nobody
        return [self._own(word) for word in bare if word and ":" not in word and word != ";"]

    def _own(self, word: str) -> str:
        """A name of this machine, as cron writes it, is the user; other words are no address."""
        if "@" in word:
            return word.strip()
        name = _COMMENT.sub("", word).strip()
        if not re.fullmatch(r"[\w.-]+\$?", name, re.ASCII):
            raise UsageError(f"{word!r} is no address; write it like sue@corp.example.")
        return self._me


def _without_from(head: bytes) -> bytes:
    """The header without a From that names nobody."""
    return _FIELD.sub(lambda found: b"" if found[1].lower() == b"from" else found[0], head)


def _phrase(name: str) -> str:
    """A display name as a header carries it."""
    if name.isascii():
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{" ".join(quoted.split())}" '
    return f"{Header(' '.join(name.split()), 'utf-8').encode(linesep='')} "


def _cut(raw: bytes) -> tuple[bytes, bytes]:
    """Header and body. A mail that begins with no field has none, and is all body."""
    if not _FIELD.match(raw):
        return b"", raw.removeprefix(b"\n")
    head, blank, body = raw.partition(b"\n\n")
    return (head + b"\n", body) if blank else (raw, b"")
