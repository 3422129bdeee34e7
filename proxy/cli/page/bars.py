"""Stacked bars over time: how much mail, of which kind, in each period."""

from collections.abc import Iterator, Sequence
from typing import Final

from proxy.cli.page.svg import (
    BOTTOM,
    LEFT,
    MOST_NAMED,
    RIGHT,
    TOP,
    WIDTH,
    Series,
    escaped,
    frame,
    line,
    number,
    rectangle,
    rows,
    steps,
    words,
)
from proxy.history.timeline import Period

HEIGHT: Final = 280
_WIDEST: Final = 44  # of a bar
_DOTTED: Final = 24  # periods
_FILLED: Final = 0.78  # of the room a period has


def stacked(
    title: str, periods: Sequence[Period], series: Sequence[Series], beside: Series | None = None
) -> str:
    """A bar a period, its parts in the order of `series` from below; `beside` is drawn as a line."""
    sums = [sum(values) for values in zip(*(s.values for s in series), strict=True)]
    ticks = steps(max([*sums, *(beside.values if beside else ())], default=0))
    scale = (HEIGHT - TOP - BOTTOM) / ticks[-1]
    marks = [*rows(ticks, HEIGHT), *_names(periods)]
    for place in range(len(periods)):
        marks.append(_bar(place, periods, series, beside, scale))
    if beside is not None:
        marks.append(_course(beside, len(periods), scale))
    return frame(HEIGHT, title, f"{sum(sums):,} mails, {_span(periods)}", marks)


def _span(periods: Sequence[Period]) -> str:
    return f"{periods[0].name} to {periods[-1].name}" if len(periods) > 1 else periods[0].name


def _middle(place: int, count: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (place + 0.5) / count


def _bar(
    place: int, periods: Sequence[Period], series: Sequence[Series], beside: Series | None, scale: float
) -> str:
    """One period: a bar of its parts, and in words when pointed at."""
    room = (WIDTH - LEFT - RIGHT) / len(periods)
    width, middle, y = min(room * _FILLED, _WIDEST), _middle(place, len(periods)), float(HEIGHT - BOTTOM)
    parts = [rectangle("hover", middle - room / 2, TOP, room, HEIGHT - TOP - BOTTOM)]
    for one in series:
        if one.values[place]:
            y -= one.values[place] * scale
            parts.append(rectangle(one.css, middle - width / 2, y, width, one.values[place] * scale))
    told = [
        f"{s.name}: {s.values[place]:,}" for s in (*series, *([beside] if beside else ())) if s.values[place]
    ]
    title = escaped(f"{periods[place].name} · {', '.join(told) or 'nothing'}")
    return f"<g><title>{title}</title>{''.join(parts)}</g>"


def _course(beside: Series, count: int, scale: float) -> str:
    """A line through the middles, with dots where there is room: a single period is seen too."""
    points = [(_middle(i, count), HEIGHT - BOTTOM - v * scale) for i, v in enumerate(beside.values)]
    dots = "".join(
        f'<circle class="{beside.css}" cx="{number(x)}" cy="{number(y)}" r="2.5"/>'
        for x, y in (points if count <= _DOTTED else ())
    )
    path = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polyline class="{beside.css}" points="{path}"/>{dots}'


def _names(periods: Sequence[Period]) -> Iterator[str]:
    every = -(-len(periods) // MOST_NAMED)
    for place in range(0, len(periods), every):
        x = _middle(place, len(periods))
        yield line("axis", x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 4)
        yield words("tick", x, HEIGHT - 12, periods[place].short)
