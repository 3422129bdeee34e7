"""The signature under the own text. The closing words, the name and postscripts stay the sender's own."""

import re

from classifier.phrases import sections
from classifier.reading.zones.contact import is_contact, is_name, is_standing, says_something
from classifier.reading.zones.sheet import Sheet
from models.mail import ZoneKind

_DELIMITER = re.compile(r"(?:--|—|–|__)\s?")
_LOOSE = 8  # filled lines under a delimiter that lacks the blank of RFC 3676 (4.3)
_POSTSCRIPT = re.compile(r"\W{0,3}(?:p\.?\s?)+s\b[.:,]?", re.I)
_CLOSINGS = "|".join(re.escape(closing) for closing in sections("closings")[""])
_CLOSING = re.compile(rf"\W{{0,3}}(?:{_CLOSINGS})\b(?P<rest>[^?]{{0,40}})", re.I)
_LONGEST = 20  # filled lines a signature may have
_WINDOW = 24  # filled lines from the end in which the closing words are looked for


def mark_signature(sheet: Sheet, start: int, end: int) -> None:
    """Marks the signature at the end of an own run, if it has one."""
    filled = [i for i in range(start, end) if sheet.stripped[i]]
    delimiter = next((i for i in filled[-_LONGEST - 1 :] if _DELIMITER.fullmatch(sheet.lines[i])), None)
    if delimiter is not None and (sheet.lines[delimiter] == "-- " or _loosely(sheet, delimiter + 1, end)):
        _mark_block(sheet, delimiter, end)
        return
    name = _name_line(sheet, filled[-_WINDOW:])
    if name is not None:
        _mark_under(sheet, name, end)


def _loosely(sheet: Sheet, first: int, end: int) -> bool:
    """Whether what follows "--" is a signature rather than a second part of the letter.

    Under the sender's name the letter has ended: there half of it may say something, a firm's appeal for one.
    """
    above = next((line for line in reversed(sheet.stripped[: first - 1]) if line), "")
    some = 1 if is_name(above, sheet.hints.names) else 0
    filled = [line for line in sheet.stripped[first:end] if line]
    telling = sum(says_something(line) and not is_contact(line) and not is_standing(line) for line in filled)
    return len(filled) <= _LOOSE and telling * 2 < max(len(filled), 1) + some


def _mark_block(sheet: Sheet, first: int, end: int) -> None:
    """All of it, except postscripts: from one on, the text is the sender's own again."""
    for i in range(first, end):
        if _POSTSCRIPT.match(sheet.stripped[i]):
            end = i
            break
    sheet.mark(first, end, ZoneKind.SIGNATURE)


def _name_line(sheet: Sheet, filled: list[int]) -> int | None:
    """The last line that belongs to the letter: the name under the closing words, or just the name."""
    for position in range(len(filled) - 1, -1, -1):
        line = sheet.stripped[filled[position]]
        if len(line) <= 60 and (closing := _CLOSING.fullmatch(line)):
            return _signed(sheet, filled, position, closing["rest"])
    names = sheet.hints.names
    for position in range(len(filled) - 1, 0, -1):
        if is_name(sheet.stripped[filled[position]], names):
            return filled[position]
    return None


def _signed(sheet: Sheet, filled: list[int], position: int, rest: str) -> int:
    """The line of the name after the closing words; those words themselves where no name follows."""
    line = filled[position]
    if len(filled) > position + 1:
        following = filled[position + 1]
        unnamed = not rest.strip(" ,.!-")
        if following - line <= 4 and is_name(sheet.stripped[following], sheet.hints.names, any_name=unnamed):
            return following
    return line


def _mark_under(sheet: Sheet, name: int, end: int) -> None:
    """Marks the lines under the name, block by block, as long as each is no more than a signature's."""
    at, signed = name + 1, False
    while at < end:
        first = sheet.next_filled(at)
        last = first
        while last < end and sheet.stripped[last] and not _POSTSCRIPT.match(sheet.stripped[last]):
            last += 1
        if first >= end or last == first:
            return
        block = sheet.stripped[first:last]
        if not _belongs(block, adjacent=first == name + 1, signed=signed):
            return
        sheet.mark(name + 1 if not signed else at, last, ZoneKind.SIGNATURE)
        at, signed = last, True


def _belongs(block: list[str], *, adjacent: bool, signed: bool) -> bool:
    """Whether a block under the name is signature. In doubt it is the sender's own text."""
    if len(block) > _LONGEST:
        return False
    contact = sum(is_contact(line) for line in block)
    telling = [line for line in block if says_something(line) and not is_contact(line)]
    if not telling:
        return contact > 0 or adjacent
    if all(is_standing(line) for line in telling):
        return adjacent or signed
    # Under the name, with the post and the telephone number around it, a sentence is a standing one.
    return adjacent and contact > 0 and not says_something(block[0])
