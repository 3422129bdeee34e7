"""Does a letter tell its reader whom they know? By a third person's name, and what ties the reader to them."""

import re
from functools import cache
from typing import Final

from classifier.phrases import words
from classifier.signals.names import in_capitals, marked, names_of
from classifier.signals.phrasing import Phrases, load
from classifier.signals.sentences import Sentence, folded, split
from classifier.signals.turns import Turn, find_turns
from models.mail import Mail

MAX_TEXT: Final = 8_000  # characters; a first letter says so at once
_CAPITAL: Final = re.compile(r"\b[A-ZÀ-Ý][a-zà-ÿ]+")
_TAG: Final = re.compile(
    r" , (?:(?:is|are|was|were|do|does|did|have|has) not (?:he|she|it|they|you)|(?:is|are|do|did|were) (?:he|she|it"
    r"|they|you) not|right|no|i believe|i think|am i right|if i am not mistaken) \?"
)


def find_bonds(mail: Mail) -> tuple[Turn, ...]:
    """The sentences that tell the reader whom they know, verbatim. Never raises.

    A question tells nothing, unless it tells first ("she is your cousin, isn't she?").
    """
    text = mail.own_text[:MAX_TEXT]
    said = find_turns(text, "name-drop")
    if said:
        return said
    telling = [s for s in split(text) if _tells(s) and _phrases().may_find(s.plain)]
    names = _third_persons(mail, text) if telling else frozenset[str]()
    if not names:
        return ()
    capitals = in_capitals(text)
    return tuple(
        Turn(quote=s.quote(s.start), start=s.start, end=s.end) for s in telling if _ties(s, names, capitals)
    )


def _tells(sentence: Sentence) -> bool:
    return not sentence.question or bool(_TAG.search(sentence.plain))


def _ties(sentence: Sentence, names: frozenset[str], capitals: bool) -> bool:
    return bool(_phrases().find(sentence.plain, marked(sentence, frozenset(), names, capitals)))


def _third_persons(mail: Mail, text: str) -> frozenset[str]:
    """Words with a capital that do not begin a sentence and name neither writer nor reader: likely a person."""
    present = frozenset[str]().union(*(names_of(m, text) for m in (*mail.senders, *mail.to, *mail.cc)))
    inside = (m.group() for s in split(text) for m in list(_CAPITAL.finditer(s.verbatim)) if m.start())
    return frozenset(folded(w) for w in inside if w not in words("calls", "no-names")) - present


@cache
def _phrases() -> Phrases:
    return load("turns", {"bond": 0.8}, of_names=True)
