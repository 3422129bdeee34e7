"""Batches of documents of like lengths, and how the rate of learning rises and falls."""

import random
from collections.abc import Sequence
from typing import Final

_JITTER: Final = 12  # pieces by which lengths are blurred, so that batches differ from epoch to epoch
_LEAST: Final = 0.02  # the rate never falls below this share


def batches(lengths: Sequence[int], most: int, draw: random.Random) -> list[list[int]]:
    """Places of documents in batches of at most `most` pieces with their padding, in random order.

    A document longer than that is a batch of its own.
    """
    blurred = sorted(range(len(lengths)), key=lambda place: lengths[place] + draw.random() * _JITTER)
    found: list[list[int]] = []
    batch: list[int] = []
    longest = 0
    for place in blurred:
        longest = max(longest, lengths[place])
        if batch and longest * (len(batch) + 1) > most:
            found.append(batch)
            batch, longest = [], lengths[place]
        batch.append(place)
    if batch:
        found.append(batch)
    draw.shuffle(found)
    return found


def rate(step: int, steps: int, rise: float) -> float:
    """The share of the full rate at a step (from 0): it rises over `rise` of all steps, then falls in a line."""
    return min(1.0, (step + 1) / (rise * steps)) * max(_LEAST, 1 - step / steps)
