"""A labelled mailbox: which of its mails are cold asks, and how many of them a walk found."""

import json

from models.errors import UsageError
from models.verdict import Disposition
from proxy.cli.batch import read_bytes
from proxy.cli.render import safe
from proxy.history.replay import Replayed

POSITIVE = "cold_ask"
MISSES = 50  # named at most


def read_labels(path: str) -> dict[str, str]:
    """Message-ID -> label. Raises UsageError naming file and line."""
    labels: dict[str, str] = {}
    for number, line in enumerate(read_bytes(path).decode("utf-8", "replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            labels[str(row["message_id"])] = str(row["label"])
        except (ValueError, KeyError, TypeError):
            raise UsageError(
                f'{path}, line {number}: no label; write {{"message_id": "<…>", "label": "{POSITIVE}"}}.'
            ) from None
    return labels


class Score:
    """Precision and recall of "file" over the labelled mails met; the others count for nothing."""

    def __init__(self, labels: dict[str, str]) -> None:
        self._labels = labels
        self._met: dict[str, Replayed] = {}

    def add(self, one: Replayed) -> None:
        """Count one mail; the copies of a mail count once."""
        key = one.mail.message_id
        if key is not None and key in self._labels and not one.duplicate:
            self._met.setdefault(key, one)

    def text(self) -> str:
        """The figures and the misses, for a person."""
        filed = {k for k, one in self._met.items() if one.verdict.disposition is Disposition.FILE}
        unsure = {k for k, one in self._met.items() if one.verdict.disposition is Disposition.UNSURE}
        wanted = {k for k in self._met if self._labels[k] == POSITIVE}
        hits = len(filed & wanted)
        lines = [
            f"labelled: {len(self._met):,} met of {len(self._labels):,}, {len(wanted):,} of them cold asks",
            f"precision {_share(hits, len(filed))} ({hits} of {len(filed)} filed)",
            f"recall    {_share(hits, len(wanted))} ({hits} of {len(wanted)} cold asks; "
            f"{len(unsure & wanted)} more were unsure)",
        ]
        for title, keys in (("wrongly filed", filed - wanted), ("missed", wanted - filed)):
            lines.extend(self._named(title, sorted(keys, key=lambda k: self._met[k].when)))
        return "\n".join(lines)

    def _named(self, title: str, keys: list[str]) -> list[str]:
        if not keys:
            return []
        lines = [f"{title}: {len(keys)}"]
        for key in keys[:MISSES]:
            one = self._met[key]
            who = one.mail.sender.address if one.mail.sender else "?"
            lines.append(
                f"  {one.when:%Y-%m-%d} {safe(who)} [{self._labels[key]}] {safe(one.verdict.reason)}"
            )
        return [*lines, f"  … and {len(keys) - MISSES} more"] if len(keys) > MISSES else lines


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "none"
