"""Text too small or too pale to see: an element says so, and an element inside it can show it again."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

TINY: Final = 1
PALE: Final = 2

_DARK: Final = 0xF0  # a channel below it can be told from white
# Each begins with letters of one case, so that a megabyte of lower-cased HTML is looked through in a millisecond.
_SUSPECTS = (
    re.compile(r"font-size\s*+:\s*+(?:0|1p|\.|1\.)"),
    re.compile(
        r"color(?<!ground-color)(?<!bgcolor)\s*+[:=]\s*+[\"']?\s*+"
        r"(?:#[ef]{3}\b|#[ef]\w[ef]\w[ef]\w|white|snow|ivory|transparent|rgba?\(\s*+2[45])"
    ),
)
_GROUND = re.compile(r"(?:background(?:-color|-image)?|bgcolor)\s*+[:=]\s*+[\"']?\s*+([^\"';>}]*+)")
_FONT_COLOUR = re.compile(r"(?<![\w-])color\s*+=\s*+[\"']?\s*+([#\w]++)", re.I)
_CHANNELS = re.compile(r"rgba?\(\s*+(\d++)[\s,]++(\d++)[\s,]++(\d++)[^)]*+\)")
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{0,6})?|\.\d{1,6})(px|pt|em|rem|%)?")
_UNSEEN = {"px": 1.5, "pt": 1.5, "em": 0.1, "rem": 0.1, "%": 10.0, "": 0.0}  # up to this size nobody reads it
_PLAIN = frozenset(("", "none", "transparent", "inherit", "initial", "unset"))


class Faint(NamedTuple):
    """What an element changes for the text inside it: bits that begin to hold, and bits that no longer do."""

    hides: int = 0
    shows: int = 0


class Ground(NamedTuple):
    """What a mail is written on, and whether anything in it could be too small or too pale to see."""

    suspect: bool = False
    white: bool = True  # nowhere coloured: where any part is, white text may lie on it


def read_ground(source: str) -> Ground:
    """Looks at the whole source once; most mail says at a glance that nothing in it is faint."""
    source = source.lower()
    if not any(suspect.search(source) for suspect in _SUSPECTS):
        return Ground()
    return Ground(True, all(_is_ground_plain(match[1]) for match in _GROUND.finditer(source)))


def faintness(said: Mapping[str, str], attributes: str, *, white: bool) -> Faint:
    """What the declarations and attributes of an element do to its text; `white`: the mail's ground is."""
    hides = shows = 0
    if size := said.get("font-size", ""):
        hides, shows = (TINY, 0) if _is_tiny(size) else (0, TINY)
    elif said.get("font"):
        shows = TINY
    ground = said.get("background-color", "") or said.get("background", "")
    colour = said.get("color", "") or _attribute(attributes)
    if colour and _is_pale(colour, ground, white=white):
        hides |= PALE
    elif colour or not _is_ground_plain(ground):
        shows |= PALE
    return Faint(hides, shows)


def _is_tiny(size: str) -> bool:
    match = _SIZE.fullmatch(size)
    return match is not None and float(match[1]) <= _UNSEEN[match[2] or ""]


def _attribute(attributes: str) -> str:
    found = _FONT_COLOUR.search(attributes)
    return found[1].lower() if found else ""


def _is_pale(colour: str, ground: str, *, white: bool) -> bool:
    if colour == "transparent":
        return True
    shade, under = _channels(colour), _channels(ground)
    if shade is None:
        return False
    if under is None:
        return white and _is_white(shade)
    return shade == under or (_is_white(shade) and _is_white(under))


def _is_white(shade: tuple[int, int, int] | None) -> bool:
    return shade is not None and min(shade) >= _DARK


def _is_ground_plain(ground: str) -> bool:
    ground = ground.replace("!important", "").strip().lower()
    return ground in _PLAIN or _is_white(_channels(ground))


def _channels(colour: str) -> tuple[int, int, int] | None:
    """Red, green and blue of a colour, 0 to 255; None for what is none or only has a name."""
    word = colour.partition(" ")[0] if not colour.startswith("rgb") else colour
    if word in ("white", "snow", "ivory"):
        return 255, 255, 255
    if match := _CHANNELS.fullmatch(word):
        red, green, blue = (min(int(part[:4]), 255) for part in match.groups())
        return red, green, blue
    digits = word.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    if word == digits or len(digits) != 6 or not all(digit in "0123456789abcdef" for digit in digits):
        return None
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
