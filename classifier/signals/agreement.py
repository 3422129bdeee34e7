"""How sure an ask is where the phrases and a model have both read the sentence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from classifier.signals.odds import odds, probability
from models.finding import Ask, AskSpan
from models.heard import Heard, Said


class Weights(NamedTuple):
    """What each reading adds to the log-odds that a sentence asks so much (docs/model-card.md)."""

    bias: float
    phrase: float  # times how sure the phrases are, 0..1
    heard: float  # times the model's log-odds
    alone: float = 1.0  # how sure it can be at most where no phrase says so
    plain: float = 1.01  # where phrases are as sure, the model takes nothing from that


PLAIN: Final = 0.85  # asked in so many words
NO_HOLD: Final = 0.74  # the surest that holds no mail (policy.CAPS)

# Fitted on letters whose author the model had not read (`make fit`). The core is a small model: a
# sentence in which it alone hears an ask holds no mail, and it is not asked about what is asked in so many words.
TABLE: Final[Mapping[str, Weights]] = {
    "core": Weights(-0.6, 4.0, 0.7, alone=NO_HOLD, plain=PLAIN),
    "encoder": Weights(-0.5, 2.5, 0.45),
}


class Whole(NamedTuple):
    """How sure an ask is to somebody who hardly knows the sender, from the ask and the letter as a whole."""

    bias: float
    ask: float  # times the log-odds of the ask alone
    cold: float  # times what the model says of the letter, in log-odds
    warm: float  # log-odds that a letter is cold, below which it warns only of what it asks in so many words


WHOLE: Final[Mapping[str, Whole]] = {
    "core": Whole(0.6, 0.45, 0.35, warm=2.5),
    "encoder": Whole(0.4, 0.35, 0.45, warm=1.5),
}
NO_WARNING: Final = 0.49  # the surest that warns of nothing (policy.CAPS)
# Kinds that need the same tie, what needs most first (etiquette, section 2). Which of its row a kind is often
# stays open ("contacts" or "introduction"?), and matters less than that something of the row is asked: so a
# kind is as sure as its row, with the rows above, which need at least as much.
_ROWS: Final = (
    (Ask.REFERRAL, Ask.TESTIMONIAL),
    (Ask.CONTACTS, Ask.INTRODUCTION, Ask.JOB, Ask.BUSINESS, Ask.MONEY, Ask.RECRUIT, Ask.PETITION),
    (Ask.ADVICE, Ask.FAVOUR),
    (Ask.TIME,),
)
_ROW: Final = {kind: place for place, row in enumerate(_ROWS) for kind in row}
_BESIDE: Final = 0.5  # of the likeliest kind's share: another kind is named beside it from here
_LEAST: Final = 0.3  # what is less sure is not an ask
_FAINT: Final = 0.25  # a sentence less likely to ask is not worth a word
_FAR: Final = 6.0  # the log-odds from which more makes no difference
_QUOTE: Final = 200  # characters


def agreed(spans: Iterable[AskSpan], heard: Heard, text: str) -> tuple[AskSpan, ...]:
    """The asks of a text: what the phrases found, weighed by what was heard, and what was only heard.

    Where the model did not hear a sentence (a long letter's end), the phrases' word stands.
    """
    weights = TABLE[heard.ear]
    by_place: dict[int, dict[Ask, AskSpan]] = {}
    for span in spans:
        by_place.setdefault(span.start, {})[span.ask] = span
    found: list[AskSpan] = []
    for said in heard.sentences:
        found += _in_sentence(by_place.pop(said.start, {}), said, weights, text)
    found += [span for left in by_place.values() for span in left.values()]
    return tuple(sorted(found, key=lambda a: (a.start, -a.certainty)))


def _in_sentence(named: Mapping[Ask, AskSpan], said: Said, weights: Weights, text: str) -> Iterator[AskSpan]:
    heard = dict(said.kinds)
    shares = {
        kind: heard.get(kind, 0.0) + (named[kind].certainty if kind in named else 0.0)
        for kind in dict.fromkeys((*named, *heard))
    }
    phrases = {ask: span.certainty for ask, span in named.items()}
    for kind, share in shares.items():
        if share < _BESIDE * max(shares.values()):
            continue
        phrase, mass = readings(kind, phrases, said)
        chance = probability(weights.bias + weights.phrase * phrase + weights.heard * mass)
        if phrase >= weights.plain:
            chance = max(chance, phrase)
        certainty = round(chance if phrase else min(chance, weights.alone), 2)
        if certainty < _LEAST:
            continue
        span = named.get(kind)
        yield (
            span.model_copy(update={"certainty": certainty}) if span else span_of(kind, certainty, said, text)
        )


@cache
def rows_of(kind: Ask) -> frozenset[Ask]:
    """The kinds of ask that need at least the tie that this kind needs."""
    return frozenset(other for other, row in _ROW.items() if row <= _ROW[kind])


def readings(kind: Ask, phrases: Mapping[Ask, float], said: Said) -> tuple[float, float]:
    """What was read of a kind's row and those above: how sure the phrases are, and the model's log-odds."""
    rows = rows_of(kind)
    phrase = max((certainty for other, certainty in phrases.items() if other in rows), default=0.0)
    return phrase, odds(_mass(kind, said), _FAR)


def likeliest(heard: Heard, text: str) -> AskSpan | None:
    """The sentence that the model hears ask most; None where it hardly hears one."""
    said = max(heard.sentences, key=lambda s: s.asks, default=None)
    if said is None or not said.kinds or said.asks < _FAINT:
        return None
    return span_of(said.kinds[0][0], round(said.asks, 2), said, text)


def in_letter(spans: Sequence[AskSpan], heard: Heard, text: str) -> tuple[AskSpan, ...]:
    """The asks of a letter to somebody who hardly knows the sender, weighed with the letter as a whole.

    A letter that is cold all through needs no sentence that asks plainly; a customer's may use the same words.
    But the letter makes no ask of a sentence in which none of its kind is heard: reports, orders and plans among
    people at work sound cold all through, and ask nothing of the sort.
    """
    weights = WHOLE[heard.ear]
    faint = None if spans else likeliest(heard, text)
    said = {one.start: one for one in heard.sentences}
    found = []
    for span in (faint,) if faint else spans:
        total = weights.bias + weights.ask * odds(span.certainty, _FAR) + weights.cold * heard.cold
        # A faint one tells that something is asked, not what.
        alone = min(span.certainty, NO_HOLD) if faint else span.certainty
        most = max(alone, _mass(span.ask, said[span.start])) if span.start in said else 1.0
        most = min(most, max(span.certainty, TABLE[heard.ear].alone))
        certainty = round(min(probability(total), most), 2)
        if span.certainty >= PLAIN:  # asked in so many words: the letter around it takes nothing from that
            certainty = max(certainty, alone)
        elif sounds_warm(heard):
            certainty = min(certainty, NO_WARNING)
        if certainty >= _LEAST:
            found.append(span.model_copy(update={"certainty": certainty}))
    return tuple(found)


def sounds_warm(heard: Heard) -> bool:
    """Whether the letter as a whole is heard to ask a stranger for nothing: a buyer's, a patient's, a neighbour's."""
    return heard.cold < WHOLE[heard.ear].warm


def _mass(kind: Ask, said: Said) -> float:
    """How likely a sentence is heard to ask something of a kind's row or those above (0..1)."""
    rows = rows_of(kind)
    return min(said.asks, sum(chance for other, chance in said.kinds if other in rows))


def span_of(kind: Ask, certainty: float, said: Said, text: str) -> AskSpan:
    """A sentence as an ask of this kind; its words are the quote, 200 characters at most."""
    words = " ".join(text[said.start : said.end].split())
    if len(words) > _QUOTE:
        words = words[:_QUOTE].rpartition(" ")[0] or words[:_QUOTE]
    return AskSpan(ask=kind, certainty=certainty, quote=words, start=said.start, end=said.end)
