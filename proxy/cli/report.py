"""What a walk through a mailbox found: what one wants to read before trusting the program with one's mail."""

import time
from collections import Counter, defaultdict

from models.finding import Effect
from models.verdict import Disposition, IncomingVerdict, Verdict
from proxy.cli.render import safe
from proxy.history.replay import Replayed

SHOWN = 20  # mails named at most
_COLUMNS = (Disposition.FILE, Disposition.UNSURE, Disposition.HOLD, Disposition.WARN)
_WORDS = {Disposition.FILE: "filed", Disposition.HOLD: "held", Disposition.WARN: "warned"}


class Report:
    """Counts by month and reason, and the mails themselves."""

    def __init__(self) -> None:
        self.mails = 0
        self._copies = 0
        self._unreadable = 0
        self._months: dict[str, Counter[str]] = defaultdict(Counter)
        self._reasons: Counter[str] = Counter()
        self._stopped: list[tuple[str, str]] = []
        self._started = time.monotonic()

    def add(self, one: Replayed) -> None:
        """Count one mail."""
        self.mails += 1
        self._copies += one.duplicate
        self._unreadable += bool(one.mail.unreadable)
        if one.duplicate:
            return
        verdict = one.verdict
        month = self._months[f"{one.when:%Y-%m}"]
        month[verdict.disposition] += 1
        month["in" if isinstance(verdict, IncomingVerdict) else "out"] += 1
        if verdict.disposition in _COLUMNS:
            self._reasons.update(_reasons(verdict))
        if verdict.stopped:
            who = one.mail.sender.address if one.mail.sender else "?"
            self._stopped.append((f"{one.when:%Y-%m-%d} {safe(who)}", safe(verdict.reason)))

    def text(self) -> str:
        """The report."""
        total = sum(self._months.values(), Counter())
        seconds = max(time.monotonic() - self._started, 0.001)
        lines = [
            f"{self.mails:,} mails: {total['in']:,} in, {total['out']:,} out, {self._copies:,} copies, "
            f"{self._unreadable:,} unreadable; {self.mails / seconds:,.0f} mails a second",
            "",
            f"{'month':8}{'in':>8}{'out':>8}{'filed':>8}{'unsure':>8}{'held':>8}{'warned':>8}",
        ]
        for name, month in [*sorted(self._months.items()), ("total", total)]:
            figures = [month["in"], month["out"], *(month[c] for c in _COLUMNS)]
            lines.append(f"{name:8}" + "".join(f"{n:>8,}" for n in figures))
        if self._reasons:
            lines += [
                "",
                "why:",
                *(f"{count:>8,}  {reason}" for reason, count in self._reasons.most_common()),
            ]
        if self._stopped:
            lines += ["", "what would have been filed or held:"]
            lines += [f"  {who}\n      {reason}" for who, reason in self._stopped[:SHOWN]]
            if len(self._stopped) > SHOWN:
                lines.append(f"  … and {len(self._stopped) - SHOWN:,} more; --json shows them all")
        return "\n".join(lines)


def _reasons(verdict: Verdict) -> set[str]:
    word = _WORDS.get(verdict.disposition, str(verdict.disposition.value))
    if isinstance(verdict, IncomingVerdict):
        return {f"{word}: asks for {shown.ask.value}" for shown in verdict.asks} or {f"{word}: other reasons"}
    return {f"{word}: {f.rule}" for f in verdict.findings if f.effect in (Effect.HOLD, Effect.WARN)}
