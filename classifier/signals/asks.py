"""Asks in a mail's own text: which kinds, how sure, in which words, and about whom.

A sentence asks where what the reader would do ("introduce me to …", an act) or what the sender wants
("an introduction", a thing) stands after a frame that turns it to the reader ("could you", "I need"), or
where it asks in itself ("who are some people I should call", a say). The frame nearest before decides, so
that "he asked me for a referral", "do you need an introduction?" and "thanks for the testimonial" are none.
What stands around the sentence then lowers its certainty: see `asking`.
"""

from functools import cache, lru_cache
from typing import Final, NamedTuple

from classifier.phrases import sections
from classifier.signals.agreement import TABLE, agreed, in_letter
from classifier.signals.asking import (
    Frame,
    asked_of,
    bare_request,
    frames_in,
    imperative_at,
    taken_back,
    wanted,
    welcomed,
)
from classifier.signals.lookup import INDEX
from classifier.signals.offers import offers_something
from classifier.signals.phrasing import Hit, Phrases
from classifier.signals.sentences import Sentence, said_once, split
from classifier.signals.surroundings import TOGETHER, adjusted, is_told
from classifier.signals.verbs import form_of
from models.finding import Ask, AskSpan
from models.mail import Mail

_DEFAULTS: Final = {"acts": 0.92, "things": 0.85, "says": 0.8}

# The order in which kinds are tried for the same words: what is more particular comes first.
_KINDS: Final = (
    Ask.TESTIMONIAL, Ask.REFERRAL, Ask.INTRODUCTION, Ask.CONTACTS, Ask.JOB, Ask.MONEY, Ask.PETITION,
    Ask.RECRUIT, Ask.BUSINESS, Ask.FAVOUR, Ask.ADVICE, Ask.TIME,
)  # fmt: skip


_PARTICULAR: Final = 0.012  # how much a kind gains over the next where both read the same words
_MAX_TEXT: Final = 30_000  # characters: a letter asks in its first pages
_FLOATS: Final = 0.78  # a thing this particular can be meant by a bare request
_WELCOME: Final = 0.82
_FLOATING: Final = 0.76  # how sure a bare request is for what was named before it


class _Found(NamedTuple):
    ask: Ask
    certainty: float
    hit: Hit
    sentence: Sentence


def find_asks(mail: Mail) -> tuple[AskSpan, ...]:
    """The asks of a mail, both directions' wordings, in the order of the text. Never raises.

    Of each kind at most one span a sentence, the surest. Only `Mail.own_text` is read; the subject helps
    to tell what a bare request ("would you?") is for, and asks nothing by itself.
    """
    if mail.heard is None:
        return find_asks_in(mail.own_text, mail.subject)
    return _agreed(mail)


def find_cold_asks(mail: Mail) -> tuple[AskSpan, ...]:
    """The asks of a mail, as they weigh with somebody who hardly knows the sender: the whole letter counts.

    Where nobody listened to it, those of `find_asks`. Never raises.
    """
    asks = find_asks(mail)
    if mail.heard is None:
        return asks
    cold = in_letter(asks, mail.heard, mail.own_text)
    # Where nothing was found, the likeliest sentence stands for the letter; but none that gives or tells.
    return cold if asks else tuple(s for s in cold if not _gives(s, mail.own_text))


def _gives(span: AskSpan, text: str) -> bool:
    return offers_something(text[span.start : span.end]) or is_told(span, text)


def find_every_ask(mail: Mail) -> tuple[AskSpan, ...]:
    """The asks of a mail by every reading, the surest first: of a kind one span a sentence, at its surest.

    The readings are the whole letter's, that of phrases and ear together, and the phrases' alone. For letters in
    which warmth, thanks or a third try say nothing of how much is asked. Where nobody listened to it, those of
    `find_asks`. Never raises.
    """
    best: dict[tuple[int, Ask], AskSpan] = {}
    for span in (*find_cold_asks(mail), *find_asks(mail), *find_asks_in(mail.own_text, mail.subject)):
        known = best.get((span.start, span.ask))
        if known is None or span.certainty > known.certainty:
            best[span.start, span.ask] = span
    return tuple(sorted(best.values(), key=lambda span: (-span.certainty, span.start)))


@lru_cache(maxsize=64)
def _agreed(mail: Mail) -> tuple[AskSpan, ...]:
    """The asks of a mail that a model has heard too. Kept by the mail: what was heard is dear to hash."""
    assert mail.heard is not None
    text = mail.own_text[:_MAX_TEXT]
    together = min(TOGETHER, TABLE[mail.heard.ear].alone)
    return adjusted(agreed(_by_phrases(text, mail.subject), mail.heard, text), text, together)


@lru_cache(maxsize=256)
def find_asks_in(text: str, subject: str = "") -> tuple[AskSpan, ...]:
    """The asks of a text that is all the sender's own, by the phrases alone."""
    text = text[:_MAX_TEXT]
    return adjusted(_by_phrases(text, subject), text)


@lru_cache(maxsize=256)
def _by_phrases(text: str, subject: str) -> tuple[AskSpan, ...]:
    found: list[_Found] = []
    floating = [one for s in split(subject) for one in _things(s, _phrases().find(s.plain), ())]
    sentences = said_once(text)
    for sentence in sentences:  # all before the first is read: what it takes then stays near the processor
        INDEX.candidates(sentence.plain)
    for sentence in sentences:
        hits = _phrases().find(sentence.plain)
        frames = frames_in(sentence.plain) if hits or floating else ()
        asks = _in_sentence(sentence, hits, frames)
        if not asks and floating and bare_request(frames, sentence.plain):
            asks = [max(floating, key=lambda f: f.certainty)._replace(certainty=_FLOATING, sentence=sentence)]
        found += asks
        floating = [*floating[-3:], *_things(sentence, hits, frames)]
    return tuple(_span(one) for one in found)


def _in_sentence(sentence: Sentence, hits: list[Hit], frames: tuple[Frame, ...]) -> list[_Found]:
    """The asks of one sentence, of each kind the surest; of kinds that read the same words, one."""
    best: dict[Ask, _Found] = {}
    for hit in hits:
        kind = Ask(hit.section.partition(":")[0])
        certainty = _weigh(hit, frames, sentence)
        if certainty > 0 and (kind not in best or certainty > best[kind].certainty):
            best[kind] = _Found(kind, certainty, hit, sentence)
    kept: list[_Found] = []
    for one in sorted(best.values(), key=_standing, reverse=True):
        if not any(_same_words(one.hit, other.hit) for other in kept):
            kept.append(one)
    return kept


def _standing(one: _Found) -> float:
    """Who speaks first for the same words: the surer, the more particular kind, the longer phrase."""
    rank = len(_KINDS) - _KINDS.index(one.ask)
    return one.certainty + _PARTICULAR * rank + 0.004 * one.hit.words.count(" ")


def _same_words(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _things(sentence: Sentence, hits: list[Hit], frames: tuple[Frame, ...]) -> list[_Found]:
    """Things named without a frame: what a bare request in a later sentence ("would you?") may mean."""
    return [
        _Found(Ask(hit.section.partition(":")[0]), hit.certainty, hit, sentence)
        for hit in hits
        if hit.section.endswith(":things") and hit.certainty >= _FLOATS and not taken_back(frames, hit)
    ]


@cache
def _phrases() -> Phrases:
    """The phrases of all kinds, found in one pass; a hit's section is "kind:section"."""
    return Phrases(
        (line, f"{kind.value}:{section}", default)
        for kind in _KINDS
        for section, default in _DEFAULTS.items()
        for line in sections(kind.value).get(section, ())
    )


def _weigh(hit: Hit, frames: tuple[Frame, ...], sentence: Sentence) -> float:
    """How sure it is that these words ask, with the frames around them; 0 where they do not."""
    if hit.section.endswith(":says"):
        return 0.0 if taken_back(frames, hit) else hit.certainty
    if hit.section.endswith(":acts"):
        form = form_of(hit.words.split()[0])
        sure = asked_of(frames, hit, form)
        if sure is None:
            return (
                min(hit.certainty, 0.88)
                if form == "base" and imperative_at(sentence.plain, hit.start)
                else 0.0
            )
        if 0 < sure < _WELCOME and welcomed(frames, hit):
            sure = _WELCOME  # "if you told her about me, that would be great"
        return min(hit.certainty, sure)
    sure = wanted(frames, hit)
    if sure is not None:
        return min(hit.certainty, sure)
    if welcomed(frames, hit):
        return min(hit.certainty, 0.8)
    short = sentence.question and sentence.count <= 14 and hit.certainty >= 0.72
    return min(hit.certainty, 0.68) if short else 0.0


def _span(found: _Found) -> AskSpan:
    sentence, hit = found.sentence, found.hit
    return AskSpan(
        ask=found.ask,
        certainty=round(found.certainty, 2),
        quote=sentence.around(hit.start),
        start=sentence.start,
        end=sentence.end,
        target=_target(sentence, hit),
    )


def _target(sentence: Sentence, hit: Hit) -> str:
    """The words after "introduce me to", up to the clause's end: whom or which firm the ask is about."""
    last = hit.words.split()[-1]
    if last not in ("to", "with", "of", "at", "between"):
        return ""
    rest = sentence.plain[hit.end :].split()
    end = next(
        (i for i, w in enumerate(rest) if not w[0].isalnum() or w in ("and", "who", "so", "because")),
        len(rest),
    )
    first = sentence.plain.count(" ", 0, hit.end)
    places = sentence.places[first - 1 : first - 1 + min(end, 6)]
    if not places:
        return ""
    tail = sentence.verbatim[places[-1] - sentence.start :]
    return " ".join(
        sentence.verbatim[places[0] - sentence.start : places[-1] - sentence.start].split() + tail.split()[:1]
    ).rstrip(".,;:?!")
