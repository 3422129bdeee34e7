"""Does a first letter say who writes, and how they come to write to this reader?"""

import re
from functools import cache
from typing import Final

from classifier.signals.claims import claimed_names
from classifier.signals.names import names_of
from classifier.signals.phrasing import Phrases, load
from classifier.signals.selves import find_turned
from classifier.signals.sentences import folded
from models.mail import Mail, ZoneKind

MAX_TEXT: Final = 8_000  # characters
_NAME_WORDS: Final = 4  # of a line at the end that may be a name
_END: Final = 4  # last lines, where one signs
# What stands under a name: a telephone, a page, a firm, a post, an address.
_UNDER: Final = re.compile(
    r"\+?\d[\d /().-]{5,}|https?://|www\.|\w{1,60}\.\w{2,60}/|[|•·]|\b[\w.-]{1,64}@[\w.-]|,\s*\w+|\b(?:Ltd|GmbH|Inc|LLC)\b"
)


def says_who(mail: Mail) -> bool:
    """Whether the letter or what stands under it tells more of its writer than a name. Never raises."""
    text = mail.own_text[:MAX_TEXT]
    under = mail.zone_text(ZoneKind.SIGNATURE).strip()
    signed = [line for line in text.strip().splitlines() if line.strip()][-_END:]
    if len(under.splitlines()) > 1 or _UNDER.search(under) or any(_is_under(line) for line in signed[1:]):
        return True
    return bool(find_turned(mail).statements) or _hears("who", text)


def says_how(mail: Mail) -> bool:
    """Whether it tells how its writer comes to write, or takes up something of the reader's. Never raises.

    In a letter that nobody signed, taking up what is the reader's tells nothing of how one came upon it.
    """
    taken_up = bool(find_turned(mail).reader) and is_signed(mail)
    return taken_up or bool(claimed_names(mail)) or _hears("how", mail.own_text[:MAX_TEXT])


def is_signed(mail: Mail) -> bool:
    """Whether a letter names its writer anywhere in its text or under it: by a name, or a line at its end."""
    text = f"{mail.own_text[:MAX_TEXT]}\n{mail.zone_text(ZoneKind.SIGNATURE)}"
    said = set(map(folded, re.findall(r"[^\W\d_]+", text)))
    if mail.sender is None or said & names_of(mail.sender):
        return True
    last = text.strip().splitlines()[-1:]
    return bool(last) and len(last[0].split()) <= _NAME_WORDS and last[0].strip()[-1:] not in "?!"


def _is_under(line: str) -> bool:
    """Whether a short line at the end says who signs: "Ann Hartley, Hartley Tea"."""
    return len(line.split()) <= 8 and line.strip()[-1:] not in ".?!:," and bool(_UNDER.search(line))


def _hears(section: str, text: str) -> bool:
    return _phrases(section).stand_in(text)


@cache
def _phrases(section: str) -> Phrases:
    return load("faces", {section: 0.8})
