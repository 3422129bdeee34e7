"""Fitting the top layer to a corpus: how points and what was heard are mixed, the thresholds, and the agreement.

Two logistic regressions on a handful of numbers each (scikit-learn): fitted whole, and measured on authors left
out, so that the thresholds stand on what the fit has not seen. The same letters give the same bytes.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from typing import Any, Final

from classifier.judge.case import Case
from classifier.judge.strangers import signs_of
from classifier.judge.weighing import Mix, weigh
from classifier.signals.agreement import Weights, readings, rows_of
from classifier.signals.asks import find_asks_in
from models.finding import Ask
from models.mail import Mail

WRONG: Final = 10.0  # what it costs to file what belongs in the inbox; one missed costs 1
UNSURE: Final = 0.2
STRENGTH: Final = 100.0  # the inverse of the penalty: a handful of weights need little
SEED: Final = 7

_FOLDS: Final = 5
_GRID: Final = tuple(n / 100 for n in range(2, 100, 2))  # thresholds tried
_LEAST: Final = 20  # letters of each verdict, without which nothing can be fitted


@dataclass(frozen=True, slots=True)
class Seen:
    """A stranger's letter as the top layer sees it."""

    points: float  # of its signs, in log-odds
    cold: float  # what the ear says of the whole, in log-odds
    wanted: bool  # it should be filed
    group: str  # letters of one group are left out together: the author, else the topic


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence and one kind of ask, as phrases and ear read it, and whether it asks so much."""

    phrase: float  # how sure the phrases are, 0..1
    heard: float  # the ear's log-odds
    true: bool


@dataclass(frozen=True, slots=True)
class Top:
    """The top layer for one ear, and the cost a letter on groups left out."""

    ear: str
    mix: Mix
    file_above: float
    unsure_above: float
    cost: float
    agreement: Weights | None  # None where the letters name no asks

    def document(self) -> bytes:
        """As JSON, always the same bytes."""
        made = {
            "ear": self.ear,
            "mix": self.mix._asdict(),
            "file_above": self.file_above,
            "unsure_above": self.unsure_above,
            "cost": self.cost,
            "agreement": self.agreement._asdict() if self.agreement else None,
        }
        return (json.dumps(made, indent=2, sort_keys=True) + "\n").encode()


def seen(case: Case, *, wanted: bool, group: str) -> Seen:
    """What the top layer sees of a letter that was listened to."""
    assert case.mail.heard is not None
    return Seen(weigh(signs_of(case)).score, case.mail.heard.cold, wanted, group)


def heard(mail: Mail, asks: Sequence[tuple[str, str]]) -> Iterator[Heard]:
    """Each sentence and kind that phrases or ear name. `asks`: the kinds and words that a reader noted."""
    if mail.heard is None:
        return
    spans = find_asks_in(mail.own_text, mail.subject)
    noted = [(Ask(kind), " ".join(words.split())) for kind, words in asks]
    for said in mail.heard.sentences:
        text = " ".join(mail.own_text[said.start : said.end].split())
        there = {kind for kind, words in noted if words in text or text in words}
        phrases = {s.ask: s.certainty for s in spans if s.start == said.start}
        for kind in dict.fromkeys((*phrases, *(k for k, _ in said.kinds))):
            phrase, odds = readings(kind, phrases, said)
            yield Heard(phrase, odds, bool(there & rows_of(kind)))


def fit(ear: str, letters: Sequence[Seen], sentences: Sequence[Heard]) -> Top:
    """Fit it. Raises ValueError with half a sentence where there are too few letters of a verdict."""
    import numpy as np

    wanted = np.array([one.wanted for one in letters], dtype=bool)
    if min(int(wanted.sum()), int((~wanted).sum())) < _LEAST:
        raise ValueError(f"it takes {_LEAST} strangers' letters of each verdict whose text decides")
    rows = np.array([[one.points, one.cold] for one in letters])
    groups = [one.group for one in letters]
    weights, bias = _line(rows, wanted)
    file_above, unsure_above, cost = thresholds(_left_out(rows, wanted, groups), wanted)
    mix = Mix(bias, *weights)
    return Top(ear, mix, file_above, unsure_above, cost, _agreement(sentences))


def _agreement(sentences: Sequence[Heard]) -> Weights | None:
    import numpy as np

    true = np.array([one.true for one in sentences], dtype=bool)
    if not true.any() or true.all():
        return None
    weights, bias = _line(np.array([[one.phrase, one.heard] for one in sentences]), true)
    return Weights(bias, *weights)


def _line(rows: Any, wanted: Any) -> tuple[list[float], float]:
    model = import_module("sklearn.linear_model").LogisticRegression(C=STRENGTH, random_state=SEED)
    model.fit(rows, wanted)
    return [round(float(w), 3) for w in model.coef_[0]], round(float(model.intercept_[0]), 3)


def _left_out(rows: Any, wanted: Any, groups: Sequence[str]) -> Any:
    """Each letter's probability by a fit that has seen none of its group; by the whole fit where there is one group."""
    import numpy as np

    names = sorted(set(groups))
    parts = np.array([names.index(group) % _FOLDS for group in groups])
    found = np.zeros(len(wanted))
    for part in sorted(set(parts)):
        left = parts == part
        known = ~left if len(set(wanted[~left])) == 2 else np.ones(len(wanted), dtype=bool)
        weights, bias = _line(rows[known], wanted[known])
        found[left] = 1 / (1 + np.exp(-(rows[left] @ np.array(weights) + bias)))
    return found


def thresholds(probabilities: Any, wanted: Any) -> tuple[float, float, float]:
    """The two thresholds that cost least, and what a letter costs with them."""
    import numpy as np

    best = (float("inf"), 0.0, 0.0)
    for file_above, unsure_above in product(_GRID, _GRID):
        if unsure_above <= file_above:
            filed, kept = probabilities >= file_above, probabilities < unsure_above
            cost = WRONG * np.sum(filed & ~wanted) + np.sum(kept & wanted) + UNSURE * np.sum(~filed & ~kept)
            best = min(best, (round(float(cost) / len(wanted), 6), file_above, unsure_above))
    cost, file_above, unsure_above = best
    return file_above, unsure_above, cost
