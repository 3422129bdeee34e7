"""The moment a mail is judged at."""

from datetime import UTC, datetime

from models.errors import UsageError


def moment_of(as_of: str | None, date: datetime | None, present: datetime) -> datetime:
    """As given (without a zone: UTC), else the mail's own date, at most the present. Raises UsageError."""
    if as_of is None:
        return min(date, present) if date is not None else present
    try:
        given = datetime.fromisoformat(as_of)
    except ValueError:
        raise UsageError(f"{as_of!r} is no time; write it like 2024-05-31T14:00:00+02:00.") from None
    return given if given.tzinfo else given.replace(tzinfo=UTC)
