"""Cuts a text into zones: quotes and forwards first, then what stands at the end of the own text."""

from classifier.reading.zones.quoted import mark_quoted
from classifier.reading.zones.sheet import OWN, Hints, Sheet
from classifier.reading.zones.signature import mark_signature
from classifier.reading.zones.tail import mark_banner, mark_tail
from models.mail import ZoneKind


def cut(lines: list[str], marks: list[ZoneKind | None], hints: Hints) -> list[ZoneKind]:
    """The kind of every line. In doubt a line is the sender's own."""
    sheet = Sheet(lines, [mark or OWN for mark in marks], hints)
    mark_quoted(sheet)
    runs = sheet.own_runs()
    if runs:
        mark_banner(sheet, *runs[0])
    for number in range(len(runs) - 1, -1, -1):
        start, end = runs[number]
        end = mark_tail(sheet, start, end, last_words=number == 0)
        if end > start:
            mark_signature(sheet, start, end)
            break
    return sheet.kinds
