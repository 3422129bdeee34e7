"""The report on labelled mail as one page: figures, curves, each kind, and the misses with their text."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files

from models.verdict import Disposition
from proxy.cli.labels import figure
from proxy.cli.page.curves import cost_by_threshold, honesty, precision_by_recall
from proxy.cli.page.document import HEAD
from proxy.cli.page.parts import carded, confusion_table, figure_cards, listed, tabled
from proxy.cli.page.plots import shown
from proxy.cli.page.svg import escaped
from proxy.cli.render import share
from proxy.history.evaluation import Evaluation, Graded

LISTED = 200  # misses of a kind shown at most


def evaluation_page(name: str, found: Mapping[str, Evaluation]) -> str:
    """The whole page. Whatever mail says is escaped."""
    style = files("proxy.cli.page").joinpath("style.css").read_text("utf-8")
    count = sum(len(one.mails) for one in found.values())
    parts = [
        f"{HEAD}<title>{escaped(name)} · coldask evaluate</title><style>{style}</style></head><body><main>",
        f'<header><p class="kicker">coldask evaluate</p><h1>{escaped(name)}</h1><p>{count:,} labelled mails, '
        "judged by the shipped policy and model with only the history each comes with.</p></header>",
        *(_direction(direction, one) for direction, one in found.items()),
        "<footer>Nothing was sent anywhere. This page holds the text of the mails that were judged otherwise than "
        "they are labelled.</footer></main></body></html>\n",
    ]
    return "\n".join(parts)


def _direction(name: str, found: Evaluation) -> str:
    verb = "filed" if name == "incoming" else "stopped"
    parts = [
        f'<section><h2>{name.title()}</h2><p class="about">{_counts(found, verb)}</p>{_cards(found, verb)}'
    ]
    parts.append(f"{confusion_table(found)}</section>")
    if points := found.curve:
        at = (
            (found.recall, found.precision)
            if found.recall is not None and found.precision is not None
            else None
        )
        parts.append(
            shown(
                "Precision by recall",
                "Each threshold of the certainty gives a point; the dot is what the verdicts came to.",
                precision_by_recall(points, at),
            )
        )
        parts.append(
            shown("Cost by threshold", "A mail wrongly filed costs 10, one missed 1; “unsure” is left out.",
                  cost_by_threshold(points))
        )  # fmt: skip
    parts.append(
        shown("Honesty", "Of mails judged about so sure, how many were wanted; dots as large as their mails.",
              honesty(found.reliability))
    )  # fmt: skip
    parts += [
        _reliability(found),
        _kinds(found),
        _misses(f"Wrongly {verb}", found.wrong),
        _misses("Missed", found.missed),
    ]
    return "\n".join(part for part in parts if part)


def _counts(found: Evaluation, verb: str) -> str:
    right, named = found.rules_right
    rules = f" The right rules spoke in {right:,} of {named:,}." if named else ""
    return (
        f"{len(found.mails):,} mails, {found.wanted:,} of them to be {verb}, {found.stopped:,} were.{rules}"
    )


def _cards(found: Evaluation, verb: str) -> str:
    return carded(
        (
            *figure_cards(found, verb, ""),
            ("cost", figure(found.cost), "a mail"),
            ("calibration error", figure(found.calibration_error), "mean distance"),
        )
    )


def _reliability(found: Evaluation) -> str:
    rows = (
        (f"{b.low:.1f} to {b.high:.1f}", f"{b.mails:,}", f"{b.mean:.3f}", f"{b.share:.3f}")
        for b in found.reliability
    )
    made = tabled(("certainty", "mails", "mean", "wanted"), rows)
    return f"<details><summary>Certainty in figures</summary>{made}</details>"


def _kinds(found: Evaluation) -> str:
    kinds = found.kinds()
    if not kinds:
        return ""
    columns = [d for d in Disposition if any(k.became[d] for k in kinds)]
    rows: Iterable[Sequence[str]] = (
        (escaped(k.name), f"{k.mails:,}", f"{k.right:,}", *(f"{k.became[c]:,}" for c in columns))
        for k in kinds
    )
    made = tabled(("kind", "mails", "right", *(c.value for c in columns)), rows)
    return f"<section><h2>By kind</h2>{made}</section>"


def _misses(title: str, mails: Sequence[Graded]) -> str:
    if not mails:
        return ""
    items = (
        f'<li><p class="meta"><span class="badge t-{m.disposition.value}">{m.disposition.value}</span> '
        f"{escaped(m.id)} · {escaped(m.kind or m.label)} · {share(m.probability)}</p>"
        f"<h3>{escaped(m.subject) or '(no subject)'}</h3>"
        f'<p class="who">{escaped(m.sender)}</p><p>{escaped(m.reason)}</p>{_text(m.text)}</li>'
        for m in mails[:LISTED]
    )
    return listed(title, items, len(mails), LISTED)


def _text(text: str) -> str:
    """The letter's own text, a line a line."""
    lines = "<br>".join(escaped(line) for line in text.strip().splitlines())
    return f'<blockquote class="letter">{lines}</blockquote>'
