"""Turns of phrase that rules listen for: thin acquaintance, pressure, rewards, hollow offers, thanks."""

from functools import cache
from typing import Final

from classifier.phrases import sections
from classifier.signals.phrasing import Phrases, load
from classifier.signals.sentences import split
from models.finding import Ask, AskSpan
from models.word import Word

_MAX_TEXT: Final = 30_000  # characters: a letter says so in its first pages
_ROUND: Final = 0.65  # that words which send people round ask for it, where no usual ask stands


class Turn(Word):
    """A turn of phrase found: the sentence it stands in, verbatim, and that sentence's place in the text."""

    quote: str
    start: int
    end: int


def find_turns(text: str, name: str) -> tuple[Turn, ...]:
    """The sentences of a text that hold a turn of this name, a section of turns.txt. Never raises."""
    return tuple(
        Turn(quote=s.around(hits[0].start), start=s.start, end=s.end)
        for s, hits in _phrases(name).find_in(text[:_MAX_TEXT])
    )


def find_sent_round(text: str) -> tuple[AskSpan, ...]:
    """Words that send the reader's own people to the writer, as asks: "tell all of your office". Never raises."""
    return tuple(asking(turn, Ask.REFERRAL, _ROUND) for turn in find_turns(text, "send-round"))


def asking(turn: Turn, ask: Ask, certainty: float) -> AskSpan:
    """A turn of phrase as an ask, where a rule takes it for one."""
    return AskSpan(ask=ask, certainty=certainty, quote=turn.quote, start=turn.start, end=turn.end)


def near(text: str, start: int, end: int, turns: tuple[Turn, ...]) -> Turn | None:
    """The first of these turns in the sentence at [start, end), or in the one before or after it."""
    places = [s.start for s in split(text)]
    at = next((i for i, place in enumerate(places) if start <= place < end), 0)
    around = set(places[max(0, at - 1) : at + 2])
    return next((t for t in turns if t.start in around), None)


@cache
def _phrases(name: str) -> Phrases:
    assert name in sections("turns"), f"turns.txt has no section {name}"
    return load("turns", {name: 0.8})
