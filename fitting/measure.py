"""How good scores are: order (AUC), and how many cold letters are found at a price in letters wrongly filed."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Measured(NamedTuple):
    """Figures of scores against the truth."""

    letters: int
    auc: float  # the chance that a cold letter scores above one that is kept
    recall: tuple[float, float, float]  # of cold letters, with 0, 1 % and 2 % of the kept wrongly filed

    def __str__(self) -> str:
        none, one, two = self.recall
        return (
            f"auc {self.auc:.3f} of {self.letters}; recall {none:.2f} with none wrongly filed, "
            f"{one:.2f} with 1 %, {two:.2f} with 2 %"
        )


def measured(scores: Sequence[float], cold: Sequence[bool]) -> Measured | None:
    """The figures; None where there are no letters of one of the verdicts."""
    found, truth = np.array(scores, dtype=float), np.array(cold, dtype=bool)
    if not truth.any() or truth.all():
        return None
    kept = np.sort(found[~truth])[::-1]
    recall = [
        round(float((found[truth] > kept[int(len(kept) * part)]).mean()), 4) for part in (0, 0.01, 0.02)
    ]
    rising = kept[::-1]
    below = np.searchsorted(rising, found[truth]) + np.searchsorted(rising, found[truth], side="right")
    return Measured(len(truth), float(below.mean()) / 2 / len(kept), (recall[0], recall[1], recall[2]))
