"""Reported speech: words in quotation marks that somebody else said or sent, told of and not handed on."""

import re
from typing import Final

QUOTATION: Final = re.compile(
    r"[\"“„][^\"“”„]{12,600}[\"”“]|```.*?(?:```|\Z)|‘[^‘’\n]{20,400}’(?!\w)|(?<![\w'])'[^'\n]{20,400}'(?!\w)",
    re.S,
)
LONGEST: Final = 700  # characters of a quotation, code apart
_REACH: Final = 160  # characters before and after in which it is told who said so, and what became of it
_SENTENCE: Final = re.compile(r"[^.!?\n]+[.!?]*")
# The sender's own question in marks ("so I ask you: …"), or what the reader is to say.
_MINE: Final = re.compile(
    r"(?i)\b(?:I(?:['’]d| would| must| will|['’]ll)? (?:ask|put|wonder|want|need|beg)\b"
    r"|I(?:['’]ve| have)? (?:put|typed|drafted|worded)\b|(?:my|our) (?:\w+ )?(?:question|request|plea|ask|wish|text"
    r"|draft|letter)\b|(?:here|this) is what|below|as follows|like this|something like"
    r"|(?:from|when|if|what|that|where) you\b"
    r"|yours|you(?:['’]d)? (?:say|tell|write|can|could|may|might|would|will|only|just)\b)[^.!?\n]*$"
)
_OTHERS: Final = re.compile(
    r"(?i)\b(?:he|she|they|him|her|them|his|their|somebody|someone|some (?:man|woman|firm|fellow|stranger)|"
    r"(?:an?|the|that|one|this) (?:[\w’'-]+ ){0,3}?(?:man|woman|stranger|coach|salesman|saleswoman|seller|agent"
    r"|agency|firm"
    r"|company|fellow|chap|lady|guy|student|recruiter|candidate|colleague|client|customer|neighbour|teacher|trainer"
    r"|realtor|broker|letter|mail|email|message|specimen|note|card|leaflet|template|advert)|"
    r"(?:my|our) (?:gym|coach|bank|landlord|boss|nephew|niece|neighbour|colleague|agent|broker|insurer|trainer|dentist"
    r"|inbox|spam))\b"
)
# "…" would do: words for the reader to say.
_ENOUGH: Final = re.compile(
    r"(?i)[,.]? ?(?:would|will) (?:do|be|suffice)\b|[,.]? ?is (?:enough|all|plenty|ample)\b"
)
# What the sender did with it.
_REFUSED: Final = re.compile(
    r"(?i)\bI(?:['’]ve| have| had|['’]d)? (?:\w+ )?(?:declined|refused|binned|deleted|ignored|laughed|shuddered"
    r"|said no"
    r"|answered|replied|wrote back|told (?:him|her|them)|think not|thought not|did not|didn['’]t|won['’]t"
    r"|will not|shall not"
    r"|feel used|felt used|threw|tore|blocked|reported)\b|\b(?:was|were|am|is) (?:supposed |meant |asked |told "
    r"|expected )?to\b"
)
_WAS_TO: Final = re.compile(
    r"(?i)\b(?:I|me|we|us|(?:my|our) (?:task|job|part|share))\b(?: \w+){0,3}? (?:(?:supposed|meant|asked|told"
    r"|expected) )?to\b"
)
# The reader is to do something with it.
_HANDS: Final = re.compile(
    r"(?i)\byou (?:could|can|might|may|would|should|only|just|simply|need|have|then|will|want)? ?(?:to )?"
    r"(?:sign|post|send|forward|pass|share|copy|paste|mail|put|publish|use)\b"
    r"|(?:^|[:;,]\s+|\b(?:and|please|kindly|just|simply|so|then) )(?:sign|post|send|forward|pass|share|copy|paste|mail"
    r"|publish|fill) (?:this|it|them|the|these|on|along|round|below|your|in|my|\w+ (?:friends|clients|people"
    r"|colleagues))\b"
    r"|\b(?:your name (?:under|below|to it)|for your (?:friends|list|clients|page|network|newsletter))"
)


def reported(text: str, start: int, end: int) -> bool:
    """Whether the words between marks at [start, end) of a text are told of as somebody else's. Never raises."""
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    if _ENOUGH.match(after) or _MINE.search(before) or not (_OTHERS.search(before) or _REFUSED.search(after)):
        return False
    around = f"{text[:start]} … {text[end:]}"
    return not any(
        _HANDS.search(s.group().strip()) for s in _SENTENCE.finditer(around) if not _WAS_TO.search(s.group())
    )


def reported_at(text: str, place: int) -> str:
    """The quotation around a place of a text, where it is told of as somebody else's words; else "". Never raises."""
    around = (m for m in QUOTATION.finditer(text) if m.start() <= place < m.end())
    return next((m.group() for m in around if reported(text, *m.span())), "")
