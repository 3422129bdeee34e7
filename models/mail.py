"""A mail as judgement sees it: decoded, cut into zones, never the raw bytes."""

from datetime import datetime
from enum import StrEnum
from functools import cached_property

from models.address import Mailbox
from models.heard import Heard
from models.word import Word


class ZoneKind(StrEnum):
    """What a stretch of a mail's text is. Only `own` is judged (etiquette, section 3)."""

    OWN = "own"
    QUOTE = "quote"
    FORWARD = "forward"
    SIGNATURE = "signature"
    DISCLAIMER = "disclaimer"
    FOOTER = "footer"


class Zone(Word):
    """A half-open stretch [start, end) of `Mail.text`, in characters."""

    kind: ZoneKind
    start: int
    end: int


class Attachment(Word):
    """An enclosure by name, type, size in bytes, and what a cheap look inside gave (may be empty)."""

    name: str
    content_type: str
    size: int = 0
    text: str = ""


class ThreadLinks(Word):
    """The Message-IDs, with angle brackets, that a mail says it answers (RFC 5322, 3.6.4). A claim, not proof."""

    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.references, *self.in_reply_to)))


class Mail(Word):
    """One mail. Every field is what could be read; `unreadable` says why where reading failed."""

    message_id: str | None = None  # with its angle brackets
    date: datetime | None = None  # aware
    senders: tuple[Mailbox, ...] = ()  # From
    reply_to: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    bcc: tuple[Mailbox, ...] = ()
    subject: str = ""
    links: ThreadLinks = ThreadLinks()
    headers: tuple[
        tuple[str, str], ...
    ] = ()  # every header in order: name lower-cased, value decoded, one line
    text: str = ""  # the whole text a reader sees, "\n" line ends
    zones: tuple[Zone, ...] = ()  # cover `text` without gap or overlap, in order
    html: bool = False  # the text was taken from HTML
    calendar: bool = False  # carries a text/calendar part
    content_type: str = "text/plain"  # of the whole mail, lower-cased, without parameters
    attachments: tuple[Attachment, ...] = ()
    size: int = 0  # bytes
    unreadable: str = ""  # empty where all could be read, else why not
    heard: Heard | None = None  # what a model hears in `own_text`; None: nobody has listened

    def __hash__(self) -> int:
        """By a few of its fields: what is remembered of mails is looked up by them again and again."""
        return hash((self.message_id, self.subject, self.text, self.size))

    @property
    def sender(self) -> Mailbox | None:
        """The one author, or None where From is missing or names several (then nobody is trusted)."""
        return self.senders[0] if len(self.senders) == 1 else None

    @cached_property
    def own_text(self) -> str:
        """The sender's own new text: the `own` zones, one after another. Rules read this and quote from it."""
        return "\n".join(
            s for z in self.zones if z.kind is ZoneKind.OWN and (s := self.text[z.start : z.end].strip("\n"))
        )

    @cached_property
    def _header_index(self) -> dict[str, str]:
        return dict(reversed(self.headers))  # of each name the first

    def header(self, name: str) -> str | None:
        """The first header of that name (any case), or None."""
        return self._header_index.get(name.lower())

    def has_none(self, names: frozenset[str]) -> bool:
        """No header of any of these names (lower-cased)."""
        return names.isdisjoint(self._header_index)

    def zone_text(self, *kinds: ZoneKind) -> str:
        """The text of the zones of these kinds, one after another."""
        return "\n".join(self.text[z.start : z.end] for z in self.zones if z.kind in kinds)


class Envelope(Word):
    """Who a mail goes to, as SMTP says it (RFC 5321, 2.3.1): addresses as the client wrote them, in order."""

    sender: str
    recipients: tuple[str, ...]
