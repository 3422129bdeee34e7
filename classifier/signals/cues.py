"""Cues: what the sentences of a stranger's letter do, found by the phrases of the incoming-*.txt files."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from classifier.phrases import sections
from classifier.signals.phrasing import Phrases, load
from classifier.signals.sentences import Sentence, split
from models.mail import Mail

_DEFAULT: Final = {"incoming-asks": 0.85, "incoming-traits": 0.8, "incoming-kept": 0.85}
_MAX_TEXT: Final = 20_000  # characters; what a letter asks stands in its first pages
_UNAIMED: Final = 0.5
_FAINT: Final = (
    0.3  # what a certainty is multiplied by in a sentence that only tells of somebody else's words
)

# Somebody else's ask, told ("he asked me if I would refer him"): the words, but nobody asks the reader.
_TOLD: Final = re.compile(
    r" (?:he|she|they|who|people|someone|somebody|man|woman|guy|friend|boss|neighbour|father|mother|colleague) "
    r"(?:[^ ]+ ){0,25}?(?:asked|asks|asking|told|said|wanted|begged|wondered|promised) "
    r"(?:me|us|him|her|them|if|whether|to|for|that) "
    r"| you (?:said|wrote|mentioned|talked|spoke|told|explained|recommended|described) "
)
# What shows that a sentence speaks to the reader, or of the writer's own wish; a bare story has none of it.
_AIMED: Final = re.compile(
    r" (?:you|your|yours|yourself|u|ur|please|kindly|shall|hope|hoping|looking|seeking|wondering|grateful|appreciate|"
    r"attached|enclosed|enclose|attach|available|dear|sir|\?) "
    r"| (?:i|we|he|she|they) (?:would|will) (?:love|like|be|appreciate|gladly|welcome|do|take|share|pay|send|show|bring) "
    r"| (?:i|we) (?:want|need|have|help|am|are|can|offer) | (?:want|all i need|let me|let us|can i|could i|may i) "
    r"|^ (?:and |so |just |or |then |but )?(?:reply|grab|pick|book|say|sign|name|send|tell|call|ring|drop|give|help|share|"
    r"shout|ping|hit|click|join|visit|come|check|have|take|see|find|let|add|put|keep|pass|spread|repost|circulate|do|"
    r"forward|feel|write|worth|any|who|which|when|free|open|thoughts|first|dm|vote|support|donate) "
)


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: its name (a section of a phrase file), how sure (0..1), its words, and which sentence (-1: the subject)."""

    name: str
    certainty: float
    quote: str
    sentence: int
    start: int = 0  # offset of the sentence in `Mail.own_text`
    end: int = 0


@cache
def _phrases() -> dict[str, Phrases]:
    return {f: load(f, {s: default for s in sections(f) if s}) for f, default in _DEFAULT.items()}


@lru_cache(maxsize=256)
def _find(text: str, subject: str) -> tuple[Cue, ...]:
    found: list[Cue] = []
    told = False
    for number, sentence in enumerate(split(text[:_MAX_TEXT])):
        # A sentence that goes on in small letters goes on with the story.
        told = bool(_TOLD.search(sentence.plain)) or (told and sentence.verbatim[:1].islower())
        factor = _FAINT if told else 1.0 if _AIMED.search(sentence.plain) else _UNAIMED
        found.extend(_in_sentence(sentence, number, factor))
    for sentence in split(subject[:300]):
        found.extend(Cue(c.name, c.certainty, "", -1) for c in _in_sentence(sentence, -1, 0.7))
    return tuple(found)


def _in_sentence(sentence: Sentence, number: int, factor: float) -> list[Cue]:
    best: dict[str, Cue] = {}
    for file, phrases in _phrases().items():
        for hit in phrases.find(sentence.plain):
            certainty = hit.certainty * (factor if file == "incoming-asks" else 1.0)
            if hit.section not in best or certainty > best[hit.section].certainty:
                quote = sentence.quote(sentence.place(hit.start))
                best[hit.section] = Cue(hit.section, certainty, quote, number, sentence.start, sentence.end)
    return list(best.values())


def find_cues(mail: Mail) -> tuple[Cue, ...]:
    """The cues of a mail's own text and subject, at most one of a name in each sentence. Never raises."""
    return _find(mail.own_text, mail.subject)
