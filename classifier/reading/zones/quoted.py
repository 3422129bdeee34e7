"""Marks quoted and forwarded mail: what stands in the text but was written before, or by somebody else."""

import re

from classifier.reading.zones.attributions import attribution
from classifier.reading.zones.headings import heading, rule_above
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
    r"|(?:begin forwarded message|start of forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)|"
    r"début du message (?:réexpédié|transféré)|inicio del mensaje reenviado|inizio messaggio inoltrato|"
    r"begin doorgestuurd bericht|vidarebefordrat brev)\s?:$",
    re.I,
)
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
        if not _is_escaped(sheet, at):
            sheet.kinds[at] = ZoneKind.QUOTE
        return at + 1
    if first in "-_=*" or line[-1] == ":":
        if (forward := _FORWARDED.match(line)) or _ORIGINAL.match(line):
            kind = ZoneKind.FORWARD if forward or sheet.hints.forwarded else ZoneKind.QUOTE
            return _to_the_end(sheet, at, at + 1, kind)
    if ":" in line[:24] and (found := heading(sheet, at)):
        return _under_heading(sheet, at, *found)
    if line[-1] in ":：" and (said := attribution(sheet, at)):
        start, all_below = said
        if all_below:
            return _to_the_end(sheet, start, at + 1, ZoneKind.QUOTE)
        sheet.mark(start, at + 1, ZoneKind.QUOTE)
        return _cited(sheet, sheet.next_filled(at + 1))
    if ">" in line[1:12] and (match := _INITIALS.match(line)):
        following = sheet.next_filled(at + 1)
        if sheet.stripped[following : following + 1] and sheet.stripped[following].startswith(match[1] + ">"):
            sheet.kinds[at] = sheet.kinds[following] = ZoneKind.QUOTE
            return following
    return at + 1


def _is_escaped(sheet: Sheet, at: int) -> bool:
    """mbox writes ">From " for "From " at the start of a line: own text, unless it stands among quoted lines."""
    if not sheet.lines[at].startswith(">From "):
        return False
    around = sheet.stripped[max(at - 1, 0) : at] + sheet.stripped[at + 1 : at + 2]
    return not any(line.startswith(">") for line in around)


def _under_heading(sheet: Sheet, at: int, start: int, end: int) -> int:
    """A heading without a marker above: with nothing of the sender's before it, it may head a memo of theirs."""
    rule = rule_above(sheet, start)
    if rule == start and not sheet.hints.forwarded and not sheet.own_above(start):
        return end
    return _to_the_end(sheet, rule, end, ZoneKind.FORWARD if sheet.hints.forwarded else ZoneKind.QUOTE)


def _to_the_end(sheet: Sheet, start: int, after: int, kind: ZoneKind) -> int:
    """Marks the earlier mail from its first line to the end; only its head where ">" marks its text."""
    at = sheet.next_filled(after)
    if at < len(sheet.lines) and (found := heading(sheet, at)):
        at = sheet.next_filled(found[1])
    if at < len(sheet.lines) and sheet.stripped[at].startswith(">"):
        sheet.mark(start, at, kind)
        return at
    sheet.mark(start, len(sheet.lines), kind)
    return len(sheet.lines)


def _cited(sheet: Sheet, at: int) -> int:
    """Marks lines quoted with "|" under an attribution."""
    while at < len(sheet.lines) and sheet.stripped[at].startswith("|"):
        sheet.mark(at, at + 1, ZoneKind.QUOTE)
        at += 1
    return at
