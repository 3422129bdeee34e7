"""What two people did, in words they would recognise as true."""

from datetime import UTC, datetime
from typing import NamedTuple

from classifier.ties.thresholds import DAY, THRESHOLDS
from models.past import Introduction, Tie

_ANSWER_TIME = 2 * DAY  # who was first written to since then is not said to have never answered


class Figures(NamedTuple):
    """The counts behind a tie. Times in seconds since 1970, spans in seconds."""

    exchanges: int
    recent: int  # exchanges of the last `trusted_days`
    threads: int  # with an exchange in them
    sent: int
    received: int
    they_answered: int
    owner_answered: int
    first: int | None
    last: int | None
    last_sent: int | None
    last_received: int | None
    others: int  # bulk, automatic, among many, in copy
    any_letter: bool
    gap: int  # median between threads
    silence: int  # since the last exchange
    was_established: bool
    faded: bool


def facts_of(
    figures: Figures,
    tie: Tie,
    now: datetime,
    introduction: Introduction | None,
    refused: int | None,
    trusted: bool,
) -> tuple[str, ...]:
    """The facts, the weightiest first; never empty."""
    facts: list[str] = []
    if trusted:
        facts.append("you marked them as trusted")
    if refused is not None:
        facts.append(f"you said no to them on {day(refused)} and have not written of your own accord since")
    if introduction is not None:
        by = introduction.name or introduction.introducer
        facts.append(f"{by} introduced them to you {_ago(introduction.date, now)}")
    facts.extend(_letters(figures, now))
    if tie is Tie.TRUSTED and not trusted:
        facts.append(f"{figures.recent} exchanges in the last {THRESHOLDS.trusted_days} days")
    if figures.was_established and figures.faded:
        usual = f", once every {_span(figures.gap)}" if figures.gap else ""
        facts.append(
            f"you used to write to each other{usual}, and have been silent for {_span(figures.silence)}"
        )
    return tuple(facts) or ("no mail either way",)


def _letters(figures: Figures, now: datetime) -> list[str]:
    if figures.first is None or figures.last is None:
        if figures.others:
            return ["only newsletters, automatic mail, or mail to many at once"]
        return []
    last = _ago(datetime.fromtimestamp(figures.last, UTC), now)
    if figures.exchanges:
        facts = [
            f"you exchanged {_count(figures.sent + figures.received, 'mail')} in "
            f"{_count(figures.threads, 'thread')} since {month(figures.first)}, the last {last}"
        ]
        if figures.they_answered:
            facts.append(f"they answered {figures.they_answered} of your {figures.sent}")
        if figures.owner_answered:
            facts.append(f"you answered {figures.owner_answered} of their {figures.received}")
        return facts
    waited = now.timestamp() - figures.first >= _ANSWER_TIME
    if not figures.sent:
        return [f"they wrote {_times(figures.received, last)}{', and you never answered' if waited else ''}"]
    if not figures.received:
        return [f"you wrote {_times(figures.sent, last)}{', and they never answered' if waited else ''}"]
    return [f"they wrote {_times(figures.received)} and you {_times(figures.sent)}, the last time {last}"]


def day(seconds: int) -> str:
    """3 May 2024."""
    date = datetime.fromtimestamp(seconds, UTC)
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def month(seconds: int) -> str:
    """May 2024."""
    date = datetime.fromtimestamp(seconds, UTC)
    return f"{_MONTHS[date.month - 1]} {date.year}"


# strftime would give the month in the reader's locale; everything else here is English.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _ago(then: datetime, now: datetime) -> str:
    days = (now.date() - then.astimezone(now.tzinfo).date()).days
    if days <= 1:
        return "yesterday" if days == 1 else "today"
    return f"{_span(max(2 * DAY, int((now - then).total_seconds())))} ago"


def _span(seconds: int) -> str:
    days = max(1, seconds // DAY)
    for unit, size in (("year", 365), ("month", 30), ("week", 7)):
        if days >= 2 * size:
            return _count(round(days / size), unit)
    return _count(days, "day")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _times(number: int, last: str = "") -> str:
    """Once, 3 days ago · once, earlier today · twice, the last time today."""
    words = {1: "once", 2: "twice"}.get(number, f"{number} times")
    if number == 1 and last == "today":
        last = "earlier today"
    return f"{words}, {'the last time ' if number > 1 else ''}{last}" if last else words
