"""Invitations: words that tell the reader to send or ask something ("send me your CV")."""

import re
from functools import cache, lru_cache
from typing import Final

from classifier.phrases import sections
from classifier.signals.phrasing import Phrases, load
from classifier.signals.sentences import split
from models.finding import Ask
from models.word import Word

_ENCLOSURES: Final = frozenset({"resume", "target-list", "blurb", "person"})
_NOT: Final = re.compile(
    r" (?:do not|not|no need to|never|please stop|rather not|no longer|without) (?:[^ ]+ ){0,2}$"
)


class Invited(Word):
    """What a sentence invites: kinds of ask, enclosures ("resume", "target-list", "blurb", "person"), its words."""

    asks: tuple[Ask, ...] = ()
    enclosures: tuple[str, ...] = ()
    quote: str = ""


@lru_cache(maxsize=512)
def find_invitations(text: str) -> tuple[Invited, ...]:
    """What a text invites its reader to send or ask, sentence by sentence. Never raises."""
    found = []
    for sentence in split(text):
        words: dict[str, None] = {}
        for hit in _phrases().find(sentence.plain):
            if not _NOT.search(sentence.plain[: hit.start]):
                words.update(dict.fromkeys(_opened(hit.section)))
        if words:
            found.append(
                Invited(
                    asks=tuple(Ask(w) for w in words if w not in _ENCLOSURES),
                    enclosures=tuple(w for w in words if w in _ENCLOSURES),
                    quote=sentence.quote(sentence.start),
                )
            )
    return tuple(found)


@cache
def _phrases() -> Phrases:
    return load("invitations", {s: 0.9 for s in sections("invitations") if s})


def _opened(section: str) -> tuple[str, ...]:
    """The kinds and enclosures that a section of the phrase file opens."""
    return tuple(section.split("+"))
