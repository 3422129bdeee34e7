"""The sentence model: how likely a sentence asks something of its reader, and of which kind.

Fitted on sentences written for this project (classifier/corpus) by `classifier.training`; see
docs/model-asks.md. It hears what the phrases have no words for, and is sure of less.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from math import exp, sqrt
from operator import itemgetter
from typing import Final, NamedTuple

from classifier.signals.grams import TRAITS, grams, traits
from classifier.weights import Output, read
from models.finding import Ask

_LIKELY: Final = 0.2  # below it no kind is worth the look


class _Seen(NamedTuple):
    """A sentence's grams: what picks their buckets, one each, and the length that makes sentences alike."""

    pick: Callable[[Sequence[int]], Iterable[int]]
    length: float


def _seen(found: frozenset[int], mask: int) -> _Seen:
    return _Seen(itemgetter(*(one & mask for one in found)), sqrt(len(found)))


@lru_cache(maxsize=2048)
def ask_probability(plain: str) -> tuple[float, dict[Ask, float]]:
    """For a sentence's plain form: the probability (0..1) that it asks, and that it asks each kind.

    Kinds are given where an ask is likely at all; their probabilities are each on its own (a sentence can
    ask for several) and none is above the first.
    """
    return probabilities(read("asks", TRAITS), plain)


def probabilities(outputs: Sequence[Output], plain: str) -> tuple[float, dict[Ask, float]]:
    """As `ask_probability`, with these weights: the first output for any ask, the others for the kinds."""
    found, traits_seen = grams(plain), traits(plain)
    asks = _probability(outputs[0], _seen(found, outputs[0].mask), traits_seen)
    if asks < _LIKELY:
        return asks, {}
    seen = _seen(found, outputs[1].mask)  # the kinds have buckets of one number
    return asks, {
        kind: asks * _probability(output, seen, traits_seen)
        for kind, output in zip(Ask, outputs[1:], strict=True)
    }


def _probability(output: Output, seen: _Seen, traits_seen: tuple[bool, ...]) -> float:
    total = sum(seen.pick(output.buckets)) * output.scale / seen.length
    total += output.bias + sum(w for w, true in zip(output.traits, traits_seen, strict=True) if true)
    return 1 / (1 + exp(-max(min(total, 30.0), -30.0)))
