"""What the other filters answer is read as they mean it."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("symbols", "probability"),
    [
        ({"BAYES_SPAM": {"options": ["90.00%"]}}, 0.95),
        ({"BAYES_SPAM": {"options": ["12.00%"]}}, 0.56),
        ({"BAYES_HAM": {"options": ["12.00%"]}}, 0.44),
        ({"BAYES_HAM": {"options": ["100.00%"]}}, 0.0),
        ({"FROM_HAS_DN": {}}, 0.5),
    ],
)
def test_rspamd_shows_how_far_from_one_half_it_is(symbols: dict[str, Any], probability: float) -> None:
    found = importlib.util.spec_from_file_location("bench_filters", ROOT / "bench" / "filters.py")
    assert found is not None and found.loader is not None
    filters = importlib.util.module_from_spec(found)
    found.loader.exec_module(filters)
    assert filters.spam_probability(symbols) == pytest.approx(probability)
