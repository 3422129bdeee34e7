"""Requests in whatever words: what a letter wants of its reader where no usual phrase of asking is found.

A sentence that requests something of the reader, in a letter that is no errand (an order, a booking, a
complaint, a thing lost), is an ask. What the letter speaks of tells which kind; it is never sure enough to
hold a mail.
"""

import re
from functools import cache
from typing import Final

from classifier.phrases import sections
from classifier.signals.asking import frames_in, taken_back
from classifier.signals.phrasing import Hit, Phrases, load
from classifier.signals.sentences import Sentence, more_than, split
from classifier.signals.surroundings import adjusted
from models.finding import Ask, AskSpan
from models.mail import Mail

_CERTAINTY: Final = 0.7  # where the letter's words tell the kind plainly
_MAX_TEXT: Final = 30_000  # characters; what is longer is a document
_UNTOLD: Final = 0.6  # where they do not
_PLAIN: Final = 2  # groups of words of one kind that tell it plainly
_MOST: Final = 60  # sentences; a longer text is no letter that waits
_FEW: Final = 4  # words; "All well?" is a greeting
_ERRAND: Final = 0.75  # errands' words that together make an errand of the letter


def find_request(mail: Mail) -> AskSpan | None:
    """The plainest request of a letter to its reader, its kind told by what the letter speaks of; or None."""
    if len(mail.own_text) > _MAX_TEXT:
        return None
    sentences = split(mail.own_text)
    if not 0 < len(sentences) <= 60 or is_errand(sentences, mail.subject):
        return None
    asking = {s: found for s in sentences if (found := _requests(s))}
    if not asking:
        return None
    kind = _kind(sentences, list(asking), mail.subject)
    if kind is None and "pleas" not in asking.values():
        return None
    sentence = list(asking)[-1]
    span = AskSpan(
        ask=kind or Ask.FAVOUR,
        certainty=_CERTAINTY if kind else _UNTOLD,
        quote=sentence.quote(sentence.start),
        start=sentence.start,
        end=sentence.end,
    )
    return next(iter(adjusted((span,), mail.own_text)), None)


def requests_something(text: str) -> bool:
    """Whether a sentence of these words requests something of the reader: "could you copy the leaf?"."""
    return any(_requests(s) for s in split(text))


def find_unanswered_question(mail: Mail) -> str:
    """What a letter waits for an answer to: its request, else its last question; "" in an errand. Verbatim,
    200 characters at most.
    """
    if more_than(_MOST, mail.own_text):
        return ""
    sentences = split(mail.own_text)
    if not sentences or is_errand(sentences, mail.subject):
        return ""
    waiting = [s for s in sentences if s.question and s.count >= _FEW] or [
        s for s in sentences if _requests(s)
    ]
    return waiting[-1].quote(waiting[-1].start)[:200] if waiting else ""


# What is asked for is the sender's: "would you keep me …", "could you bring them round to my …".
_MINE: Final = re.compile(r" (?:me|us|my|our|mine|ours) ")


def _requests(sentence: Sentence) -> str:
    """ "requests" or "pleas" (for the sender's own sake) where a sentence is one; "" where not."""
    hits = _requesting().find(sentence.plain)
    if not hits or any(h.section == "errand-verbs" for h in hits):
        return ""
    frames = frames_in(sentence.plain)
    asking = [h for h in hits if not taken_back(frames, _after(h))]
    for_me = any(_MINE.search(sentence.plain[h.end - 1 :]) for h in asking)
    return "pleas" if asking and for_me else min((h.section for h in asking), default="")


def _after(hit: Hit) -> Hit:
    """The place just behind a request, where what it asks for would stand."""
    return Hit(hit.section, hit.certainty, hit.end, hit.end + 1, "")


def is_errand(sentences: tuple[Sentence, ...], subject: str) -> bool:
    """Whether these sentences are an errand's: an order, a booking, a complaint, a thing lost."""
    seen: dict[str, float] = {}
    for sentence in (*split(subject), *sentences):
        for hit in _errands().find(sentence.plain):
            seen[hit.words.split()[0]] = hit.certainty
    return sum(seen.values()) >= _ERRAND


def _kind(sentences: tuple[Sentence, ...], asking: list[Sentence], subject: str) -> Ask | None:
    """The kind whose groups of words the letter holds most of, the requesting sentences' counting double."""
    groups: dict[str, dict[int, int]] = {}
    for sentence in (*split(subject), *sentences):
        weight = 2 if any(sentence is one for one in asking) else 1
        for hit in _topics().find(sentence.plain):
            kind, _, group = hit.section.partition(":")
            seen = groups.setdefault(kind, {})
            seen[int(group)] = max(weight, seen.get(int(group), 0))
    plain = {k: sum(seen.values()) for k, seen in groups.items() if len(seen) >= _PLAIN}
    return Ask(max(plain, key=lambda k: plain[k])) if plain else None


@cache
def _requesting() -> Phrases:
    return load("requests", {"requests": 0.7, "pleas": 0.7, "errand-verbs": 0.7})


@cache
def _errands() -> Phrases:
    return load("requests", {"errands": 0.7})


@cache
def _topics() -> Phrases:
    """The words of each kind; a hit's section is "kind:line", so that each line counts once."""
    return Phrases(
        (line, f"{kind}:{number}", 0.7)
        for kind, lines in sections("topics").items()
        if kind
        for number, line in enumerate(lines)
    )
