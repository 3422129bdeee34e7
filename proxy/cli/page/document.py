"""The page as a whole: head, figures, plots, the mails that stand out, months, labels."""

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from typing import NamedTuple

from models.verdict import Disposition
from proxy.cli.page import plots
from proxy.cli.page.parts import tabled
from proxy.cli.page.quality import quality_section
from proxy.cli.page.svg import escaped
from proxy.cli.report import rate, sureness
from proxy.history.quality import Quality
from proxy.history.summary import TOLD, Month, Standout, Summary
from proxy.history.timeline import Timeline, timeline

LISTED = 500  # mails named at most

HEAD = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'
)


class Walk(NamedTuple):
    """All that the page shows of a walk."""

    name: str  # of the mailbox, as the user gave it
    found: Summary
    people: Counter[str]  # persons by tie, after the last mail
    seconds: float  # it took
    quality: Quality | None = None


def document(walk: Walk) -> str:
    """The whole page. Whatever mail says is escaped."""
    style = files("proxy.cli.page").joinpath("style.css").read_text("utf-8")
    found, line = walk.found, timeline(walk.found.months)
    drawn = (plots.by_tie(line), plots.by_verdict(line)) if line.periods else ()
    parts = [
        f"{HEAD}<title>{escaped(walk.name)} · coldask replay</title><style>{style}</style></head><body><main>",
        _header(walk),
        _cards(found),
        quality_section(walk.quality) if walk.quality is not None else "",
        *drawn,
        _strays(line),
        plots.of_answers(found.letters.rhythm()),
        plots.of_people(walk.people),
        _mails(
            "The clearest",
            "What coldask is surest of among what it would have filed or held.",
            found.clearest,
        ),
        _mails(
            "The most doubtful", "What it is least sure of: read these before you trust it.", found.doubtful
        ),
        _reasons(found),
        _months(found),
        _everything(found),
        "<footer>Every mail was judged with only what was known before it. Nothing was changed, nothing was "
        "sent anywhere. This page holds names and subjects of your mail.</footer></main></body></html>\n",
    ]
    return "\n".join(part for part in parts if part)


def _header(walk: Walk) -> str:
    found = walk.found
    dates = sorted(found.months)
    span = f"{_month(dates[0])} to {_month(dates[-1])} · " if dates else ""
    return (
        f'<header><p class="kicker">coldask replay</p><h1>{escaped(walk.name)}</h1>'
        f"<p>{span}{found.mails:,} mails, {found.copies:,} of them copies, {found.unreadable:,} unreadable · "
        f"{rate(found, walk.seconds):,.0f} mails a second</p></header>"
    )


def _month(month: tuple[int, int]) -> str:
    return f"{month[0]:04}-{month[1]:02}"


def _cards(found: Summary) -> str:
    total = found.total
    cards = [("in", "came in", total.incoming), ("out", "went out", total.outgoing)]
    cards += [(f"t-{d.value}", word, total.became[d]) for d, word in TOLD.items()]
    return (
        '<ul class="cards">'
        + "".join(
            f'<li><i class="{css}"></i><b>{count:,}</b> {escaped(word)}</li>' for css, word, count in cards
        )
        + "</ul>"
    )


def _strays(line: Timeline) -> str:
    if not line.left_out:
        return ""
    mails = "1 mail is" if line.left_out == 1 else f"{line.left_out:,} mails are"
    return f'<p class="about">{mails} not drawn: dated years away from all the others.</p>'


def _mails(title: str, about: str, mails: Sequence[Standout]) -> str:
    if not mails:
        return ""
    items = "".join(
        f'<li><p class="meta">{_badge(one.disposition)} {one.day} · {escaped(sureness(one))}</p>'
        f"<h3>{escaped(one.subject) or '(no subject)'}</h3>"
        f'<p class="who">{escaped(one.who)}</p><p>{escaped(one.reason)}</p></li>'
        for one in mails
    )
    return f'<section><h2>{title}</h2><p class="about">{about}</p><ol class="mails">{items}</ol></section>'


def _badge(disposition: Disposition) -> str:
    return f'<span class="badge t-{disposition.value}">{TOLD[disposition]}</span>'


def _reasons(found: Summary) -> str:
    if not found.reasons:
        return ""
    ranked = sorted(found.reasons.items(), key=lambda r: (-r[1], r[0]))
    table = tabled(("why", "mails"), ((escaped(reason), f"{n:,}") for reason, n in ranked))
    return f"<section><h2>Why</h2>{table}</section>"


def _months(found: Summary) -> str:
    def row(name: str, month: Month) -> tuple[str, ...]:
        return (name, *(f"{n:,}" for n in (month.incoming, month.outgoing, *(month.became[d] for d in TOLD))))

    rows = [row(name, month) for name, month in found.rows]
    table = tabled(("month", "in", "out", *TOLD.values()), rows)
    return f"<details><summary>Month by month</summary>{table}</details>"


def _everything(found: Summary) -> str:
    stopped = [one for one in found.told if one.stopped]
    if not stopped:
        return ""
    rows = (
        (one.day, _badge(one.disposition), escaped(one.who), escaped(one.subject)) for one in stopped[:LISTED]
    )
    table = tabled(("date", "", "who", "subject"), rows, css="wide")
    more = f"<p>… and {len(stopped) - LISTED:,} more.</p>" if len(stopped) > LISTED else ""
    return f"<details><summary>All {len(stopped):,} filed or held</summary>{table}{more}</details>"
