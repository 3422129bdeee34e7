"""How sure an ask is where the phrases and a model have both read the sentence."""

from collections.abc import Iterable, Iterator, Mapping
from math import exp, log
from typing import Final, NamedTuple

from models.finding import Ask, AskSpan
from models.heard import Heard, Said


class Weights(NamedTuple):
    """What each reading adds to the log-odds that a sentence asks this kind (docs/model-card.md)."""

    bias: float
    phrase: float  # times how sure the phrases are, 0..1
    kind: float  # times the model's log-odds of this kind
    asks: float  # times the model's log-odds of any ask


# Fitted on letters whose author the model had not read.
TABLE: Final[Mapping[str, Weights]] = {
    "core": Weights(-1.6, 2.6, 0.6, 0.25),
    "encoder": Weights(-0.9, 1.8, 0.7, 0.3),
}
_LEAST: Final = 0.3  # what is less sure is not an ask
_FAR: Final = 6.0  # the log-odds from which more makes no difference
_QUOTE: Final = 200  # characters


def agreed(spans: Iterable[AskSpan], heard: Heard, text: str) -> tuple[AskSpan, ...]:
    """The asks of a text: what the phrases found, weighed by what was heard, and what was only heard.

    Where the model did not hear a sentence (a long letter's end), the phrases' word stands.
    """
    weights = TABLE[heard.ear]
    by_place: dict[int, list[AskSpan]] = {}
    for span in spans:
        by_place.setdefault(span.start, []).append(span)
    found: list[AskSpan] = []
    for said in heard.sentences:
        found += _in_sentence(by_place.pop(said.start, []), said, weights, text)
    found += [span for left in by_place.values() for span in left]
    return tuple(sorted(found, key=lambda a: (a.start, -a.certainty)))


def _in_sentence(spans: list[AskSpan], said: Said, weights: Weights, text: str) -> Iterator[AskSpan]:
    named = {span.ask: span for span in spans}
    heard = dict(said.kinds)
    for kind in dict.fromkeys((*named, *heard)):
        span = named.get(kind)
        certainty = _certainty(span.certainty if span else 0.0, heard.get(kind, 0.0), said.asks, weights)
        if certainty < _LEAST:
            continue
        yield span.model_copy(update={"certainty": certainty}) if span else _span(kind, certainty, said, text)


def _certainty(phrase: float, kind: float, asks: float, weights: Weights) -> float:
    total = weights.bias + weights.phrase * phrase + weights.kind * odds(kind) + weights.asks * odds(asks)
    return round(1 / (1 + exp(-total)), 2)


def odds(probability: float) -> float:
    """Its log-odds, as far as they make a difference."""
    least = 1 / (1 + exp(_FAR))
    bounded = min(max(probability, least), 1 - least)
    return log(bounded / (1 - bounded))


def _span(kind: Ask, certainty: float, said: Said, text: str) -> AskSpan:
    words = " ".join(text[said.start : said.end].split())
    if len(words) > _QUOTE:
        words = words[:_QUOTE].rpartition(" ")[0] or words[:_QUOTE]
    return AskSpan(ask=kind, certainty=certainty, quote=words, start=said.start, end=said.end)
