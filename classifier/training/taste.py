"""Learning from one user's corrections: logistic regression laid over the shipped score, each lesson's weight bounded.

The shipped log-odds stand as they are (an offset); weights are fitted to what is left to explain, with a penalty
on their size. What most letters have in common is taken off first (`background`): it tells nothing. In its dual
form a lesson enters with a factor that never exceeds its weight over the penalty (Jaakkola, Haussler 1999), so
that no single correction, and no flood of them, moves more than it is worth:

- of one sender, and of letters nearly alike, each further lesson weighs half of the one before;
- those heard within an hour, and those of a day, share a bounded weight;
- mail that coldask did not judge in the inbox before it was moved (another rule may have moved it) weighs a
  quarter, and shares a quarter of those bounds.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any, Final, NamedTuple

from classifier.judge.taste import (
    BUCKETS,
    EVERY,
    LEAST_ABOVE,
    MOST,
    MOST_ABOVE,
    Features,
    Lesson,
    Taste,
    bucket,
    packed,
    unpacked,
)
from classifier.judge.weighing import FILE_ABOVE
from classifier.signals.odds import odds, probability

PENALTY: Final = 0.5  # on the squared size of the weights, halved
HOUR: Final = 5.0  # weight that the lessons of one hour and opinion share
DAY: Final = 10.0
UNKNOWN: Final = 0.25  # of all bounds, for mail that coldask did not judge before it was moved
NEWEST: Final = 600  # lessons looked at

_AGAIN: Final = 0.5  # what each further lesson of a sender, or of letters alike, weighs of the one before
_ALIKE: Final = 0.6  # cosine of two letters' features from which they are alike
_RARE: Final = 0.004  # of a mean: what is less than this is left out of the background
_STEPS: Final = 60  # of Newton's method at most
_PARTS: Final = 5  # into which lessons are cut to see how the model does on those it has not seen
_PULL: Final = 1.0  # what it costs to move the threshold by one in log-odds, in missed cold asks
_FURTHEST: Final = 0.9  # log-odds the threshold is moved by at most


@dataclass(frozen=True, slots=True)
class Told:
    """A lesson with the user's word on it."""

    lesson: Lesson
    cold: bool
    sender: str
    at: datetime
    judged: bool = True  # coldask had judged the mail in the inbox before it was moved


class Learned(NamedTuple):
    """The model, and how many of the corrected mails are judged as the user said: by the shipped one, and by it."""

    taste: Taste
    weight: float  # of all lessons together
    right_before: int
    right_now: int


def learn(told: Sequence[Told]) -> Learned:
    """Fit a taste to the user's words, oldest first. The same words give the same taste."""
    import numpy as np

    told = told[-NEWEST:]
    usual = background()
    rows = np.array([_dense(t.lesson.features) for t in told]).reshape(len(told), BUCKETS) - usual
    kernel = rows @ rows.T
    weights = np.array(weigh_lessons(told, kernel))
    scores = np.array([t.lesson.score for t in told], dtype=float)
    cold = np.array([t.cold for t in told], dtype=bool)
    factors = _fit(kernel, scores, cold, weights)
    found = rows.T @ factors
    taste = Taste(
        tuple(float(w) for w in found.astype(np.float32)),
        float(np.float32(-usual @ found)),
        _threshold(_unseen(kernel, scores, cold, weights, told), cold, weights),
    )
    moved = scores + np.clip(kernel @ factors, -MOST, MOST)
    return Learned(
        taste,
        float(weights.sum()),
        _right(scores, cold, FILE_ABOVE),
        _right(moved, cold, taste.file_above),
    )


def weigh_lessons(told: Sequence[Told], kernel: Any) -> list[float]:
    """The weight of each lesson, 0..1."""
    weights = [1.0 if t.judged else UNKNOWN for t in told]
    for place, one in enumerate(told):
        before = [p for p in range(place) if told[p].cold == one.cold]
        same = sum(told[p].sender == one.sender for p in before)
        alike = sum(kernel[p][place] >= _ALIKE * (kernel[p][p] * kernel[place][place]) ** 0.5 for p in before)
        weights[place] *= _AGAIN ** max(same, alike)
    for seconds, most in ((3600, HOUR), (86400, DAY)):
        shares: dict[tuple[bool, bool, int], list[int]] = defaultdict(list)
        for place, one in enumerate(told):
            shares[one.cold, one.judged, int(one.at.timestamp()) // seconds].append(place)
        for (_, judged, _), places in shares.items():
            bound = most if judged else most * UNKNOWN
            total = sum(weights[p] for p in places)
            for place in places if total > bound else ():
                weights[place] *= bound / total
    return weights


def background() -> Any:
    """How strongly each feature is there in letters at large: the mean of those this project wrote."""
    return _dense(unpacked((files("classifier.weights") / "background.bin").read_bytes()))


def background_of(letters: Sequence[Features]) -> bytes:
    """The background of these letters, without what is rarely there, as the bytes of its file."""
    found: dict[int, float] = {}
    for features in letters:
        for place, value in features.items():
            found[place] = found.get(place, 0.0) + value / len(letters)
    found.pop(bucket(EVERY), None)  # what every letter has is to move every letter
    return packed({place: round(value, 4) for place, value in found.items() if value >= _RARE})


def _dense(features: Features) -> Any:
    import numpy as np

    row = np.zeros(BUCKETS)
    row[list(features)] = list(features.values())
    return row


def _fit(kernel: Any, scores: Any, cold: Any, weights: Any) -> Any:
    """The factor of each lesson, by Newton's method on the penalised likelihood. None is larger than its weight."""
    import numpy as np

    count = len(scores)
    factors = np.zeros(count)
    for _ in range(_STEPS):
        sure = 1 / (1 + np.exp(-np.clip(scores + kernel @ factors, -30, 30)))
        wanted = weights * (cold - sure) / PENALTY
        curve = weights * sure * (1 - sure) / PENALTY
        step = np.linalg.solve(np.eye(count) + curve[:, None] * kernel, wanted - factors)
        factors = factors + step
        if np.abs(step).max(initial=0.0) < 1e-9:
            break
    return factors


def _unseen(kernel: Any, scores: Any, cold: Any, weights: Any, told: Sequence[Told]) -> Any:
    """Each lesson's log-odds by a model that has seen none of that sender's."""
    import numpy as np

    senders = {who: place % _PARTS for place, who in enumerate(dict.fromkeys(t.sender for t in told))}
    parts = np.array([senders[t.sender] for t in told])
    found = scores.copy()
    for part in range(_PARTS):
        seen, left = parts != part, parts == part
        if seen.any() and left.any():
            factors = _fit(kernel[np.ix_(seen, seen)], scores[seen], cold[seen], weights[seen])
            found[left] += np.clip(kernel[np.ix_(left, seen)] @ factors, -MOST, MOST)
    return found


def _threshold(scores: Any, cold: Any, weights: Any) -> float:
    """The threshold of filing that would have cost this user least (10 for one wrongly filed), near the shipped."""
    shipped = odds(FILE_ABOVE)
    best, least = shipped, float("inf")
    for step in range(-18, 19):
        at = shipped + _FURTHEST * step / 18
        filed = scores >= at
        cost = float((weights * (10 * (filed & ~cold) + (~filed & cold))).sum()) + _PULL * abs(at - shipped)
        if cost < least - 1e-9 or (abs(cost - least) <= 1e-9 and abs(at - shipped) < abs(best - shipped)):
            best, least = at, cost
    return round(min(max(probability(best), LEAST_ABOVE), MOST_ABOVE), 4)


def _right(scores: Any, cold: Any, above: float) -> int:
    """How many are judged as the user said: the cold filed, the others not."""
    return int(((scores >= odds(above)) == cold).sum())
