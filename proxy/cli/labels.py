"""A labelled mailbox: which of its mails are cold asks, and how many of them a walk found."""

import json
from collections.abc import Mapping, Sequence

from models.errors import UsageError
from proxy.cli.batch import read_bytes
from proxy.cli.render import safe
from proxy.history.figures import Figures
from proxy.history.quality import POSITIVE, Quality, Scored
from proxy.history.replay import Replayed

MISSES = 50  # named at most


def read_labels(path: str) -> dict[str, str]:
    """Message-ID -> label. Raises UsageError naming file and line, and where there is none."""
    labels: dict[str, str] = {}
    for number, line in enumerate(read_bytes(path).decode("utf-8", "replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            labels[str(row["message_id"])] = str(row["label"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise UsageError(
                f'{path}, line {number}: no label; write {{"message_id": "<…>", "label": "{POSITIVE}"}}.'
            ) from None
    if not labels:
        raise UsageError(
            f'{path} holds no label; write a line a mail: {{"message_id": "<…>", "label": "{POSITIVE}"}}.'
        )
    return labels


class Score:
    """The labelled mails met on a walk; the others count for nothing."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = labels
        self._met: dict[str, Replayed] = {}

    def add(self, one: Replayed) -> None:
        """Count one mail; the copies of a mail count once."""
        key = one.mail.message_id
        if key is not None and key in self._labels and not one.duplicate:
            self._met.setdefault(key, one)

    @property
    def quality(self) -> Quality:
        return Quality.of(self._labels, self._met)


def quality_text(found: Quality) -> str:
    """The figures and the misses, for a person."""
    confused = confusion_lines(found)
    lines = [
        f"labelled: {len(found.met):,} met of {found.given:,}, {found.wanted:,} of them cold asks",
        f"precision {figure(found.precision)} ({found.hits} of {found.stopped} filed)",
        f"recall    {figure(found.recall)} ({found.hits} of {found.wanted} cold asks; "
        f"{found.unsure} more were unsure)",
        f"F1        {figure(found.f1)}",
        f"average precision {figure(found.average_precision)}",
        *(confused and ["", *confused, ""]),
        *_named("wrongly filed", found.wrong),
        *_named("missed", found.missed),
    ]
    return "\n".join(lines)


def figure(value: float | None) -> str:
    """A share as shown: "0.875", or "none" where there was nothing to count."""
    return "none" if value is None else f"{value:.3f}"


def confusion_lines(found: Figures) -> list[str]:
    """What became of the mails of each label, a line each; none where no mail was met."""
    columns = found.columns
    if not columns:
        return []
    lines = [f"{'label':18}" + "".join(f"{c.value:>8}" for c in columns)]
    for label, row in found.confusion.items():
        lines.append(f"{safe(label)[:17]:18}" + "".join(f"{row[c]:>8,}" for c in columns))
    return lines


def _named(title: str, misses: Sequence[Scored]) -> list[str]:
    if not misses:
        return []
    lines = [f"{title}: {len(misses)}"]
    for miss in misses[:MISSES]:
        mail, verdict = miss.one.mail, miss.one.verdict
        who = mail.sender.address if mail.sender else "?"
        lines.append(f"  {miss.one.when:%Y-%m-%d} {safe(who)} “{safe(mail.subject)}” [{safe(miss.label)}]")
        lines.append(f"      {safe(verdict.reason)}")
    return [*lines, f"  … and {len(misses) - MISSES:,} more"] if len(misses) > MISSES else lines
