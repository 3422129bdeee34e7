"""The figures of a sentence model on texts it was not fitted on, beside those of the phrases."""

from collections.abc import Callable, Sequence
from typing import Final

from classifier.signals.asks import find_asks_in
from classifier.signals.learned import probabilities
from classifier.training.corpus import Example
from classifier.weights import Output
from models.finding import Ask

SURE: Final = 0.5
_BINS: Final = 5

Heard = Callable[[Example], frozenset[Ask]]


def figures(outputs: Sequence[Output], held: Sequence[Example]) -> str:
    """Tables in Markdown: any ask and each kind by phrases and by the model, and how honest it is."""
    sure = [probabilities(outputs, one.plain) for one in held]
    by_model = [frozenset(k for k, p in kinds.items() if p >= SURE) for _, kinds in sure]
    by_phrases = [frozenset(a.ask for a in find_asks_in(one.text)) for one in held]
    lines = ["| ask | texts | phrases P | R | model P | R |", "|---|---|---|---|---|---|"]
    asks = [bool(one.asks) for one in held]
    lines.append(_row("any", asks, [bool(f) for f in by_phrases], [any_ >= SURE for any_, _ in sure]))
    for kind in Ask:
        lines.append(
            _row(
                kind.value,
                *([kind in f for f in found] for found in ([e.asks for e in held], by_phrases, by_model)),
            )
        )
    return "\n".join([*lines, "", *_reliability([any_ for any_, _ in sure], asks)])


def _row(name: str, asks: list[bool], phrases: list[bool], model: list[bool]) -> str:
    cells = [f"{share:.2f}" for found in (phrases, model) for share in _precision_recall(asks, found)]
    return f"| {name} | {sum(asks)} | {' | '.join(cells)} |"


def _precision_recall(asks: list[bool], found: list[bool]) -> tuple[float, float]:
    right = sum(a and f for a, f in zip(asks, found, strict=True))
    return right / max(sum(found), 1), right / max(sum(asks), 1)


def _reliability(sure: list[float], asks: list[bool]) -> list[str]:
    lines = ["| the model says | texts | mean | that ask |", "|---|---|---|---|"]
    for low in range(_BINS):
        inside = [(p, a) for p, a in zip(sure, asks, strict=True) if low <= p * _BINS < low + 1]
        if inside:
            mean, share = (sum(x) / len(inside) for x in zip(*inside, strict=True))
            lines.append(
                f"| {low / _BINS:.1f}-{(low + 1) / _BINS:.1f} | {len(inside)} | {mean:.2f} | {share:.2f} |"
            )
    return lines
