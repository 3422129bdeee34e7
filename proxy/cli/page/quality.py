"""The page's section on labels: the figures, the confusion, the misses."""

from collections.abc import Sequence

from proxy.cli.labels import MISSES, columns_of, figure
from proxy.cli.page.svg import escaped
from proxy.history.quality import Quality, Scored
from proxy.history.summary import day_of


def quality_section(found: Quality) -> str:
    """How the verdicts compare with the labels."""
    cards = (
        ("precision", figure(found.precision), f"{found.hits:,} of {found.filed:,} filed"),
        ("recall", figure(found.recall), f"{found.hits:,} of {found.wanted:,} cold asks"),
        ("F1", figure(found.f1), "of the two"),
        ("average precision", figure(found.average_precision), "of the ranking"),
    )
    shown = "".join(f"<li><b>{value}</b> {name}<small>{about}</small></li>" for name, value, about in cards)
    return (
        f'<section><h2>Against the labels</h2><p class="about">{len(found.met):,} of {found.given:,} labelled mails '
        f'were met; {found.unsure:,} cold asks were left unsure.</p><ul class="cards">{shown}</ul>'
        f"{_confusion(found)}{_misses('Wrongly filed', found.wrong)}{_misses('Missed', found.missed)}</section>"
    )


def _confusion(found: Quality) -> str:
    columns = columns_of(found)
    head = "".join(f"<th>{c.value}</th>" for c in columns)
    rows = "".join(
        f"<tr><td>{escaped(label)}</td>{''.join(f'<td>{row[c]:,}</td>' for c in columns)}</tr>"
        for label, row in found.confusion.items()
    )
    return (
        f'<div class="scroll"><table class="figures"><thead><tr><th>label</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _misses(title: str, misses: Sequence[Scored]) -> str:
    if not misses:
        return ""
    items = "".join(
        f'<li><p class="meta">{day_of(miss.one.when)} · {escaped(miss.label)}</p>'
        f"<h3>{escaped(miss.one.mail.subject) or '(no subject)'}</h3>"
        f'<p class="who">{escaped(miss.one.mail.sender.address if miss.one.mail.sender else "?")}</p>'
        f"<p>{escaped(miss.one.verdict.reason)}</p></li>"
        for miss in misses[:MISSES]
    )
    more = f"<p>… and {len(misses) - MISSES:,} more.</p>" if len(misses) > MISSES else ""
    return (
        f'<details><summary>{title}: {len(misses):,}</summary><ol class="mails">{items}</ol>{more}</details>'
    )
