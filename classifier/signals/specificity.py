"""How specific an ask for contacts is: does it say whom, what kind of firm, where, and why (letter C)?"""

import re
from functools import cache
from typing import Final

from classifier.phrases import sections
from classifier.signals.phrasing import Phrases, load
from classifier.signals.sentences import split

# "in Leeds", "from Porto": a place by its capital. Days and months are none.
_PLACE: Final = re.compile(
    r"\b(?:in|near|around|from|across|at|to|of) (?:the )?(?!(?:I|Saint|St|God|Mon|Tues|Wednes|Thurs|Fri|Satur"
    r"|Sun)(?:day)?\b|January|February|"
    r"March|April|May|June|July|August|September|October|November|December|Spring|Summer|Autumn"
    r"|Winter)[A-Z][a-zà-ü]+"
)
# Two capitals in a row, or one with a firm's ending: somebody or something named.
_NAMED: Final = re.compile(
    r"(?<![.!?\n] )(?<!^)\b(?!(?:Saint|St)\b)(?:[A-Z][\w'&-]+ (?:& )?[A-Z][\w'&-]+"
    r"|(?:Mr|Mrs|Ms|Dr|Prof)\.? [A-Z]\w+)\b"
)


def details(text: str, greeting: str = "") -> frozenset[str]:
    """Which of "role", "kind", "place" and "reason" a text names. `greeting`: a line that does not count."""
    body = text.replace(greeting, "", 1) if greeting else text
    found = {h.section for s in split(body) for h in _phrases().find(s.plain)}
    if _PLACE.search(body):
        found.add("place")
    if _NAMED.search(body):
        found.add("kind")
    return frozenset(found)


def names_somebody(sentence: str) -> bool:
    """Whether a sentence names whom it is about, by name or as somebody's sister, boss or buyer."""
    return bool(
        _NAMED.search(sentence) or re.search(r" (?:to|with|of|from|meet|for) [A-Z]\w+", sentence)
    ) or any(_kin().find(s.plain) for s in split(sentence))


@cache
def _phrases() -> Phrases:
    return load("details", {s: 0.8 for s in sections("details") if s})


@cache
def _kin() -> Phrases:
    return Phrases(iter([("(your|her|his|their|the) .. <kin>", "kin", 0.8), ("(her|him)", "kin", 0.8)]))
