"""What an ear is, and listening to a mail with one."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

from classifier.signals.odds import probability
from classifier.signals.sentences import said_once, split
from models.finding import Ask
from models.heard import Heard, Said
from models.mail import Mail

_MAX_TEXT: Final = 12_000  # characters: a letter asks in its first pages
_FEWEST: Final = 6  # words: of "See you there" a model knows nothing
_WORTH_NAMING: Final = 0.02  # a kind less likely than this is not named
_REMEMBERED: Final = 8  # letters: more than are judged at the same time
_KINDS: Final = tuple(Ask)

Place = tuple[int, int]  # half-open, in characters of the text


class Scores(NamedTuple):
    """What a model gives for a letter, in log-odds: the whole, and for each sentence any ask and each kind.

    `ear` names the model that read it: another may stand in for the one that was asked. `sentences` has a row
    for each place given, None where the model could not look so far.
    """

    ear: str
    cold: float
    sentences: Sequence[Sequence[float] | None]


class Unheard(Exception):
    """There is no ear left to hear a letter with."""


class Ear(Protocol):
    """A fitted model that reads a letter. Pure: the same letter gives the same scores. May raise Unheard."""

    @property
    def name(self) -> str: ...

    def scores(self, subject: str, text: str, sentences: Sequence[Place]) -> Scores: ...


class Remembering:
    """An ear that reads the same letter once, as long as it is one of the last few it read.

    What judges a mail and what remembers it both listen to it; reading is what takes time.
    """

    def __init__(self, ear: Ear) -> None:
        self.name = ear.name
        self._scores = lru_cache(maxsize=_REMEMBERED)(ear.scores)

    def scores(self, subject: str, text: str, sentences: Sequence[Place]) -> Scores:
        return self._scores(subject, text, tuple(sentences))


def listen(mail: Mail, ear: Ear | None) -> Mail:
    """The same mail with what the ear hears in its own text; as it is where it says too little, or nobody hears."""
    if ear is None or mail.heard is not None or len(mail.own_text[:_MAX_TEXT].split()) < _FEWEST:
        return mail
    try:
        return mail.model_copy(update={"heard": heard(ear, mail.subject, mail.own_text)})
    except Unheard:
        return mail


def heard(ear: Ear, subject: str, own_text: str) -> Heard:
    """What the ear hears in a letter's own text. Raises Unheard."""
    text = own_text[:_MAX_TEXT]
    sentences = said_once(text)
    scores = ear.scores(subject, *_without_repeats(text))
    said = (
        _said((one.start, one.end), row)
        for one, row in zip(sentences, scores.sentences, strict=True)
        if row is not None
    )
    return Heard(ear=scores.ear, cold=scores.cold, sentences=tuple(said))


def _without_repeats(text: str) -> tuple[str, tuple[Place, ...]]:
    """The text without what it said before, and where its sentences lie in it: a model weighs what it reads by
    length, so forty times the same sentence would drown the one that asks.
    """
    every, once = split(text), said_once(text)
    if len(once) == len(every):
        return text, tuple((s.start, s.end) for s in every)
    kept = {s.start for s in once}
    parts, places, length = [text[: every[0].start]], [], len(text[: every[0].start])
    for number, one in enumerate(every):
        if one.start not in kept:
            continue
        after = every[number + 1].start if number + 1 < len(every) else len(text)
        places.append((length, length + one.end - one.start))
        parts.append(text[one.start : after])
        length += after - one.start
    return "".join(parts), tuple(places)


def _said(place: Place, row: Sequence[float]) -> Said:
    asks = probability(row[0])
    if asks < _WORTH_NAMING:  # most sentences
        return Said(start=place[0], end=place[1], asks=asks)
    kinds = [(kind, asks * probability(value)) for kind, value in zip(_KINDS, row[1:], strict=True)]
    named = sorted((k for k in kinds if k[1] >= _WORTH_NAMING), key=lambda k: -k[1])
    return Said(start=place[0], end=place[1], asks=asks, kinds=tuple((k, round(p, 4)) for k, p in named))
