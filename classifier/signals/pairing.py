"""Does a text bring two people together? Signs and points: names, whom it turns to, how it speaks of them.

Who introduces turns to each by name and speaks of the other as of somebody new; colleagues on a matter speak
of dates and papers. No sign suffices alone but the acts themselves ("meet Mira").
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Final

from classifier.phrases import sections
from classifier.signals.calling import called_in
from classifier.signals.names import (
    OTHER,
    READER,
    TITLES,
    full_name,
    in_capitals,
    marked,
    names_of,
    turned,
)
from classifier.signals.phrasing import Phrases, load
from classifier.signals.sentences import Sentence, folded, split
from models.address import Mailbox

ENOUGH: Final = 2.4  # points from which two people are brought together
_DESCRIBED: Final = 1.0
_FULL_NAME: Final = 1.2
_BOTH_DESCRIBED: Final = 1.2
_TO_READER: Final = 1.0  # "Ines, Mira thinks about glue": the reader is told of the other
_TO_OTHER: Final = 1.5  # "Mira, Ines runs the quarry": a copied person is told of the reader
_BOTH_WAYS: Final = 0.7
_IN_FRONT: Final = 1.2  # "Mira, be gentle, she pays late"
_EACH: Final = 0.5  # both are turned to, one after the other
_PAIR: Final = 1.9  # a sentence of the two names and nothing else
_LABELS: Final = 1.2  # "Mina, piano. Yuna, cello."
_SUBJECT: Final = 3.0
_SUBJECT_NAME: Final = 0.7
_INTRODUCED: Final = 2.0
_LED: Final = 1.6  # a subject that begins with the other's name and says who it is, or nothing else
_FEW_WORDS: Final = 3  # beside the names, in a subject that is about the two

_MARK: Final = "(?:thereader|theother)"
_LEAD: Final = (
    r"(?:(?:dear|hi|hello|hey|yo|and|so|oh|my|ciao|hallo|cara|caro|good|day|morning|evening|prof|dr|mr|mrs|ms|"
    r"miss|sister|p|s|ps|ola|hola|bonjour|salut|hei|hej|kia|ora|now|ok|right|well|this|our) )*"
)
_OPENING: Final = re.compile(
    rf"^ {_LEAD}({_MARK}) (?:\( [^)]{{1,40}} \) )?(?:my )?"
    rf"(?:(?:dear|love|mate|bro|san|darling|sister|brother|old) )?(?:friend )?"
    rf"(?:[,:;-] |(?=(?:you|this|here|say|meet|he|she) ))"
)
_SECOND: Final = re.compile(
    rf"^ {_LEAD}{_MARK} (?:san )?(?:, |and )?(?:dear )?{_MARK} (?:san )?(?:[,:.-] |$)"
)
_CLOSING: Final = re.compile(rf" , ({_MARK}) (?:[.!?,;] |$)")
_LABEL: Final = re.compile(
    rf"^ {_LEAD}({_MARK}) [,:-] (?!(?:please|no|yes|can|will|do|not|see) )(?:[^ .?!]+ ){{1,6}}[.!] $"
)
_PRONOUN: Final = re.compile(r" (?:he|she|him|her|his|hers) ")
_NAMES_ONLY: Final = re.compile(
    rf"^ {_MARK} (?:[,/:.-] )?{_MARK} (?:[.!] )?(?:, {_MARK} {_MARK} )?$|^ {_MARK} / {_MARK} [:-] "
)
# "Mira, who …", "Mira is a …", "Mira grinds": somebody described. What follows is no description.
_DESCRIPTION: Final = re.compile(
    r" theother (?:\( [^)]{1,40} \) )?(?:, )?(?:'s (?:an?|the|in|on|from|got|lost|[a-z]+ing|your|our|my) |"
    r"who (?!(?:will|would|can|could|is going|asked|has asked|sent|said) )"
    r"|(?:is|was) (?:an?|the|my|our|one|new|from|doing|breaking|landing|in copy) |ran |wrote |did |"
    r"has [a-z0-9]+ |used to |(?!(?:is|has|was|does|says|needs|wants|asks|sends|arrives|comes|brings|signs|lands|goes|"
    r"agrees|loads|gets|leaves|wins|serves|reports|drives|waits|accepts|plays|sits|pays|this|as|yes|thanks|days|orders|washes"
    r") )[a-z]{2,}(?:s|es) )"
)
# "Femi. He reads them for fun": the same of the one named before.
_OF_THEM: Final = re.compile(
    r" (?:he|she) (?:is (?:an?|the|my|our|new|just) |used to |ran |knows |(?!(?:is|has|was|does|says|needs|wants|asks|"
    r"sends|comes|brings|goes|gets|leaves|agrees|thinks|gives|this|his|always|perhaps|sometimes|accepts|signs|pays|waits|"
    r"hopes|feels|expects|plans|arrives|starts) )[a-z]{2,}s )"
)
_BETWEEN: Final = r"(?:\s*(?:/|<>|<->|[×x+&|–—-]|->|,|:|\.|\bmeets?\b|\bthis is\b|\band\b|\bfor\b)\s*)+"
# Beside these signs the unknown one is the reader, under a name that no address gives away.
_BESIDE: Final = re.compile(r"[^\W\d_]{2,40} (?:<>|<->|↔) TWO\b|\bTWO (?:<>|<->|↔) [^\W\d_]{2,}")
_LEADING: Final = re.compile(r"^TWO(?:$| ?[(,:–—-]| (?:from|with|for|at|of|the|who|in|on)\b)")
_NAMED: Final = re.compile(r"(?i)\b(?:meet|introducing|introduction|intro|connecting you)\b.{0,12}\bTWO\b")
_ROUTINE: Final = re.compile(
    r"(?i)\b(?:sync|weekly|1:1|meeting|call|catch[- ]?up|standup|minutes|agenda|invoice)\b"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """How much a text brings two people together, in points, and where it does (-1: in the subject)."""

    points: float
    at: int


@dataclass(frozen=True, slots=True)
class _Line:
    sentence: Sentence
    plain: str  # the second person is "theother"
    turned: str  # the first person is "theother"


@cache
def _phrases() -> Phrases:
    certainties = {s: 1.0 for s in sections("introducing") if s and not s.startswith("no-")}
    return load("introducing", certainties, of_names=True)


def pair(subject: str, text: str, one: Mailbox, two: Mailbox) -> Pair:
    """The signs that a text, written to both, makes `two` known to `one` or `one` to `two`."""
    names = called_in(one, subject, text, names_of(two))
    others = called_in(two, subject, text, names)
    capitals = in_capitals(text)
    lines = [_line(s, names, others, capitals) for s in split(text)]
    named = any(" theother " in line.plain for line in lines)
    in_subject = _of_subject(subject, names, others)
    if not others:  # nobody's address
        return Pair(0.0, 0)
    said, at = _said([*lines, *_headline(subject, names, others)])
    if not named and in_subject < _LED and said < (ENOUGH - in_subject):
        return Pair(0.0, 0)
    points = said + in_subject + _described(lines) + _turns(lines) + _alone(lines)
    if full_name(two, others, text):
        points += _FULL_NAME
    return Pair(points, -1 if in_subject >= _SUBJECT else at)


def _line(sentence: Sentence, names: frozenset[str], others: frozenset[str], capitals: bool) -> _Line:
    plain = marked(sentence, names, others, capitals)
    return _Line(sentence, plain, turned(plain))


def _headline(subject: str, names: frozenset[str], others: frozenset[str]) -> list[_Line]:
    return [_line(replace(s, start=-1), names, others, capitals=True) for s in split(subject[:200])]


def _said(lines: Sequence[_Line]) -> tuple[float, int]:
    """The points of the phrases, each section's strongest once, and where the strongest stands."""
    best: dict[str, float] = {}
    at, most = (lines[0].sentence.start if lines else 0), 0.0
    for line in lines:
        plain = line.sentence.plain
        turned = _phrases().find(plain, line.turned) if line.turned != line.plain else ()
        for hit in (*_phrases().find(plain, line.plain), *turned):
            if abs(hit.certainty) > abs(best.get(hit.section, 0.0)):
                best[hit.section] = hit.certainty
            if hit.certainty > most:
                at, most = line.sentence.start, hit.certainty
    return sum(best.values()), at


def _described(lines: Sequence[_Line]) -> float:
    """Points for one of the two described as to somebody who does not know them, and for both."""
    two = any(_DESCRIPTION.search(line.plain) for line in lines) or _spoken_of(lines)
    one = any(_DESCRIPTION.search(line.turned) for line in lines)
    return _DESCRIBED * (one or two) + _BOTH_DESCRIBED * (one and two)


def _spoken_of(lines: Sequence[_Line]) -> bool:
    """Whether the other, once named, is described as "he" or "she" in that sentence or the next."""
    texts = [line.plain for line in lines]
    return any(
        " theother " in text and _OF_THEM.search(f"{text.partition(' theother ')[2]} {after}")
        for text, after in zip(texts, (*texts[1:], ""), strict=True)
    )


def _turns(lines: Sequence[_Line]) -> float:
    """Points for turning to one by name and speaking of the other as a third person."""
    to_one = to_two = in_front = False
    called, turned_to = "", set[str]()
    for line in lines:
        if _SECOND.match(line.plain):
            called = ""
            continue
        opening, closing = _OPENING.match(line.plain), _CLOSING.search(line.plain)
        if vocative := opening or closing:
            called = vocative.group(1)
            turned_to.add(called)
        rest = line.plain.replace(f" {called} ", " ") if called else line.plain
        to_one |= called == "thereader" and " theother " in rest
        to_two |= called == "theother" and " thereader " in rest
        in_front |= called == "theother" and bool(_PRONOUN.search(rest))
    return (
        _TO_READER * to_one + _TO_OTHER * to_two + _BOTH_WAYS * (to_one and to_two)
        + _IN_FRONT * (in_front and not to_two) + _EACH * (turned_to >= {"thereader", "theother"})
    )  # fmt: skip


def _alone(lines: Sequence[_Line]) -> float:
    """Points for sentences of the two names only: "Eudora, Maude. Maude, Eudora."."""
    found = [
        line for line in lines
        if _NAMES_ONLY.match(line.plain)
        and (line.sentence.verbatim[-1:] in ".!" or " / " in line.plain or line.plain.count("theother") > 1)
    ]  # fmt: skip
    apart = any({a.plain.strip(" .!"), b.plain.strip(" .!")} == {READER, OTHER} for a, b in pairwise(lines))
    labelled = {m.group(1) for line in lines if (m := _LABEL.match(line.plain))}
    return (_LABELS if len(labelled) > 1 else 0.0) + _PAIR * min(
        len(found) + any(x.plain.count("theother") > 1 for x in found) + apart, 2
    )


def _of_subject(subject: str, names: frozenset[str], others: frozenset[str]) -> float:
    """Points for a subject that sets the two names side by side, or says the other's."""
    plain = " ".join(_of_names(subject, names, others))
    beside = re.search(rf"\bONE\b{_BETWEEN}\bTWO\b|\bTWO\b{_BETWEEN}\bONE\b", plain)
    more = len(re.findall(r"[^\W\d_]{2,}", re.sub(r"ONE|TWO", "", plain)))
    if beside and more <= _FEW_WORDS and not _ROUTINE.search(plain):
        return _SUBJECT
    if _BESIDE.search(plain) and more <= _FEW_WORDS:
        return _SUBJECT
    if _NAMED.search(plain):
        return _INTRODUCED
    return _LED if _LEADING.search(plain) else _SUBJECT_NAME if "TWO" in plain else 0.0


def _of_names(subject: str, names: frozenset[str], others: frozenset[str]) -> list[str]:
    found: list[str] = []
    for token in re.findall(r"[\w'’]+|[^\w\s]+", subject):
        word = folded(token)
        if word in TITLES or word == "san":
            continue
        mark = "TWO" if word in others else "ONE" if word in names or (not found and word == "you") else token
        if found[-1:] != [mark]:
            found.append(mark)
    return found
