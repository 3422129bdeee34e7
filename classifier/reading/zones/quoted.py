"""Marks quoted and forwarded mail: what stands in the text but was written before, or by somebody else."""

import re

from classifier.reading.zones.attributions import attribution
from classifier.reading.zones.headings import heading, heading_end, rule_above
from classifier.reading.zones.sheet import OWN, Sheet
from models.mail import ZoneKind

# Lines that mail programs put above an earlier mail, in the languages met most.
_ORIGINAL = re.compile(
    r"[-_=* ]{2,60}(?:original (?:message|appointment)|original-nachricht|ursprüngliche nachricht|"
    r"message d.origine|message original|mensaje original|mensagem original|messaggio originale|"
    r"oorspronkelijk bericht|oprindelig meddelelse|opprinnelig melding|ursprungligt meddelande|"
    r"alkuperäinen viesti|wiadomość oryginalna|původní zpráva)\b",
    re.I,
)
_FORWARDED = re.compile(
    r"[-_=* ]{2,60}(?:forwarded (?:message|by|mail)|weitergeleitete (?:nachricht|e-?mail)|message transféré|"
    r"mensaje reenviado|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht|videresendt|"
    r"vidarebefordrat|przekazana wiadomość)\b"
    r"|(?:(?:begin|start of) forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)|"
    r"début du message (?:réexpédié|transféré)|inicio del mensaje reenviado|inizio messaggio inoltrato|"
    r"begin doorgestuurd bericht|vidarebefordrat brev)\s?:$",
    re.I,
)
_MARK = re.compile(r"[^\w\s\"'“‘(*•.-]{1,4}|--[\])|]|\|")
_INITIALS = re.compile(r"([A-Za-z]{1,10})>+(?:\s|$)")  # "AH> as I said", by some mail programs


def mark_quoted(sheet: Sheet) -> None:
    """Marks every quoted or forwarded line of the sheet."""
    at = 0
    while at < len(sheet.lines):
        line = sheet.stripped[at]
        if line and sheet.kinds[at] is OWN:
            at = _look(sheet, at, line)
        else:
            at += 1


def _look(sheet: Sheet, at: int, line: str) -> int:
    """Marks what begins at this line, if anything; returns where to look on."""
    first = line[0]
    if first == ">":
        if not _is_own(sheet, at):
            sheet.kinds[at] = ZoneKind.QUOTE
            return _leftover(sheet, at + 1)
        return at + 1
    if (first in "-_=*" or line[-1] == ":") and (kind := _announced(sheet, at, line)):
        return _to_the_end(sheet, at, at + 1, kind)
    if ":" in line[:24] and (found := heading(sheet, at)):
        return _under_heading(sheet, at, *found)
    if line[-1] in ":：" and (said := attribution(sheet, at)):
        return _under_attribution(sheet, at, *said)
    if ">" in line[1:12] and (match := _INITIALS.match(line)):
        following = sheet.next_filled(at + 1)
        if sheet.stripped[following : following + 1] and sheet.stripped[following].startswith(match[1] + ">"):
            sheet.kinds[at] = sheet.kinds[following] = ZoneKind.QUOTE
            return following
    return at + 1


def _announced(sheet: Sheet, at: int, line: str) -> ZoneKind | None:
    """Which zone a line like "-----Original Message-----" opens. With nothing above it, it is passed on."""
    if _FORWARDED.match(line):
        return ZoneKind.FORWARD
    if not _ORIGINAL.match(line):
        return None
    return ZoneKind.FORWARD if sheet.hints.forwarded or not sheet.own_above(at) else ZoneKind.QUOTE


def _is_own(sheet: Sheet, at: int) -> bool:
    """A lone ">From ", as mbox writes "From " at the start of a line, or a ">> cry <<"."""
    if sheet.stripped[at].endswith("<"):
        return True
    if not sheet.lines[at].startswith(">From "):
        return False
    around = sheet.stripped[max(at - 1, 0) : at] + sheet.stripped[at + 1 : at + 2]
    return not any(line.startswith(">") for line in around)


def _under_heading(sheet: Sheet, at: int, start: int, end: int) -> int:
    """A heading without a marker above; with nothing of the sender's before it, it may head their memo."""
    rule = rule_above(sheet, start)
    if rule == start and not sheet.hints.forwarded and not sheet.own_above(start):
        return end
    return _to_the_end(sheet, rule, end, ZoneKind.FORWARD if sheet.hints.forwarded else ZoneKind.QUOTE)


def _to_the_end(sheet: Sheet, start: int, after: int, kind: ZoneKind) -> int:
    """Marks the earlier mail from its first line to the end; only its head where ">" marks its text."""
    at = sheet.next_filled(heading_end(sheet, after))
    if at < len(sheet.lines) and sheet.stripped[at].startswith(">"):
        sheet.mark(start, at, kind)
        return at
    sheet.mark(start, len(sheet.lines), kind)
    return len(sheet.lines)


def _under_attribution(sheet: Sheet, at: int, start: int, all_below: bool) -> int:
    """Marks an attribution and what it introduces: ">" lines are found as such, others by their common mark.

    Bare text below is the quoted mail where the sender wrote above it, else it is the sender's answer.
    """
    answered_above = sheet.own_above(start)
    sheet.mark(start, at + 1, ZoneKind.QUOTE)
    first = sheet.next_filled(at + 1)
    if cited := _common_mark(sheet, first):
        for i in range(first, len(sheet.lines)):
            if sheet.stripped[i].startswith(cited):
                sheet.mark(i, i + 1, ZoneKind.QUOTE)
    elif all_below and answered_above:
        sheet.mark(at + 1, len(sheet.lines), ZoneKind.QUOTE)
        return len(sheet.lines)
    return at + 1


def _common_mark(sheet: Sheet, first: int) -> str:
    """The signs with which both this and the next line begin, if any: "|", "--]", "=>"."""
    second = sheet.next_filled(first + 1)
    if second >= len(sheet.lines) or sheet.stripped[first].startswith(">"):
        return ""
    match = _MARK.match(sheet.stripped[first])
    return match[0] if match and sheet.stripped[second].startswith(match[0]) else ""


def _leftover(sheet: Sheet, at: int) -> int:
    """A word or two that wrapping pushed from a quoted line onto one of its own, between quoted lines."""
    if 0 < at < len(sheet.lines) - 1 and len(sheet.stripped[at - 1]) >= 60:
        line = sheet.stripped[at]
        if line[:1].islower() and line.count(" ") <= 2 and sheet.stripped[at + 1].startswith(">"):
            sheet.mark(at, at + 1, ZoneKind.QUOTE)
            return at + 1
    return at
