"""How history's rows are coded: flags, roles, ids, and the turn a joined row makes."""

from array import array
from enum import IntFlag
from typing import Any

from classifier.ties import Turn
from models.letter import EventKind, Letter


class Flag(IntFlag):
    """What `letter.flags` says."""

    OUTGOING = 1
    PERSONAL = 2
    DATED = 4
    REPLY = 8
    REFUSAL = 16  # the sender says no
    TO_OWNER = 32  # an own address stands in To
    FIRM = 128  # … and closes the matter whoever it is said to
    ASKS = 256  # the sender asks something
    RECONSTRUCTED = 64  # stands for a lost letter of the owner's
    WHOLE = 512  # its text was read too


_FLAGS = (
    (int(Flag.OUTGOING), "outgoing"),
    (int(Flag.PERSONAL), "personal"),
    (int(Flag.DATED), "dated"),
    (int(Flag.REPLY), "reply"),
    (int(Flag.TO_OWNER), "to_owner"),
    (int(Flag.RECONSTRUCTED), "reconstructed"),
    (int(Flag.WHOLE), "whole"),
)
SENDER, TO, COPY = 0, 1, 2  # other.role

# What `turn_of` reads; FROM other o JOIN letter l ON l.id = o.letter.
TURN_COLUMNS = "l.date, l.fingerprint, l.flags, l.recipients, o.role, l.message, l.refs, l.subject"


def flags_of(letter: Letter) -> int:
    """What `letter.flags` says of a letter."""
    flags = 0
    for flag, name in _FLAGS:
        if getattr(letter, name):
            flags |= flag
    for event in letter.events:
        if event.kind is EventKind.REFUSAL:
            flags |= (Flag.REFUSAL | Flag.FIRM) if event.firm else Flag.REFUSAL
        elif event.kind is EventKind.ASK:
            flags |= Flag.ASKS
    return int(flags)


def others_of(letter: Letter) -> list[tuple[str, int]]:
    """The other side of a letter, each with their role: who wrote it, or whom the owner wrote to."""
    if letter.outgoing:
        return [*((a, TO) for a in letter.to), *((a, COPY) for a in letter.cc)]
    return [(letter.sender, SENDER)] if letter.sender else []


def pack_refs(refs: tuple[int, ...]) -> bytes | None:
    """Hashes as 8 bytes each; None where there are none, which costs nothing in SQLite."""
    return array("q", refs).tobytes() or None


def unpack_refs(blob: bytes | None) -> tuple[int, ...]:
    return tuple(array("q", blob)) if blob else ()


def turn_of(row: tuple[Any, ...]) -> Turn:
    """The turn of a row of TURN_COLUMNS."""
    date, fingerprint, flags, recipients, role, message, refs, subject = row
    outgoing = bool(flags & Flag.OUTGOING)
    return Turn(
        at=date,
        key=fingerprint,
        outgoing=outgoing,
        personal=bool(flags & Flag.PERSONAL),
        recipients=recipients,
        direct=role == TO if outgoing else bool(flags & Flag.TO_OWNER),
        id=message or fingerprint,
        refs=unpack_refs(refs),
        subject=subject,
        reply=bool(flags & Flag.REPLY),
        refusal=bool(flags & Flag.REFUSAL),
        firm=bool(flags & Flag.FIRM),
        asks=bool(flags & Flag.ASKS),
        reconstructed=bool(flags & Flag.RECONSTRUCTED),
    )
