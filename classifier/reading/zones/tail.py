"""What stands under a letter and was not written for it: list footers, adverts, disclaimers, phone lines."""

import re
from collections.abc import Sequence

from classifier.phrases import sections
from classifier.reading.zones.sheet import Sheet
from models.mail import ZoneKind

_RULE = re.compile(r"[-_=*#~+.─— ]{3,}")
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i'd|i've|i'll|me|my)\b", re.I)
_SENT_FROM = re.compile(
    r"(?:sent (?:from|via|with|using) (?:my |an? |the )?(?:\S+ ){0,4}\S+|get outlook for \w+|"
    r"(?:von meinem|gesendet von|envoyé (?:de|depuis)|enviado desde|inviato da|verzonden vanaf|sendt fra|"
    r"skickat från) .{3,40})[.!]?",
    re.I,
)
_ASKS = re.compile(r"\b(?:could|would|can|will) you\b")  # a request stays the sender's own
_FOOTERS = sections("footers")
_DISCLAIMERS = sections("disclaimers")
_HEADINGS = tuple(_DISCLAIMERS["heading"])
_LONGEST = 25  # lines of one footer or disclaimer paragraph
_FEW_WORDS = 16  # a paragraph so short is what one sign of it says
_MANY_WORDS = 90  # a longer paragraph with one weak sign is text


def mark_tail(sheet: Sheet, start: int, end: int, *, last_words: bool) -> int:
    """Marks paragraph by paragraph from the end of an own run; returns where the rest ends.

    `last_words`: there is no own text before this run, so its last paragraph that says something stays.
    """
    for above, last in sheet.paragraphs(start, end):
        if all(_RULE.fullmatch(sheet.stripped[i]) for i in range(above, last)):
            first = above
            kind: ZoneKind | None = ZoneKind.FOOTER
        else:
            first = _after_rule(sheet, above, last)
            kind = kind_of(sheet.stripped[first:last])
        if kind is None or (last_words and first <= start):
            break
        sheet.mark(first, last, kind)
        end = first
    while end > start and not sheet.stripped[end - 1]:
        end -= 1
    return end


def _after_rule(sheet: Sheet, first: int, last: int) -> int:
    """A footer may follow the letter without a blank line, under a rule: then only it is looked at."""
    for i in range(last - 1, max(first, last - _LONGEST), -1):
        if len(sheet.stripped[i]) >= 5 and _RULE.fullmatch(sheet.stripped[i]):
            return i
    return first


def kind_of(paragraph: list[str]) -> ZoneKind | None:
    """Whether a paragraph is a phone's line, a footer or a disclaimer; None where it may be the sender's."""
    if len(paragraph) == 1 and len(paragraph[0]) < 80 and _SENT_FROM.fullmatch(paragraph[0]):
        return ZoneKind.SIGNATURE
    if len(paragraph) > _LONGEST:
        return None
    text = " ".join(paragraph).lower().replace("’", "'")
    if _is_disclaimer(text):
        return ZoneKind.DISCLAIMER
    if _is_footer(text, ruled=bool(_RULE.fullmatch(paragraph[0])) and len(paragraph[0]) >= 10):
        return ZoneKind.FOOTER
    return None


def _is_footer(text: str, *, ruled: bool) -> bool:
    if _FIRST_PERSON.search(text) or _ASKS.search(text):
        return False
    if any(cue in text for cue in _FOOTERS["strong"]):
        return True
    short, weak = _count(_FOOTERS["short"], text), _count(_FOOTERS["weak"], text)
    count = len(text.split())
    return (
        "?" not in text
        and count <= _MANY_WORDS
        and (short + weak + ruled >= 2 or (short > 0 and count <= _FEW_WORDS))
    )


def _is_disclaimer(text: str) -> bool:
    head = text.lstrip("*-_=#~[(\"' ")
    headed = head.startswith(_HEADINGS)
    strong, weak = _count(_DISCLAIMERS["strong"], text), _count(_DISCLAIMERS["weak"], text)
    if not strong and not weak:
        return False
    if _ASKS.search(text) or (_FIRST_PERSON.search(text) and not strong):
        return False
    return 2 * strong + weak + 2 * headed >= 3


def _count(cues: Sequence[str], text: str) -> int:
    return len([cue for cue in cues if cue in text])


def mark_banner(sheet: Sheet, start: int, end: int) -> None:
    """Marks what gateways and mailing tools put above: one short paragraph, with a letter below it."""
    last = start
    while last < end and sheet.stripped[last]:
        last += 1
    text = " ".join(sheet.stripped[start:last]).lower().replace("’", "'")
    if last < end and len(text) < 400:
        head = text.lstrip("*-_=#~[(⚠️ ")
        if any(head.startswith(word) for word in _DISCLAIMERS["banner"]) and not _FIRST_PERSON.search(text):
            sheet.mark(start, last, ZoneKind.DISCLAIMER)
        elif any(cue in text for cue in _FOOTERS["above"]):
            sheet.mark(start, last, ZoneKind.FOOTER)
