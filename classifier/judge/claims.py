"""A third person the writer says sends them: who is it, does the owner know them, and did they announce it?"""

import re
from dataclasses import dataclass
from typing import Final

from models.mail import Mail
from models.past import Past, Relation, Tie

_NAME: Final = r"(?P<name>(?:(?:Mr|Mrs|Ms|Dr|Prof|Professor|Sir)\.?\s+)?[A-ZÀ-Ý][\w'’-]+(?:\s+(?:van|von|de|da|der)?\s?[A-ZÀ-Ý][\w'’-]+)?)"
_CLAIMS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        _NAME
        + r"(?:\s+(?:at|from|in|of)\s+(?:the\s+)?[\w&' -]{1,30}?)?,?\s+(?:kindly\s+|just\s+|has\s+|had\s+|very\s+)?"
        r"(?:suggested|recommended|said|thought|mentioned|told me|tells me|advised|insisted|reckons|gave me your|passed me your|"
        r"passed on your|sent me|referred me|directed me|pointed me|encouraged me|speaks highly|spoke highly|says you|thinks (?:we|you|I)|"
        r"introduced me|put me on to|asked me to)\b",
        r"\b(?:at|on|following)\s+"
        + _NAME
        + r"['’]s?\s+(?:suggestion|recommendation|advice|request|urging|behest|invitation)",
        r"\b(?:referred|recommended|sent|pointed|directed|introduced)\s+(?:to you\s+|here\s+)?by\s+" + _NAME,
        r"\byour\s+(?:name|number|address|e-?mail|contact|details)\s+(?:from|through|via)\s+" + _NAME,
        r"\b(?:friend|colleague|client|neighbou?r|student|cousin|brother|sister|former \w+)\s+of\s+" + _NAME,
        r"\byour\s+(?:friend|colleague|former \w+|old \w+|neighbou?r|cousin)\s+" + _NAME,
    )
)
_NOBODY: Final = frozenset(
    "I We You He She They It The This That Who Somebody Someone People Everyone My Our Your Many One What As And But If When".split()
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed introducer: the name as written, and what history says of them."""

    name: str
    relation: Relation | None = None  # None: nobody of that name is known

    @property
    def established(self) -> bool:
        return self.relation is not None and self.relation.tie.at_least(Tie.ESTABLISHED)

    @property
    def standing(self) -> str:
        """In words, for the reason."""
        if self.relation is None:
            return f"no {self.name} is known to you, and nobody announced it"
        if self.established:
            return f"you know {self.name}, who did not announce it"
        return f"{self.name} is no one you are in touch with, and did not announce it"


def claimed_introducer(mail: Mail, past: Past) -> Claim | None:
    """The first third person the own text leans on, the best known first; None where it leans on nobody."""
    text = f"{mail.subject}\n{mail.own_text[:4000]}"
    sender = mail.sender
    own = set(re.findall(r"\w+", sender.name)) if sender else set()
    claims = []
    for pattern in _CLAIMS:
        for match in pattern.finditer(text):
            name = " ".join(match.group("name").split())
            if name.split()[0] not in _NOBODY and not own & set(re.findall(r"\w+", name)):
                claims.append(Claim(name, _known(name, past)))
    return max(claims, key=lambda c: c.relation.tie.rank if c.relation else -1, default=None)


def _known(name: str, past: Past) -> Relation | None:
    wanted = [
        w
        for w in re.findall(r"[\w'’-]+", name)
        if w.rstrip(".") not in ("Mr", "Mrs", "Ms", "Dr", "Prof", "Professor", "Sir")
    ]
    found = []
    for address, relation in past.relations.items():
        words = {
            w.lower()
            for w in re.findall(r"[\w'’-]+", relation.name or address.partition("@")[0].replace(".", " "))
        }
        if wanted and all(w.lower() in words for w in wanted) and relation.tie is not Tie.UNKNOWN:
            found.append(relation)
    return max(found, key=lambda r: r.tie.rank, default=None)
