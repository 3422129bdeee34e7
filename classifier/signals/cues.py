"""Cues: what the sentences of a stranger's letter do, found by the phrases of the incoming-*.txt files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from classifier.phrases import sections
from classifier.signals.phrasing import Hit, Phrases, load
from classifier.signals.sentences import Sentence, said_once, split
from models.mail import Mail

_DEFAULT: Final = {"incoming-asks": 0.85, "incoming-traits": 0.8, "incoming-kept": 0.85}
_ASKING: Final = "incoming-asks"
_REST: Final = ("incoming-traits", "incoming-kept")
_MAX_TEXT: Final = 20_000  # characters; what a letter asks stands in its first pages
# What a cue's certainty is multiplied by where its sentence requests nothing (see `_tone`).
_MENTION: Final = 0.8
_STORY: Final = 0.5
_TOLD_OF: Final = 0.3

# Somebody else's ask, told ("he asked me if I would refer him"): the words, but nobody asks the reader.
_TOLD: Final = re.compile(
    r" (?:he|she|they|who|people|someone|somebody|man|woman|guy|friend|boss|neighbour|father|mother) "
    r"(?:[^ ]+ ){0,25}?(?:asked|asks|asking|told|said|wanted|begged|wondered|promised) "
    r"(?:me|us|him|her|them|if|whether|to|for|that) "
    r"|^ (?:asked|asking|told|said) (?:me|us|him|her) "
    r"| you (?:said|wrote|mentioned|talked|spoke|told|explained|recommended|described) "
    r"| (?:was|were) (?:so |very )?(?:kind|good) (?:enough )?(?:as )?to "
    r"| i (?:came|went|wrote|applied|begged|asked|pitched) (?:[^ ]+ ){0,6}?(?:you|your|for|him|her|them) "
)
# A sentence that requests: a question, a plea, a wish, a command.
_REQUESTS: Final = re.compile(
    r" (?:please|kindly|shall|hope|hoping|looking|seeking|wondering|grateful|appreciate|welcome|enclosed|"
    r"attached|enclose|attach|candidature|\?) "
    r"| (?:could|would|can|will|might|may|should|did|do|does|have|are) (?:you|i|we|u) | if (?:you|u) "
    r"| (?:i|we|he|she|they|it) (?:would|will|could|might) (?:love|like|be|appreciate|gladly|welcome|do|take|"
    r"share|pay|send|show|bring|make|mean|carry|save|suit) "
    r"| (?:i|we) (?:want|need|help|am|are|can|offer|lack|seek|do|represent|work) | (?:all i|let me|let us) "
    r"|^ (?:and |so |just |or |then |but )?(?:reply|grab|pick|book|say|sign|name|send|tell|call|ring|drop|"
    r"give|help|share|shout|ping|hit|click|join|visit|come|check|have|take|see|find|let|add|put|keep|pass|spread|"
    r"repost|circulate|do|forward|feel|write|worth|any|who|which|when|free|open|thoughts|first|dm|vote|support|"
    r"donate|whatever|yours|no|hand|leave|mention|recommend|introduce|ask|point|consider|think|spare|chip|bring|use|"
    r"try|get|buy|read|look|post|tick|copy|text|email|mail) "
)
_SPEAKS: Final = re.compile(r" (?:you|your|yours|yourself|u|ur|sir|madam) ")


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: its name (a section of a phrase file), how sure (0..1), words, sentence (-1: the subject)."""

    name: str
    certainty: float
    quote: str
    sentence: int
    start: int = 0  # offset of the sentence in `Mail.own_text`
    end: int = 0


@cache
def _phrases(file: str) -> Phrases:
    return load(file, {s: _DEFAULT[file] for s in sections(file) if s})


@lru_cache(maxsize=256)
def asking_cues(text: str) -> tuple[Cue, ...]:
    """The cues by which a text asks something of its reader, in the order of its sentences."""
    sentences = said_once(text[:_MAX_TEXT])
    told: dict[int, bool] = {}
    found: list[Cue] = []
    for number, sentence in enumerate(sentences):
        if hits := _phrases(_ASKING).find(sentence.plain):
            factor = _TOLD_OF if _is_told(sentences, number, told) else _tone(sentence)
            found.extend(_strongest(sentence, number, hits, factor))
    return tuple(found)


@lru_cache(maxsize=256)
def _find(text: str, subject: str) -> tuple[Cue, ...]:
    found = list(asking_cues(text))
    for number, sentence in enumerate(said_once(text[:_MAX_TEXT])):
        found.extend(_strongest(sentence, number, _hits(sentence, _REST), 1.0))
    found.sort(key=lambda cue: cue.sentence)
    for sentence in split(subject[:300]):
        found.extend(_strongest(sentence, -1, _hits(sentence, (_ASKING,)), 0.7))
        found.extend(_strongest(sentence, -1, _hits(sentence, _REST), 1.0))
    return tuple(found)


def _is_told(sentences: Sequence[Sentence], number: int, known: dict[int, bool]) -> bool:
    """Whether a sentence tells of somebody's words. One that goes on in small letters goes on with the story."""
    first, told = number, False
    while first not in known:
        told = bool(_TOLD.search(sentences[first].plain))
        if told or not first or not sentences[first].verbatim[:1].islower():
            break
        first -= 1
    told = known.get(first, told)
    known.update(dict.fromkeys(range(first, number + 1), told))
    return told


def _tone(sentence: Sentence) -> float:
    """How much a sentence asks anything at all: 1 for a request, less for a mention, least for a story."""
    if _REQUESTS.search(sentence.plain):
        return 1.0
    return _MENTION if _SPEAKS.search(sentence.plain) else _STORY


def _hits(sentence: Sentence, files: Sequence[str]) -> list[Hit]:
    return [hit for file in files for hit in _phrases(file).find(sentence.plain)]


def _strongest(sentence: Sentence, number: int, hits: Sequence[Hit], factor: float) -> list[Cue]:
    best: dict[str, Cue] = {}
    for hit in hits:
        certainty = hit.certainty * factor
        if hit.section not in best or certainty > best[hit.section].certainty:
            best[hit.section] = _cue(sentence, number, hit, certainty)
    return list(best.values())


def _cue(sentence: Sentence, number: int, hit: Hit, certainty: float) -> Cue:
    if number < 0:
        return Cue(hit.section, certainty, "", number)
    return Cue(hit.section, certainty, sentence.around(hit.start), number, sentence.start, sentence.end)


@lru_cache(maxsize=256)
def told_stretches(text: str) -> tuple[tuple[int, int], ...]:
    """Where the text only tells of somebody's words: half-open stretches, in characters."""
    return tuple((s.start, s.end) for s in split(text[:_MAX_TEXT]) if _TOLD.search(s.plain))


def find_cues(mail: Mail) -> tuple[Cue, ...]:
    """The cues of a mail's own text and subject, at most one of a name in each sentence. Never raises."""
    return _find(mail.own_text, mail.subject)
