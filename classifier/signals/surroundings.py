"""What stands around an ask and lowers its certainty: quotations, pull lines, errands, books and papers."""

import math
import re
from functools import lru_cache
from typing import Final

from classifier.phrases import sections
from classifier.signals.offers import offers_something
from classifier.signals.placeholders import leaves_blanks
from classifier.signals.reporting import LONGEST, QUOTATION, reported
from models.finding import Ask, AskSpan

_LEAST: Final = 0.5  # what is less sure is not worth a word
# Signs of one kind in several sentences bear each other out, up to a certainty.
_SIGN: Final = 0.55
_SAID_TOO: Final = 0.9  # an ask so plain stands beside an offer in the same sentence
TOGETHER: Final = 0.8

# What stands before words that somebody else has said: "a man from Leeds wrote", "she asked me".
_REPORTING: Final = re.compile(
    r"(?i)(?<!\bI )\b(?:wrote|writes|said|says|asked|asks|replied|went|told)\b(?: (?:me|us|her|him|them))?[ ,:]*$"
)
_REACH: Final = 30  # characters of it
_ERRAND: Final = re.compile(r"\b(?:" + "|".join(sections("errands")["words"]) + r")\b")  # in small letters
_BOOKISH: Final = re.compile(r"\b(?:" + "|".join(sections("errands")["bookish"]) + r")\b", re.IGNORECASE)
_FAMILIAR: Final = re.compile(r"\b(?:" + "|".join(sections("errands")["familiar"]) + r")\b", re.IGNORECASE)
_CONDITION: Final = re.compile(
    r"(?i)\b(?:if|should|in case|when(?:ever)?) (?:ever )?(?:somebody|someone|anybody|anyone|any of your"
    r"|one of your|a friend|"
    r"friends|people|your \w+|you (?:ever |should |happen to )?(?:know|meet|hear|come across|run into"
    r"|find|need|have))\b"
)
_PAID: Final = re.compile(r"(?i)\b(?:fee|honorarium|we pay|paid|day rate|salary)\b")
_HIRES: Final = re.compile(
    r"(?i)\b(?:we(?:'d| would| will|'ll)? pay|to hire you|hire you|engage you|book you)\b"
)
_PLEADING: Final = re.compile(
    r"(?i)\b(?:please|pls|plz|could you|would you|can you|will you|I'd be|urgent|need|as many)\b|!!"
)

# Kinds that errands (orders, bookings, repairs, papers of a case) often look like.
_ERRANDS: Final = frozenset({Ask.TIME, Ask.ADVICE, Ask.FAVOUR, Ask.CONTACTS})


def adjusted(spans: tuple[AskSpan, ...], text: str, together: float = TOGETHER) -> tuple[AskSpan, ...]:
    """The asks of a text, weighed by what stands around them; those that are hardly asks are left out.

    Several of a kind bear each other out, up to the certainty `together`.
    """
    if not spans:
        return ()
    quoted = [m.span() for m in QUOTATION.finditer(text)]
    weighed = [(span, span.certainty * _factor(span, text, quoted)) for span in spans]
    found = []
    for span, certainty in weighed:
        doubt = math.prod(1 - c for s, c in weighed if s.ask is span.ask and c >= _SIGN)
        sure = max(certainty, min(together, 1 - doubt)) if certainty >= _SIGN else certainty
        if sure >= _LEAST:
            found.append(span.model_copy(update={"certainty": round(sure, 2)}))
    return tuple(found)


def _reported(span: AskSpan, text: str, start: int, end: int) -> bool:
    """Whether most of a sentence is what somebody else has said."""
    within = span.start <= start and (end - start) * 2 >= span.end - span.start and start < span.end
    lead = text[max(span.start, start - _REACH) : start]
    return within and (_REPORTING.search(lead) is not None or reported(text, start, end))


def is_told(span: AskSpan, text: str) -> bool:
    """Whether an ask stands in words between marks that are told of as somebody else's. Never raises."""
    end = len(text) if "```" in text else span.end + LONGEST  # what begins behind the ask is not about it
    return any(_reported(span, text, *m.span()) for m in QUOTATION.finditer(text, 0, end))


def _factor(span: AskSpan, text: str, quoted: list[tuple[int, int]]) -> float:
    if any(
        start <= span.start + 1 < end or (start <= span.end - 2 < end and start - span.start < 3)
        for start, end in quoted
    ):
        return 0.3
    if any(_reported(span, text, start, end) for start, end in quoted):
        return 0.3
    words = text[span.start : span.end]
    if span.certainty < _SAID_TOO and offers_something(words, span.ask):
        return 0.0
    if span.ask is Ask.REFERRAL and _pull_line(span, text):
        return 0.0
    if span.ask in (Ask.INTRODUCTION, Ask.TESTIMONIAL) and _BOOKISH.search(words):
        return 0.4
    if span.ask is Ask.PETITION and leaves_blanks(words):
        return 0.5  # a form of the reader's own
    if span.ask in (Ask.TIME, Ask.FAVOUR, Ask.ADVICE) and _FAMILIAR.search(words):
        return 0.5
    if (
        span.ask in (Ask.FAVOUR, Ask.MONEY)
        and _PAID.search(text)
        and (span.ask is Ask.FAVOUR or _HIRES.search(text))
    ):
        return 0.5  # with a fee it is hiring
    if span.ask in _ERRANDS and (errands := _errands(text)):
        return 0.75 if errands == 1 else 0.5
    return 1.0


@lru_cache(maxsize=16)  # asked for each ask of a letter
def _errands(text: str) -> int:
    """How many different words of errands a text holds."""
    return len(set(_ERRAND.findall(text.lower())))


def _pull_line(span: AskSpan, text: str) -> bool:
    """A line that leaves the choice to the reader ("if somebody …, they may call me"), beside other text."""
    words = text[span.start : span.end]
    if not _CONDITION.search(words) or _PLEADING.search(words):
        return False
    rest = len(text.split()) - len(words.split())
    return rest >= max(12, len(words.split()) // 2)
