"""What history remembers of one mail: who, when, in which thread, and what happened in it. No text."""

import hashlib
from datetime import datetime
from enum import StrEnum

from models.finding import Ask
from models.mail import Mail
from models.word import Word


class EventKind(StrEnum):
    """What can happen in a mail that later judgements need."""

    INTRODUCTION = "introduction"  # the sender brings recipients together, or recommends the forwarded writer
    LIKELY_INTRODUCTION = "likely-introduction"  # one if no mail passed between the two before
    INVITATION = "invitation"  # the sender tells the recipient to send or ask something
    REFUSAL = "refusal"  # the sender says no ("not interested", "please stop")
    ASK = "ask"  # the sender asks something of the recipient
    HELP = "help"  # the sender helps the recipient; `firm`: whether or not help was asked for
    THANKS = "thanks"  # the sender thanks
    REPORT = "report"  # the sender tells what became of something
    CALL = "call"  # the sender asks the public: a job posting, a call for papers


class Help(StrEnum):
    """What somebody can give who helps (relationships, "Help owed")."""

    NAMES = "names"
    LEAD = "lead"
    INTRODUCTION = "introduction"
    REFERRAL = "referral"
    ADVICE = "advice"


class Event(Word):
    """Something that happened in a mail. `people`: canonical addresses it is about (the introduced)."""

    kind: EventKind
    people: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    enclosures: tuple[str, ...] = ()
    help: Help | None = None
    quote: str = ""  # 200 characters at most
    firm: bool = False  # of a refusal: closes the matter whoever it is said to; see HELP


class Letter(Word):
    """One mail of history. Addresses are canonical; ids are 63-bit hashes of Message-IDs."""

    fingerprint: int  # of Message-ID, Date, Subject, From: a mail counts once
    message_id: str | None
    date: datetime  # aware, UTC
    sender: str
    reply_to: str = ""  # where answers go, if to another address than the sender's
    to: tuple[str, ...] = ()  # To
    cc: tuple[str, ...] = ()  # Cc and, for the owner's own mail, Bcc
    names: dict[str, str] = {}  # canonical address -> display name
    outgoing: bool = False  # the owner wrote it
    to_owner: bool = True  # an own address stands in To (incoming)
    personal: bool = True  # neither bulk nor automatic
    reconstructed: bool = False  # stands for a lost letter of the owner's (X-Reconstructed): no thread known
    whole: bool = False  # its text was read too, not the header alone
    dated: bool = True  # False: no readable Date, `date` is a stand-in
    id: int = 0  # hash of the Message-ID
    refs: tuple[int, ...] = ()  # hashes of References and In-Reply-To
    subject: int = 0  # hash of the subject without Re:/Fwd:, 0 where empty
    reply: bool = False  # says it is a reply (Re:, In-Reply-To, References)
    said: tuple[int, ...] = ()  # of the owner's own text: a few hashes by which a quote of it is known
    quotes: tuple[int, ...] = ()  # of what a letter without ids quotes: the same hashes
    events: tuple[Event, ...] = ()
    sketch: bytes | None = None  # of what the owner sent lately: word triples, hashed; None: not to be kept

    @property
    def recipients(self) -> tuple[str, ...]:
        return (*self.to, *self.cc)


def short_hash(text: str) -> int:
    """A 63-bit hash that is the same on every machine and fits SQLite's integer; never 0."""
    return (
        int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=8).digest()) >> 1
    ) or 1


def fingerprint(mail: Mail) -> int:
    """Knows a mail again when a client appends and deletes it instead of moving it (relationships, "Corrections")."""
    date = mail.date.isoformat() if mail.date else mail.header("date") or ""
    senders = ",".join(m.address.lower() for m in mail.senders)
    return short_hash("\n".join((mail.message_id or "", date, mail.subject, senders)))
