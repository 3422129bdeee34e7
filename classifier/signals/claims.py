"""Whom does a letter lean on: the third persons who, it says, send the writer ("Mark suggested I write")."""

import re
from itertools import chain
from typing import Final

from classifier.phrases import words
from classifier.signals.sentences import split
from models.mail import Mail

MAX_TEXT: Final = 4_000  # characters; a claim stands at the beginning
_TITLE: Final = r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Professor|Sir|Pastor|Father|Chef)\.?\s+)?"
_WORD: Final = r"[A-ZÀ-Ý][\w'’-]{1,40}"
_NAME: Final = rf"(?P<name>{_TITLE}{_WORD}(?:\s+(?:(?:van|von|de|da|der)\s+)?{_WORD})?)"
_PLACE: Final = r"(?:\s+(?:at|from|in|of|over at)\s+(?:the\s+)?[\w&' -]{1,30}?)?"
_SAYS: Final = (
    r"(?:suggested|recommended|insisted|advised|figured|reckons|reckoned|urged|encouraged me|told me|"
    r"tells me|said (?:you|we|I|to)|says (?:you|we|I|to)|thought (?:you|we|I|that|it|\w+ would)|"
    r"thinks (?:you|we|I|that)|mentioned (?:you|that|your|to)|gave me your|passed me your|passed on your|"
    r"shared your|sent me|referred me|directed me|pointed me|introduced me|put me on to|asked me to|"
    r"speaks highly|spoke highly|sends (?:his|her|their))"
)
_CLAIMS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_NAME}{_PLACE},?\s+(?:kindly\s+|just\s+|has\s+|had\s+|very\s+)?{_SAYS}\b",
        rf"\b(?i:at|on|following|upon)\s+{_NAME}['’]s?\s+(?:suggestion|recommendation|advice|request|urging|behest)",
        rf"\b(?i:referred|recommended|sent|pointed|directed|introduced)\s+(?:to you\s+|here\s+)?by\s+{_NAME}",
        rf"\b[Yy]our\s+(?:name|number|address|e-?mail|contact|details)\s+(?:from|through|via)\s+{_NAME}",
        rf"\b(?i:friend|colleague|client|neighbou?r|student|cousin|brother|sister|former \w+)\s+of\s+{_NAME}",
        rf"\b[Yy]our\s+(?:friend|colleague|former \w+|old \w+|neighbou?r|cousin)\s+{_NAME}",
    )
)
_NO_NAMES: Final = words("calls", "no-names")


def claimed_names(mail: Mail) -> tuple[str, ...]:
    """The names, as written, of the third persons a letter leans on; not the writer's own. Never raises."""
    sentences = (mail.subject, *(s.verbatim for s in split(mail.own_text[:MAX_TEXT])))
    own = {w.lower() for m in mail.senders for w in re.findall(r"\w+", m.name)}
    found: dict[str, None] = {}
    for pattern in _CLAIMS:
        for match in chain.from_iterable(map(pattern.finditer, sentences)):
            name = " ".join(match.group("name").split())
            words = name_words(name)
            if words and words[0] not in _NO_NAMES and not own & {w.lower() for w in words}:
                found[name] = None
    return tuple(found)


def name_words(name: str) -> list[str]:
    """The words of a name without its title: what a known person's name must hold."""
    return [w for w in re.findall(r"[\w'’-]+", re.sub(rf"^{_TITLE}", "", name)) if len(w) > 1]


def known_by(name: str, address: str) -> frozenset[str]:
    """The words, in small letters, by which somebody may be named: of their name, else of their address."""
    return frozenset(re.findall(r"[\w'’-]+", (name or address.partition("@")[0]).lower()))
