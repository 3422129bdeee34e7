"""The line above quoted mail that says who wrote it, in several languages: "On 3 May, Ann Hartley wrote:"."""

import re

from classifier.reading.zones.sheet import OWN, Sheet

_WROTE = re.compile(
    r"(?:\b(?:wrote|writes?|said|says|mentioned|included|schrieb|geschrieben|schreef|escribió|escreveu|"
    r"a écrit|ha scritto|scrisse|skrev|napsala?|napisała?|pisze|kirjoitti)\b|写道|書きました|작성)"
    r"[^:：\n]{0,80}[:：]$",
    re.I,
)
_BEGIN = re.compile(
    r"[-*_ ]{0,6}(?:on|at|in|am|le|el|il|op|den|dne|dnia|em|w dniu|quoting|zitat von|--- in|quoth)\b", re.I
)
_MOMENT = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[:.h]\d\d|@")
_ADDRESS = re.compile(r"<[^<>\s]{1,100}@[^<>\s]{1,100}>:$")
_LINES = 4  # an attribution may be wrapped over so many lines
_WIDEST = 300


def attribution(sheet: Sheet, at: int) -> tuple[int, bool] | None:
    """Whether the line ends an attribution: where it begins, and whether all that follows is quoted.

    Followed by quoted lines, nearly any such line is one. Followed by bare text it must say when or from
    which address, since "as Smith wrote:" may stand in a letter.
    """
    line = sheet.stripped[at]
    if len(line) > _WIDEST or not (_WROTE.search(line[-160:]) or _ADDRESS.search(line[-220:])):
        return None
    start = _beginning(sheet, at)
    following = sheet.next_filled(at + 1)
    if following < len(sheet.lines) and _is_quoted(sheet, following):
        return (at if start is None else start), False
    if start is None:
        return None
    whole = " ".join(sheet.stripped[start : at + 1])
    return (start, True) if _MOMENT.search(whole) else None


def _beginning(sheet: Sheet, at: int) -> int | None:
    for i in range(at, max(at - _LINES, -1), -1):
        line = sheet.stripped[i]
        if not line or len(line) > _WIDEST or sheet.kinds[i] is not OWN:
            return None
        if _BEGIN.match(line):
            return i
    return None


def _is_quoted(sheet: Sheet, at: int) -> bool:
    return sheet.stripped[at][:1] in (">", "|") or sheet.kinds[at] is not OWN
