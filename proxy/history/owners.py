"""Whose mailbox is this? The addresses its mail was delivered to, for when the user did not say."""

from collections import Counter
from itertools import islice

from classifier.reading.read import read_headers
from proxy.history.sources import Source

SAMPLE = 2000  # mails looked at


def likely_owners(source: Source, most: int = 3) -> list[str]:
    """The addresses most of the mail was delivered to, the likeliest first."""
    seen: Counter[str] = Counter()
    for found in islice(source, SAMPLE):
        mail = read_headers(found.raw)
        delivered = (mail.header("delivered-to") or mail.header("x-original-to") or "").strip("<> ").lower()
        seen.update(
            {m.address.lower() for m in (*mail.to, *mail.cc)} | ({delivered} if "@" in delivered else set())
        )
    return [address for address, _ in seen.most_common(most)]
