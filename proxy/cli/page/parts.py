"""Parts that more than one page has: tables, cards of figures, lists of mails."""

from collections.abc import Iterable, Sequence

from proxy.cli.labels import figure
from proxy.cli.page.svg import escaped
from proxy.history.figures import Figures

Card = tuple[str, str, str]  # name, value, what it is of


def tabled(head: Sequence[str], rows: Iterable[Sequence[str]], css: str = "figures") -> str:
    """A table of cells that are HTML already."""
    top = "".join(f"<th>{escaped(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table class="{css}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def carded(cards: Iterable[Card]) -> str:
    """Figures, each with its name and what it is of."""
    items = "".join(f"<li><b>{value}</b> {name}<small>{about}</small></li>" for name, value, about in cards)
    return f'<ul class="cards">{items}</ul>'


def figure_cards(found: Figures, taken: str, wanted: str) -> tuple[Card, ...]:
    """The four figures of labelled mail; `taken` and `wanted` are the words for both kinds, "filed", " cold asks"."""
    return (
        ("precision", figure(found.precision), f"{found.hits:,} of {found.stopped:,} {taken}"),
        ("recall", figure(found.recall), f"{found.hits:,} of {found.wanted:,}{wanted}"),
        ("F1", figure(found.f1), "of the two"),
        ("average precision", figure(found.average_precision), "of the ranking"),
    )


def confusion_table(found: Figures) -> str:
    """What became of the mails of each label."""
    columns = found.columns
    rows = ((escaped(label), *(f"{row[c]:,}" for c in columns)) for label, row in found.confusion.items())
    return tabled(("label", *(c.value for c in columns)), rows)


def listed(title: str, items: Iterable[str], count: int, most: int) -> str:
    """Mails to be unfolded: `items` of HTML, of `count` that there are, `most` at most."""
    more = f"<p>… and {count - most:,} more.</p>" if count > most else ""
    return f'<details><summary>{title}: {count:,}</summary><ol class="mails">{"".join(items)}</ol>{more}</details>'
