"""The report on a walk through a mailbox: what one wants to read before trusting the program with one's mail."""

from collections.abc import Sequence

from proxy.cli.render import safe
from proxy.history.summary import TOLD, Month, Standout, Summary

SHOWN = 20  # mails named at most, beside the few that stand out


def report_text(found: Summary, seconds: float) -> str:
    """The report, for a terminal. `seconds` is how long the walk took."""
    total = found.total
    lines = [
        f"{found.mails:,} mails: {total.incoming:,} in, {total.outgoing:,} out, {found.copies:,} copies, "
        f"{found.unreadable:,} unreadable; {rate(found, seconds):,.0f} mails a second",
        "",
        f"{'month':8}{'in':>8}{'out':>8}" + "".join(f"{word:>8}" for word in TOLD.values()),
    ]
    lines += [_row(name, month) for name, month in found.rows]
    if found.reasons:
        why = sorted(found.reasons.items(), key=lambda r: (-r[1], r[0]))
        lines += ["", "why:", *(f"{count:>8,}  {reason}" for reason, count in why)]
    lines += _named("the clearest:", found.clearest)
    lines += _named("the most doubtful:", found.doubtful)
    lines += _others(found)
    return "\n".join(lines)


def rate(found: Summary, seconds: float) -> float:
    """Mails a second."""
    return found.mails / max(seconds, 0.001)


def _row(name: str, month: Month) -> str:
    figures = [month.incoming, month.outgoing, *(month.became[d] for d in TOLD)]
    return f"{name:8}" + "".join(f"{n:>8,}" for n in figures)


def _named(title: str, mails: Sequence[Standout]) -> list[str]:
    if not mails:
        return []
    lines = ["", title]
    for one in mails:
        lines.append(f"{_line(one)} ({sureness(one)})")
        lines.append(f"      {safe(one.reason)}")
    return lines


def sureness(one: Standout) -> str:
    """How sure coldask is of it, in words."""
    share = f"{one.likely:.0%}" if one.likely < 0.995 else "over 99%"
    return f"{share} likely a cold ask" if one.incoming else f"{share} sure"


def _others(found: Summary) -> list[str]:
    """What else would have been filed or held."""
    shown = [*found.clearest, *found.doubtful]
    rest = [one for one in found.told if one.stopped and one not in shown]
    if not rest:
        return []
    lines = ["", "also filed or held:", *map(_line, rest[:SHOWN])]
    if len(rest) > SHOWN:
        lines.append(f"  … and {len(rest) - SHOWN:,} more; --json shows them all")
    return lines


def _line(one: Standout) -> str:
    return f"  {one.day:10} {TOLD[one.disposition]:7}{safe(one.who)}: “{safe(one.subject)}”"
