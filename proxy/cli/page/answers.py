"""Reply rhythm as a picture: how often an answer took how long, the owner's upwards, the others' downwards."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from math import log
from statistics import median
from typing import Final

from proxy.cli.page.svg import LEFT, RIGHT, WIDTH, escaped, frame, line, rectangle, words
from proxy.history.rhythm import Rhythm

HEIGHT: Final = 330
_HALF: Final = 118  # height of either side
_MIDDLE: Final = 148
MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 86400
_FIRST: Final = MINUTE
_LAST: Final = 366 * DAY
BUCKETS: Final = 28
_TICKS: Final = (
    (MINUTE, "1 min"), (10 * MINUTE, "10 min"), (HOUR, "1 h"), (6 * HOUR, "6 h"), (DAY, "1 day"),
    (7 * DAY, "1 week"), (30 * DAY, "1 month"), (365 * DAY, "1 year"),
)  # fmt: skip


def answers(rhythm: Rhythm) -> str:
    """A histogram on a logarithmic scale of time, one minute to a year; what lies outside is at the ends."""
    own, others = spread(rhythm.own), spread(rhythm.others)
    most = max(*own, *others, 1)
    marks = [*_axis(most)]
    for css, counts, who, up in (
        ("own", own, "you answered", True),
        ("others", others, "they answered", False),
    ):
        for place, count in enumerate(counts):
            if count:
                marks.append(_bar(css, place, count, most, who, up))
    marks += [*_median("own", rhythm.own, True), *_median("others", rhythm.others, False)]
    about = f"you answered {len(rhythm.own):,} letters, they answered {len(rhythm.others):,}"
    return frame(HEIGHT, "How long answers take", about, marks)


def spread(times: Sequence[int]) -> list[int]:
    """How many of the times (seconds) lie in each bucket."""
    counts = [0] * BUCKETS
    edges = [edge(i) for i in range(1, BUCKETS)]
    for seconds in times:
        counts[bisect_right(edges, seconds)] += 1
    return counts


def edge(place: int) -> float:
    """Where a bucket begins, in seconds."""
    return float(_FIRST * (_LAST / _FIRST) ** (place / BUCKETS))


def duration(seconds: float) -> str:
    """A span in one figure: "3 h"."""
    for size, name in (
        (365 * DAY, "years"),
        (30 * DAY, "months"),
        (DAY, "days"),
        (HOUR, "h"),
        (MINUTE, "min"),
    ):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} s"


def _x(seconds: float) -> float:
    share = log(max(seconds, _FIRST) / _FIRST) / log(_LAST / _FIRST)
    return LEFT + (WIDTH - LEFT - RIGHT) * min(share, 1.0)


def _bar(css: str, place: int, count: int, most: int, who: str, up: bool) -> str:
    x, end = _x(edge(place)), _x(edge(place + 1))
    height = _HALF * count / most
    bar = rectangle(css, x + 1, _MIDDLE - height if up else _MIDDLE, end - x - 2, height)
    title = escaped(f"{who} {count:,} within {duration(edge(place))} to {duration(edge(place + 1))}")
    return f"<g><title>{title}</title>{bar}</g>"


def _axis(most: int) -> Iterator[str]:
    for seconds, name in _TICKS:
        x = _x(seconds)
        yield line("grid", x, _MIDDLE - _HALF, x, _MIDDLE + _HALF)
        css = "tick" if seconds in (MINUTE, HOUR, DAY, 7 * DAY, 365 * DAY) else "tick wide"
        anchor = "start" if seconds == MINUTE else "end" if seconds >= 365 * DAY else "middle"
        yield words(css, x, HEIGHT - 12, name, anchor)
    yield line("axis", LEFT, _MIDDLE, WIDTH - RIGHT, _MIDDLE)
    for y in (_MIDDLE - _HALF, _MIDDLE + _HALF):
        yield words("tick", LEFT - 8, y + 4, f"{most:,}", "end")
    yield words("tick", LEFT - 8, _MIDDLE + 4, "0", "end")


def _median(css: str, times: Sequence[int], up: bool) -> Iterator[str]:
    if times:
        half = median(times)
        x, tip = _x(half), _MIDDLE - _HALF if up else _MIDDLE + _HALF
        yield line(f"half {css}-line", x, _MIDDLE, x, tip)
        anchor = "end" if x > WIDTH * 0.7 else "start" if x < WIDTH * 0.3 else "middle"
        yield words("note", x, tip - 8 if up else tip + 18, f"half within {duration(half)}", anchor)
