"""Whom does a letter recommend, in which words, and does it say how well the writer knows them?"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache, partial
from typing import Final

from classifier.phrases import words
from classifier.signals.introductions import introduced_by
from classifier.signals.names import in_capitals, marked, names_of
from classifier.signals.phrasing import Phrases, load
from classifier.signals.sentences import Sentence, folded, split
from models.address import Mailbox
from models.mail import Mail
from models.past import Owner
from models.word import Word

MAX_TEXT: Final = 4_000  # characters; a good word is short
MAX_NAMED: Final = 5  # addresses in a text
_CAPITAL: Final = re.compile(r"\b[A-ZÀ-Ý][a-zà-ÿ]+\b")
_FULL: Final = re.compile(r"\b[A-ZÀ-Ý][a-zà-ÿ'’-]+(?: [A-ZÀ-Ý][a-zà-ÿ'’-]+){1,2}\b")
_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")


class Recommended(Word):
    """Somebody a letter recommends to its readers. Words are verbatim, "" where there are none."""

    person: Mailbox | None = None  # None where no address tells who it is
    name: str = ""  # first name and family name, where the text says both and no address tells who it is
    praise: str = ""
    thin: str = ""  # says that the writer hardly knows them
    known: bool = False  # says that the writer knows them well


@lru_cache(maxsize=32)
def find_recommended(mail: Mail, owner: Owner) -> tuple[Recommended, ...]:
    """The people whom a mail of the owner's recommends, with praise or assurance. Never raises.

    Praise alone is talk: the reader must be told to turn to them, or be brought together with them.
    """
    text = mail.own_text[:MAX_TEXT]
    sentences = split(text)
    praising = [s for s in sentences if _phrases("praise").may_find(s.plain)]
    if not praising:
        return ()
    persons = spoken_of(mail, owner)
    capitals = in_capitals(text)
    found = []
    for person in persons or (None,):
        names = names_of(person, text) if person else _named(mail, text)
        said = partial(_first, names=names, capitals=capitals)
        praise = said("praise", praising, hedged=False)
        if not praise:
            continue
        if any(_phrases("disclaimer").find(s.plain) for s in sentences):
            return ()
        if person or said("advice", sentences):
            thin, known = said("thin", sentences), bool(said("known", sentences))
            name = "" if person else next(iter(praised_names(mail)), "")
            found.append(Recommended(person=person, name=name, praise=praise, thin=thin, known=known))
    return tuple(found)


@lru_cache(maxsize=32)
def praised_names(mail: Mail) -> tuple[str, ...]:
    """The full names, as written, of third persons in a letter with praise; not the readers' or the writer's."""
    text = mail.own_text[:MAX_TEXT]
    if not any(_phrases("praise").may_find(s.plain) for s in split(text)):
        return ()
    present = frozenset[str]().union(*(names_of(m, text) for m in (*mail.senders, *mail.to, *mail.cc)))
    found = (m.group().split() for m in _FULL.finditer(text))
    kept = (n[1:] if folded(n[0]) in present or n[0] in words("calls", "no-names") else n for n in found)
    return tuple(
        dict.fromkeys(" ".join(n) for n in kept if len(n) > 1 and present.isdisjoint(map(folded, n)))
    )[:MAX_NAMED]


def spoken_of(mail: Mail, owner: Owner) -> tuple[Mailbox, ...]:
    """Third persons of whom a mail of the owner's speaks and whose address it gives: introduced, sent on, named."""
    introduced = introduced_by(mail, owner.addresses)
    people = {m.canonical: m for m in (introduced.people if introduced else ())}
    text = mail.own_text[:MAX_TEXT]
    for found in _ADDRESS.finditer(text) if "@" in text else ():
        box = Mailbox(name="", address=found.group().rstrip("."))
        if len(people) < MAX_NAMED and not owner.is_own(box.address):
            people.setdefault(box.canonical, box)
    return tuple(people.values())


def _named(mail: Mail, text: str) -> frozenset[str]:
    """Words with a capital that do not begin a sentence and name neither writer nor reader: likely who is meant."""
    present = frozenset[str]().union(*(names_of(m) for m in (*mail.senders, *mail.to, *mail.cc)))
    inside = (m.group() for s in split(text) for m in list(_CAPITAL.finditer(s.verbatim)) if m.start())
    return frozenset(folded(w) for w in inside if w not in words("calls", "no-names")) - present


def _first(
    section: str, sentences: Iterable[Sentence], names: frozenset[str], capitals: bool, *, hedged: bool = True
) -> str:
    """The first sentence with such words; where `hedged` is False, not one that leaves it open."""
    for sentence in sentences:
        if not _phrases(section).may_find(sentence.plain):
            continue
        line = marked(sentence, frozenset(), names, capitals)
        if _phrases(section).find(sentence.plain, line) and (
            hedged or not _phrases("hedge").find(sentence.plain, line)
        ):
            return sentence.quote(sentence.start)
    return ""


@cache
def _phrases(section: str) -> Phrases:
    return load("recommending", {section: 0.8}, of_names=True)
