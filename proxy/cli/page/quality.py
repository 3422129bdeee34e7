"""The page's section on labels: the figures, the confusion, the misses."""

from collections.abc import Sequence

from proxy.cli.labels import MISSES
from proxy.cli.page.parts import carded, confusion_table, figure_cards, listed
from proxy.cli.page.svg import escaped
from proxy.history.quality import Quality, Scored
from proxy.history.summary import day_of


def quality_section(found: Quality) -> str:
    """How the verdicts compare with the labels."""
    return (
        f'<section><h2>Against the labels</h2><p class="about">{len(found.met):,} of {found.given:,} labelled mails '
        f"were met; {found.unsure:,} cold asks were left unsure.</p>"
        f"{carded(figure_cards(found, 'filed', ' cold asks'))}{confusion_table(found)}"
        f"{_misses('Wrongly filed', found.wrong)}{_misses('Missed', found.missed)}</section>"
    )


def _misses(title: str, misses: Sequence[Scored]) -> str:
    if not misses:
        return ""
    items = (
        f'<li><p class="meta">{day_of(miss.one.when)} · {escaped(miss.label)}</p>'
        f"<h3>{escaped(miss.one.mail.subject) or '(no subject)'}</h3>"
        f'<p class="who">{escaped(miss.one.mail.sender.address if miss.one.mail.sender else "?")}</p>'
        f"<p>{escaped(miss.one.verdict.reason)}</p></li>"
        for miss in misses[:MISSES]
    )
    return listed(title, items, len(misses), MISSES)
