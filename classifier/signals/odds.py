"""Probabilities and log-odds, one into the other."""

from math import exp, log
from typing import Final

_FAR: Final = 30.0  # log-odds from which a probability is as good as 0 or 1


def probability(log_odds: float) -> float:
    """The probability (0..1) of log-odds."""
    return 1 / (1 + exp(-max(min(log_odds, _FAR), -_FAR)))


def odds(chance: float, most: float = _FAR) -> float:
    """The log-odds of a probability (0..1), between -`most` and `most`."""
    least = probability(-most)
    bounded = min(max(chance, least), 1 - least)
    return log(bounded / (1 - bounded))
