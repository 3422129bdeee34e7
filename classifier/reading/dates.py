"""The Date field as an aware moment, or None where it cannot be one."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def read_date(text: str) -> datetime | None:
    """RFC 5322 dates with their offset kept, and ISO 8601 ones. Without an offset: UTC. Never raises."""
    text = text[:200].strip()
    if not text:
        return None
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = parse(text)
            if found.tzinfo is None:
                found = found.replace(tzinfo=UTC)
            # Years that overflow when somebody changes the zone, and from before there was mail, are broken.
            if 1970 <= found.astimezone(UTC).year <= 9998:
                return found
        except (TypeError, ValueError, OverflowError, IndexError, AttributeError):
            continue
    return None
