"""Pieces of SVG and HTML: escaped text, numbers, the frame of a plot, its scales and axes."""

import html
from collections.abc import Iterable, Iterator, Sequence
from math import log10
from typing import Final, NamedTuple

from proxy.cli.render import safe

WIDTH: Final = 720  # units of the drawing; a phone shows it at half that
LEFT: Final = 58  # room for the figures of the upright axis
RIGHT: Final = 10
TOP: Final = 12
BOTTOM: Final = 36
MOST_NAMED: Final = 6  # names on a horizontal axis: more do not fit a phone


class Series(NamedTuple):
    """One row of figures, what it is called, and the class that colours it."""

    css: str
    name: str
    values: tuple[int, ...]


def escaped(value: object) -> str:
    """Any text, whoever wrote it, for use between tags and in attributes."""
    return html.escape(safe(str(value)), quote=True)


def number(value: float) -> str:
    """A coordinate, a tenth of a unit exact."""
    return f"{value:.1f}".removesuffix(".0")


def frame(height: float, title: str, about: str, marks: Iterable[str]) -> str:
    """A drawing with its title and what it says, for those who hear it."""
    return (
        f'<svg viewBox="0 0 {WIDTH} {number(height)}" role="img" aria-label="{escaped(title)}: {escaped(about)}">'
        f"{''.join(marks)}</svg>"
    )


def rectangle(css: str, x: float, y: float, width: float, height: float) -> str:
    """A bar. One that stands for something is seen, however small."""
    return (
        f'<rect class="{css}" x="{number(x)}" y="{number(y)}" '
        f'width="{number(max(width, 0.5))}" height="{number(max(height, 0.5))}"/>'
    )


def line(css: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{css}" x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"/>'


def words(css: str, x: float, y: float, text: str, anchor: str = "middle") -> str:
    return (
        f'<text class="{css}" x="{number(x)}" y="{number(y)}" text-anchor="{anchor}">{escaped(text)}</text>'
    )


def steps(most: int) -> list[int]:
    """Round figures for an axis from 0 to at least `most`, at most six."""
    if most < 1:
        return [0, 1]
    power = 10 ** int(log10(most))
    step = next(s for s in (power // 10, power // 5, power // 2, power, 2 * power) if s and most / s <= 5)
    return list(range(0, most + step, step))


def rows(ticks: Sequence[int], height: float) -> Iterator[str]:
    """The horizontal lines of a plot whose values grow upwards from 0, each with its figure."""
    for tick in ticks:
        y = height - BOTTOM - (height - TOP - BOTTOM) * tick / ticks[-1]
        yield line("axis" if tick == 0 else "grid", LEFT, y, WIDTH - RIGHT, y)
        yield words("tick", LEFT - 8, y + 4, f"{tick:,}", "end")


def legend(series: Iterable[Series]) -> str:
    """What the colours stand for, with the sums."""
    entries = "".join(
        f'<li><i class="{one.css}"></i>{escaped(one.name)} <b>{sum(one.values):,}</b></li>' for one in series
    )
    return f'<ul class="legend">{entries}</ul>'
