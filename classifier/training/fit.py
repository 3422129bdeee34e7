"""Fitting the sentence model: logistic regression on hashed grams, its strength chosen by topic."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from classifier.signals.grams import TRAITS, grams, traits
from classifier.training.corpus import Example
from classifier.weights import Output
from models.finding import Ask

BITS: Final = 16  # of the question whether it asks at all
KIND_BITS: Final = 14
STRENGTHS: Final = (4.0, 16.0, 64.0)  # the inverse of the penalty; the best on topics left out is taken
FOLDS: Final = 6
SEED: Final = 7
_TRAIT: Final = 0.3  # how large a trait stands beside grams that have length one together
_STEPS: Final = 127  # a weight is a signed byte


@dataclass(frozen=True, slots=True)
class Chosen:
    """What cross-validation found: each variant's loss on topics left out, and the best."""

    losses: dict[tuple[str, float], float]
    penalty: str
    strength: float


def _library(name: str) -> Any:
    """What only fitting needs, and what has no types; imported when it is used."""
    return import_module(name)


def matrix(examples: Sequence[Example], bits: int) -> Any:
    """The examples as rows: grams in buckets, of length one together, then the traits."""
    import numpy as np

    sparse = _library("scipy.sparse")

    columns, starts, values = [], [0], []
    for one in examples:
        seen = grams(one.plain)
        columns += sorted(h & ((1 << bits) - 1) for h in seen)
        values += [len(seen) ** -0.5] * len(seen)
        starts.append(len(columns))
    rows = sparse.csr_matrix((values, columns, starts), shape=(len(examples), 1 << bits))
    beside = np.array([traits(one.plain) for one in examples], dtype=float) * _TRAIT
    return sparse.hstack([rows, beside]).tocsr()


def _model(penalty: str, strength: float) -> Any:
    return _library("sklearn.linear_model").LogisticRegression(
        C=strength, l1_ratio=1.0 if penalty == "l1" else 0.0, solver="liblinear", random_state=SEED
    )


def left_out(rows: Any, asks: Any, topics: Sequence[str], penalty: str, strength: float) -> Any:
    """Each example's score by a model that has not seen its topic."""
    import numpy as np

    scores = np.zeros(len(asks))
    for seen, unseen in _library("sklearn.model_selection").GroupKFold(FOLDS).split(rows, groups=topics):
        model = _model(penalty, strength).fit(rows[seen], asks[seen])
        scores[unseen] = model.decision_function(rows[unseen])
    return scores


def _slope(scores: Any, asks: Any) -> tuple[float, float]:
    """Platt's line that makes scores of unseen topics honest: (slope, shift)."""
    line = _library("sklearn.linear_model").LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), asks)
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def _loss(scores: Any, asks: Any) -> float:
    import numpy as np

    slope, shift = _slope(scores, asks)
    return float(_library("sklearn.metrics").log_loss(asks, 1 / (1 + np.exp(-(slope * scores + shift)))))


def choose(examples: Sequence[Example], strengths: Sequence[float] = STRENGTHS) -> Chosen:
    """The penalty and strength that lose least on topics left out."""
    import numpy as np

    rows, topics = matrix(examples, BITS), [one.topic for one in examples]
    asks = np.array([bool(one.asks) for one in examples])
    losses = {
        (penalty, strength): round(_loss(left_out(rows, asks, topics, penalty, strength), asks), 4)
        for penalty in ("l2", "l1")
        for strength in strengths
    }
    penalty, strength = min(losses, key=lambda variant: losses[variant])
    return Chosen(losses, penalty, strength)


def fit(examples: Sequence[Example], chosen: Chosen) -> list[Output]:
    """The outputs: whether a text asks, and of texts that ask, whether each kind."""
    outputs = [_output(examples, [bool(one.asks) for one in examples], BITS, chosen)]
    asking = [one for one in examples if one.asks]
    for kind in Ask:
        outputs.append(_output(asking, [kind in one.asks for one in asking], KIND_BITS, chosen))
    return outputs


def _output(examples: Sequence[Example], answers: Sequence[bool], bits: int, chosen: Chosen) -> Output:
    import numpy as np

    rows, asks = matrix(examples, bits), np.array(answers)
    topics = [one.topic for one in examples]
    slope, shift = _slope(left_out(rows, asks, topics, chosen.penalty, chosen.strength), asks)
    model = _model(chosen.penalty, chosen.strength).fit(rows, asks)
    weights = model.coef_[0] * slope
    scale = float(np.abs(weights[:-TRAITS]).max()) / _STEPS or 1.0
    buckets = np.round(weights[:-TRAITS] / scale).astype(np.int8)
    return Output(
        bits=bits,
        bias=float(model.intercept_[0]) * slope + shift,
        scale=scale,
        traits=tuple(float(w) * _TRAIT for w in weights[-TRAITS:]),
        buckets=array("b", buckets.tobytes()),
    )
