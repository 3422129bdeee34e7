"""Average precision against values worked out by hand."""

import pytest

from proxy.history.figures import average_precision


@pytest.mark.parametrize(
    ("ranked", "expected"),
    [
        ([(0.9, True), (0.8, True), (0.1, False)], 1.0),
        ([(0.9, False), (0.8, True)], 0.5),
        ([(0.9, True), (0.8, False), (0.7, True), (0.6, False)], (1 + 2 / 3) / 2),
        ([(0.5, True), (0.5, False)], 0.5),  # together, whatever their order
        ([(0.5, False), (0.5, True)], 0.5),
        ([(0.9, True), (0.5, True), (0.5, False), (0.5, False)], (1 + 2 / 4) / 2),
        ([(0.9, False)], None),
        ([], None),
    ],
)
def test_average_precision(ranked: list[tuple[float, bool]], expected: float | None) -> None:
    assert average_precision(ranked) == (None if expected is None else pytest.approx(expected))
