"""The people of a mailbox by tie, as bars that lie on their side."""

from collections.abc import Sequence
from typing import Final

from proxy.cli.page.svg import WIDTH, Series, escaped, frame, rectangle, words

_ROW: Final = 34
_BAR: Final = 20
_NAMES: Final = 224  # room for the names
_FIGURES: Final = 70  # … and for the figures


def people_bars(series: Sequence[Series]) -> str:
    """A row a level; the figure stands at its end."""
    most = max((one.values[0] for one in series), default=0)
    marks = []
    for place, one in enumerate(series):
        y, count = place * _ROW + 8, one.values[0]
        width = (WIDTH - _NAMES - _FIGURES) * count / max(most, 1)
        bar = rectangle(one.css, _NAMES, y, width, _BAR) if count else ""
        title = escaped(f"{one.name}: {count:,} {'person' if count == 1 else 'people'}")
        label = words("label", _NAMES - 10, y + 15, one.name, "end")
        figure = words("label", _NAMES + width + 8, y + 15, f"{count:,}", "start")
        marks.append(f"<g><title>{title}</title>{label}{bar}{figure}</g>")
    total = sum(one.values[0] for one in series)
    return frame(len(series) * _ROW + 8, "People by tie", f"{total:,} people", marks)
