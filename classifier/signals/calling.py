"""By which words one letter calls a person: the names, their short forms, and what an address's initials stand for."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from classifier.phrases import sections, words
from classifier.signals.names import names_of
from classifier.signals.sentences import folded
from models.address import Mailbox

_JOINED: Final = 4  # letters from which a local part can be an initial and a family name
_SHARED: Final = 3  # letters that a pet name shares with the name ("Käthe", "Katharina")
_NO_NAME: Final = words("help-no-names")
_NO_NAMES: Final = frozenset(map(folded, _NO_NAME))
_CAPITAL: Final = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ]+(?:-[A-ZÀ-Þ][a-zß-ÿ]+)?")
_CALLING: Final = re.compile(
    r"(?:^|[\n.!?,:;–—-]\s{0,9}|\b(?:is|meet|with|copy|dear|hi|hello|hey|here's|and|for|to|mr|ms|mrs|dr)\s{1,9})$",
    re.IGNORECASE,
)
_CALLED: Final = re.compile(
    r"\s*(?:[,:;.!/&–—-]|\(|$|(?:this|meet|here|from|who|is|was|and|has|does|can|wants|needs)\b)"
)


def called_in(box: Mailbox, subject: str, text: str, taken: frozenset[str]) -> frozenset[str]:
    """The words, folded, by which this subject and text may name this person. `taken`: names of others."""
    names = (
        names_of(box, f"{subject}.\n{text}") - taken if box.name or names_of(box) else frozenset[str]()
    )  # not of a role
    names |= {piece for name in names if "-" in name for piece in name.split("-") if len(piece) > 1} - taken
    more = {short for name in names for short in _family(name)} - taken
    said = {folded(w) for w in _CAPITAL.findall(f"{subject}\n{text}")}
    near = {w for w in said if w not in names and any(_alike(w, name) for name in names)}
    if not box.name:  # "Oskar" of osk@
        longer = {w for w in said if any(len(n) >= _SHARED and w != n and w.startswith(n) for n in names)}
        near |= longer - _NO_NAMES if len(longer) == 1 else set()
    found = names | more | near
    if found.isdisjoint(said):
        found |= set(_by_initials(box, subject, text, taken))
    return frozenset(found - taken)


def _alike(word: str, name: str) -> bool:
    return min(len(word), len(name)) > _SHARED and word[:_SHARED] == name[:_SHARED] and word[-1] in "aeiy"


def _by_initials(box: Mailbox, subject: str, text: str, taken: frozenset[str]) -> Iterator[str]:
    """ "Bertrand" of b.kowalik@: a capitalised word where somebody is called, if it is the only such word."""
    initials = _initials(box)
    if not initials:
        return
    found: dict[str, tuple[str, ...]] = {}
    for part in (subject, text):
        for match in _CAPITAL.finditer(part):
            pieces = tuple(map(folded, match.group().split("-")))
            if (
                "".join(p[0] for p in pieces) in initials
                and not taken.intersection(pieces)
                and match.group() not in _NO_NAME
                and _CALLING.search(part[max(0, match.start() - 10) : match.start()])
                and _CALLED.match(part[match.end() : match.end() + 12])
            ):
                found[match.group()] = pieces
    if len(found) == 1:
        yield from next(iter(found.values()))


def _initials(box: Mailbox) -> set[str]:
    """The single letters of a display name or an address, a whole local part of two, and the "p" of "pmarch"."""
    local = folded(box.address.partition("@")[0])
    pieces = {p for source in (box.name, local) for p in re.split(r"[^\w]+|_", folded(source))}
    found = {p for p in pieces if len(p) == 1 and p.isalpha()} | ({local} if len(local) == 2 else set())
    return found or ({local[0]} if not box.name and local.isalpha() and len(local) > _JOINED else set())


def _family(name: str) -> frozenset[str]:
    return _nicknames().get(name, frozenset())


@cache
def _nicknames() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in sections("nicknames")[""]:
        family = frozenset(line.split())
        for name in family:
            found[name] = found.get(name, frozenset()) | family
    return found
