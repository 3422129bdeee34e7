"""Curves of a labelled set: precision by recall, honesty of the certainty, and the cost of each threshold."""

from collections.abc import Iterator, Sequence
from typing import Final

from proxy.cli.page.svg import BOTTOM, LEFT, RIGHT, TOP, WIDTH, frame, line, number, words
from proxy.history.evaluation import Bin, Point

HEIGHT: Final = 320
_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_DOT: Final = 4.0  # the least radius of a bin's dot; it grows with its mails
_GROWS: Final = 12.0


def precision_by_recall(points: Sequence[Point], at: tuple[float, float] | None) -> str:
    """What share of those above a threshold is wanted, by the share of the wanted above it. `at`: as judged."""
    marks = [*_axes("recall", "precision")]
    places = [(p.recall, p.precision) for p in points]
    marks.append(_course([(0.0, places[0][1]), *places] if places else []))
    if at is not None:
        marks.append(_dot(*at, 6.0, "own"))
    said = f"{len(points):,} thresholds" + (f", as judged {at[1]:.2f} at {at[0]:.2f}" if at else "")
    return frame(HEIGHT, "Precision by recall", said, marks)


def honesty(bins: Sequence[Bin]) -> str:
    """The share that was wanted, by how sure the model was; the straight line is perfect honesty."""
    most = max((b.mails for b in bins), default=1)
    marks = [*_axes("how sure", "share that was wanted"), line("grid half", _x(0), _y(0), _x(1), _y(1))]
    marks.append(_course([(b.mean, b.share) for b in bins]))
    marks += [_dot(b.mean, b.share, _DOT + _GROWS * (b.mails / most) ** 0.5, "others") for b in bins]
    return frame(HEIGHT, "Honesty", f"{sum(b.mails for b in bins):,} mails in {len(bins)} groups", marks)


def cost_by_threshold(points: Sequence[Point]) -> str:
    """The cost a mail where all above a threshold were filed, on a scale up to that of filing nothing or twice it."""
    nothing = max((p.cost for p in points[:1]), default=1.0)
    top = max(2 * min((p.cost for p in points), default=1.0), nothing, 0.1)
    marks = [*_axes("threshold", "cost a mail", top)]
    marks.append(_course([(p.threshold, p.cost / top) for p in points if p.cost <= top]))
    least = min(points, key=lambda p: p.cost, default=None)
    said = "nothing was wanted"
    if least is not None:
        said = f"least {least.cost:.3f} at {least.threshold:.2f}"
        marks.append(_dot(least.threshold, least.cost / top, 6.0, "own"))
    return frame(HEIGHT, "Cost by threshold", said, marks)


def _axes(across: str, upwards: str, top: float = 1.0) -> Iterator[str]:
    for tick in _TICKS:
        yield line("axis" if tick == 0 else "grid", _x(0), _y(tick), _x(1), _y(tick))
        yield words("tick", LEFT - 8, _y(tick) + 4, f"{tick * top:.2f}", "end")
        yield words("tick", _x(tick), HEIGHT - BOTTOM + 16, f"{tick:.2f}")
    yield words("tick wide", (_x(0) + _x(1)) / 2, HEIGHT - 4, f"{across} →")
    yield words("tick wide", _x(1) - 4, _y(0) - 8, f"↑ {upwards}", "end")


def _course(places: Sequence[tuple[float, float]]) -> str:
    points = " ".join(f"{number(_x(x))},{number(_y(y))}" for x, y in places)
    return f'<polyline class="curve" points="{points}"/>' if len(places) > 1 else ""


def _dot(x: float, y: float, radius: float, css: str) -> str:
    return f'<circle class="{css}" cx="{number(_x(x))}" cy="{number(_y(y))}" r="{number(radius)}" fill-opacity=".75"/>'


def _x(share: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT - 14) * share


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share
