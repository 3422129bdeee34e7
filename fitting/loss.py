"""What it costs a model to be wrong about a letter and about its sentences; the same for both models."""

from collections.abc import Sequence
from typing import Any, Final

import torch
from torch.nn import functional as F

from models.finding import Ask

_KINDS: Final = tuple(Ask)
_LETTER: Final = 2.0
_ANY: Final = 0.5  # whether a sentence asks
_KIND: Final = 0.25  # … of which kind, for each
_SILENT: Final = 0.1  # the share of that for a sentence that asks nothing


def letters_loss(scores: Any, truth: Sequence[float | None]) -> Any:
    """Of the letters whose verdict is known; `scores` in log-odds."""
    known = [place for place, value in enumerate(truth) if value is not None]
    if not known:
        return 0.0
    wanted = torch.tensor([float(truth[place] or 0.0) for place in known])
    return apart(scores[known], wanted).sum() * _LETTER


def sentences_loss(scores: Any, asks: Sequence[frozenset[Ask] | None]) -> Any:
    """Of the sentences whose asks were noted."""
    known = [place for place, kinds in enumerate(asks) if kinds is not None]
    if not known:
        return 0.0
    wanted = torch.tensor([_row(asks[place] or frozenset()) for place in known])
    share = _SILENT + (1 - _SILENT) * wanted[:, :1]
    lost = apart(scores[known], wanted)
    return lost[:, 0].sum() * _ANY + (lost[:, 1:] * share).sum() * _KIND


def apart(scores: Any, wanted: Any) -> Any:
    """The cross-entropy of log-odds with probabilities, each by itself."""
    return F.binary_cross_entropy_with_logits(scores, wanted, reduction="none")


def _row(kinds: frozenset[Ask]) -> list[float]:
    return [float(bool(kinds)), *(float(kind in kinds) for kind in _KINDS)]
