"""Telling the user: a command of theirs, a desktop notification, or a notice mail in the inbox ."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.settings import Settings
from proxy.journal import Journal
from proxy.store.database import Store


class Occasion(StrEnum):
    """What there is to tell."""

    HOLD = "hold"
    WARN = "warn"
    EXPIRED = "expired"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Notice:
    """One thing to tell. `sentence` holds the reason, never the mail's subject or text beyond a quote."""

    occasion: Occasion
    account: str
    sentence: str
    recipients: tuple[str, ...] = ()
    id: str = ""  # of the held or warned mail


async def tell(notice: Notice, *, settings: Settings, store: Store, journal: Journal, now: datetime) -> str:
    """Tell the user. Answers what carried it: "command", "desktop", "mail" or "" (nothing). Never raises."""
    return ""
