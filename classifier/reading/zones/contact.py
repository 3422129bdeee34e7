"""Single lines of signatures: a name, a post or telephone number, a standing line, or none of these."""

import re

from classifier.phrases import sections, words

_CONTACT = re.compile(
    r"\+?\(?\d[\d().\-/ ]{6,20}\d|https?://|\bwww\.|\w@\w|\w\.(?:com|org|net|io|co|example|edu|de|uk|eu|fr)\b"
    r"|\b(?:tel|phone|ph|mobile|mob|cell|fax|direct|office|skype|linkedin|twitter|e-?mail|web|blog)\b\s?[:.#(]"
    r"|\s[|•·]\s|\b(?:ltd|llc|inc|gmbh|llp|plc|corp|ag|s\.a|b\.v)\b"
    r"|\b(?:street|road|rd\.|avenue|ave|suite|floor|p\.?o\.? box|strasse|straße|rue)\b"
    r"|\b(?:university|department|institute|college)\b"
    r"|\b[A-Z]{2} \d{5}\b",
    re.I,
)
_LONGEST = 200  # characters of a line
_ROLES = words("roles")
_STANDING = sections("standing-lines")[""]
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_SENTENCE = 7  # words; shorter lines without "?" are labels
_NAME_WORDS = 5


def is_name(line: str, names: tuple[str, ...], *, any_name: bool = False) -> bool:
    """Whether a line is one of the sender's names, in whole or part; `any_name`: or looks like anybody's."""
    if len(line) > 50 or line.endswith(("?", "!", ":", ";")):
        return False
    found = _WORD.findall(line)
    if not found or len(found) > _NAME_WORDS or _CONTACT.search(line):
        return False
    said = {word.lower() for word in found}
    for name in names:
        known = {word.lower() for word in _WORD.findall(name)}
        if known and (said <= known or (len(known) > 1 and known <= said)):
            return True
    return any_name and len(found) <= 4 and all(w[0].isupper() or len(found) == 1 for w in found)


def is_contact(line: str) -> bool:
    """A post, firm, address, telephone number or link, without a sentence around it."""
    if len(line) > _LONGEST:
        return False
    found = _WORD.findall(line)
    small = sum(word.islower() for word in found)
    if small > 4 and "|" not in line and "•" not in line:
        return False
    return bool(_CONTACT.search(line)) or any(word.lower() in _ROLES for word in found)


def says_something(line: str) -> bool:
    """A question, or words enough for a sentence."""
    found = _WORD.findall(line)
    small = sum(word.islower() for word in found)
    return "?" in line or (len(found) >= _SENTENCE and small >= 3) or small >= 4


def is_standing(line: str) -> bool:
    """A line that stands under every letter: a pull line, a motto in quotes, a plea to save paper."""
    text = line.lower().strip("*_~ ")
    return text[:1] in "\"“'»«" or any(phrase in text for phrase in _STANDING)
