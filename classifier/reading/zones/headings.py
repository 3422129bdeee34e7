"""The header of an earlier mail as mail programs print it into the text: From, Sent, To, Subject."""

import re

from classifier.phrases import sections
from classifier.reading.zones.sheet import Sheet

_KEY = re.compile(r"[\s>*_]{0,20}([^\W\d_][^\W\d_ -]{0,14}(?:[ -][^\W\d_]{1,12})?)[ \t]{0,3}\*{0,2}[:：]")
_CLASS = {word: name for name, words in sections("mail-headings").items() for word in words}
# Lotus Notes prints the sender and the date without names: "Ann Hartley on 05/01/2001 03:00:00 PM".
_NOTES_DATE = re.compile(r"(?:\d{1,2}[/ .]\w{2,3}[/ .]\d{2,4},?|\d{4}-\d\d-\d\d)\s{1,4}\d{1,2}:\d{2}")
_EVIDENCE = re.compile(r"@|\d{1,2}:\d\d|\[mailto|\b(?:19|20)\d\d\b")
_RULE = re.compile(r"[-_=*─—]{5,}")
_LONGEST = 60  # lines a heading is followed for: long To fields wrap
_BACK = 5  # lines above that may belong to it


def key_of(line: str) -> str:
    """Which field a line begins: from, date, to, subject or other; empty where none."""
    match = _KEY.match(line)
    return _CLASS.get(match[1].lower(), "") if match else ""


def heading(sheet: Sheet, at: int) -> tuple[int, int] | None:
    """The first and the end line of the heading that begins at this line, or None."""
    first = key_of(sheet.lines[at])
    if first not in ("from", "date", "to", "subject"):
        return None
    classes, end = _follow(sheet, at)
    proper = {"from", "date", "to", "subject"} & classes
    if "from" in proper and len(proper) >= 3:
        evident = "subject" in proper or any(_EVIDENCE.search(line) for line in sheet.lines[at:end])
        return (at, end) if evident else None
    if {"to", "subject"} <= proper and ("date" in proper or "other" in classes):
        start = _notes_start(sheet, at)
        return (start, end) if start < at or "date" in proper else None
    return None


def heading_end(sheet: Sheet, at: int) -> int:
    """Under a line that says an earlier mail follows: the line after its heading, however short it is."""
    first = sheet.next_filled(at)
    if first >= len(sheet.lines):
        return first
    found = heading(sheet, first)
    return found[1] if found else max(_follow(sheet, first)[1], first) if key_of(sheet.lines[first]) else at


def _follow(sheet: Sheet, at: int) -> tuple[set[str], int]:
    """The fields that follow one another from here, and the line after the last."""
    classes: set[str] = set()
    end = at
    for i in range(at, min(at + _LONGEST, len(sheet.lines))):
        line = sheet.stripped[i]
        if not line:
            following = sheet.next_filled(i)
            if following - i > 1 or following >= len(sheet.lines) or not key_of(sheet.lines[following]):
                break
        elif found := key_of(sheet.lines[i]):
            if found in classes and found != "other":
                break
            classes.add(found)
            end = i + 1
        elif _wrapped(sheet.lines[i], sheet.stripped[i - 1]):
            end = i + 1
        else:
            break
    return classes, end


def _wrapped(line: str, before: str) -> bool:
    """Whether a line goes on with the value above it."""
    return line[:1].isspace() or before.endswith((",", ";")) or len(before) > 60


def _notes_start(sheet: Sheet, at: int) -> int:
    """Where a Notes heading begins: at the line with sender and date, a few lines above "To:"."""
    for i in range(at - 1, max(at - _BACK, -1), -1):
        line = sheet.stripped[i]
        if len(line) < 120 and _NOTES_DATE.search(line):
            alone = len(_NOTES_DATE.sub("", line).strip(" AMPampon,")) < 3
            return i - 1 if alone and i and 0 < len(sheet.stripped[i - 1]) < 80 else i
    return at


def rule_above(sheet: Sheet, at: int) -> int:
    """The line of the rule (____ or ----) right above, else this line."""
    for i in range(at - 1, max(at - 3, -1), -1):
        if _RULE.fullmatch(sheet.stripped[i]):
            return i
        if sheet.stripped[i]:
            break
    return at
