"""Months as periods: no more than fit, without a gap, without the stray dates of broken clocks."""

from collections import Counter

import pytest

from models.verdict import Disposition
from proxy.history.summary import Month
from proxy.history.timeline import MOST, timeline


def _months(*months: tuple[int, int], mails: int = 1) -> dict[tuple[int, int], Month]:
    return {month: Month(incoming=mails, became=Counter({Disposition.KEEP: mails})) for month in months}


def test_months_without_mail_have_their_place() -> None:
    line = timeline(_months((2023, 12), (2024, 3)))
    assert [p.short for p in line.periods] == ["Dec 2023", "Jan 2024", "Feb 2024", "Mar 2024"]
    assert [p.month.incoming for p in line.periods] == [1, 0, 0, 1]


@pytest.mark.parametrize(
    ("last", "unit", "count", "names"),
    [
        ((2014, 12), "month", 60, ("Jan 2010", "Dec 2014")),
        ((2015, 1), "quarter", 21, ("Q1 2010", "Q1 2015")),
        ((2024, 12), "quarter", 60, ("Q1 2010", "Q4 2024")),
        ((2025, 1), "year", 16, ("2010", "2025")),
    ],
)
def test_the_unit_grows_with_the_time(
    last: tuple[int, int], unit: str, count: int, names: tuple[str, str]
) -> None:
    months = _months(*((y, m) for y in range(2010, last[0]) for m in (1, 4, 7, 10)), last)
    line = timeline(months)
    assert (line.unit, len(line.periods)) == (unit, count)
    assert (line.periods[0].short, line.periods[-1].short) == names
    assert count <= MOST
    assert sum(p.month.incoming for p in line.periods) == len(months)
    assert sum(p.month.became[Disposition.KEEP] for p in line.periods) == len(months)


def test_a_few_mails_far_away_are_left_out_and_counted() -> None:
    line = timeline({**_months((2024, 1), (2024, 2), mails=100), **_months((1971, 1), (2043, 5))})
    assert [p.short for p in line.periods] == ["Jan 2024", "Feb 2024"]
    assert line.left_out == 2


def test_many_mails_far_away_are_a_pause() -> None:
    line = timeline({**_months((2024, 1), mails=100), **_months((2009, 1), mails=30)})
    assert (line.unit, line.left_out, len(line.periods)) == ("year", 0, 16)


def test_no_mail_is_no_time() -> None:
    assert timeline({}).periods == ()
