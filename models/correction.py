"""What the user said by moving mail, and what was filed."""

from datetime import datetime
from enum import StrEnum

from models.verdict import IncomingVerdict
from models.word import Word


class Opinion(StrEnum):
    """The user's word about a person's mail."""

    COLD = "cold"
    NOT_COLD = "not-cold"


class FiledState(StrEnum):
    """Where a judged mail is, as far as coldask knows."""

    STAYED = "stayed"  # never moved: kept, unsure, or the mode files nothing
    MOVING = "moving"  # written before the move, so that a crash in between is understood
    FILED = "filed"
    RETURNED = "returned"  # the user moved it back: never touched again
    GONE = "gone"  # deleted, or nowhere to be found


class FiledMail(Word):
    """A row of the ledger: one mail that was filed as a cold ask, or that stayed as unsure."""

    id: int
    account: str
    fingerprint: int
    message_id: str | None
    sender: str  # canonical
    subject: str
    filed_at: datetime
    state: FiledState
    verdict: IncomingVerdict


class Correction(Word):
    """The user moved a mail out of Cold Asks, or into it."""

    person: str  # canonical
    opinion: Opinion
    at: datetime
    source: str  # "moved out of Cold Asks", "wrote to them", …
    message_id: str | None = None
