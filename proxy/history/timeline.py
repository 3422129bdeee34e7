"""Months joined into as many periods as a picture can hold, without the stray dates of broken mail."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from proxy.history.summary import Month

MOST: Final = 60  # periods
_GAP: Final = 60  # months without mail: what lies beyond and is little comes from broken clocks
_LITTLE: Final = 0.02  # of all mails
_STRAYS: Final = 2  # so few mails are little anyhow …
_BESIDE: Final = 5  # … beside so many times as many
_UNITS: Final = (("month", 1), ("quarter", 3), ("year", 12), ("decade", 120))
_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Period(NamedTuple):
    """One period: as an axis names it ("Q2 2024"), and as a sentence does ("quarter 2 of 2024")."""

    short: str
    name: str
    month: Month


class Timeline(NamedTuple):
    """Periods without a gap, oldest first."""

    unit: str  # month, quarter, year or decade
    periods: tuple[Period, ...]
    left_out: int  # mails dated far from all the others


def timeline(months: Mapping[tuple[int, int], Month]) -> Timeline:
    """The course of a mailbox, as at most `MOST` periods."""
    counted = {year * 12 + number - 1: month for (year, number), month in months.items()}
    kept = _without_strays(counted)
    left_out = sum(_size(counted[at]) for at in counted.keys() - set(kept))
    if not kept:
        return Timeline("month", (), left_out)
    unit, length = next((u for u in _UNITS if kept[-1] // u[1] - kept[0] // u[1] < MOST), _UNITS[-1])
    periods = tuple(
        _period(at, length, [counted[m] for m in range(at * length, (at + 1) * length) if m in kept])
        for at in range(kept[0] // length, kept[-1] // length + 1)
    )
    return Timeline(unit, periods, left_out)


def _without_strays(counted: Mapping[int, Month]) -> list[int]:
    """The months with mail, in order, but for little groups of them far from the rest."""
    groups = list(_groups(sorted(counted)))
    whole = sum(map(_size, counted.values()))
    sizes = [sum(_size(counted[at]) for at in group) for group in groups]
    return [
        at
        for group, size in zip(groups, sizes, strict=True)
        if size == max(sizes) or not (size < _LITTLE * whole or size <= _STRAYS <= max(sizes) / _BESIDE)
        for at in group
    ]


def _groups(ordered: Sequence[int]) -> Iterator[list[int]]:
    group: list[int] = []
    for at in ordered:
        if group and at - group[-1] > _GAP:
            yield group
            group = []
        group.append(at)
    if group:
        yield group


def _size(month: Month) -> int:
    return month.incoming + month.outgoing


def _period(at: int, length: int, months: Sequence[Month]) -> Period:
    whole = Month()
    for month in months:
        whole.add(month)
    year, number = divmod(at * length, 12)
    if length == 1:
        return Period(f"{_NAMES[number]} {year}", f"{_NAMES[number]} {year}", whole)
    if length == 3:
        return Period(f"Q{number // 3 + 1} {year}", f"quarter {number // 3 + 1} of {year}", whole)
    return Period(f"{year}", f"{year}" if length == 12 else f"the {year}s", whole)
