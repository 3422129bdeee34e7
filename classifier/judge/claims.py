"""A third person who, the writer says, sends them: does the owner know them, and did they announce it?"""

from dataclasses import dataclass

from classifier.signals.claims import claimed_names, known_by, name_words
from models.mail import Mail
from models.past import Past, Relation, Tie


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed introducer: the name as written, and what history says of them."""

    name: str
    relation: Relation | None = None  # None: nobody of that name is known
    colleague: bool = False

    @property
    def established(self) -> bool:
        """An established person, or a colleague, whose word a claim may lean on."""
        return self.colleague or (self.relation is not None and self.relation.tie.at_least(Tie.ESTABLISHED))

    @property
    def standing(self) -> str:
        """In words, for the reason."""
        if self.relation is None:
            return f"no {self.name} is known to you, and nobody announced it"
        if self.established:
            return f"you know {self.name}, who did not announce it"
        return f"{self.name} is no one you are in touch with, and did not announce it"


def claimed_introducer(mail: Mail, past: Past) -> Claim | None:
    """The third person the letter leans on, the best known first; None where it leans on nobody."""
    claims = [_claim(name, past) for name in claimed_names(mail)]
    return max(claims, key=lambda c: (c.colleague, c.relation.tie.rank if c.relation else -1), default=None)


def _claim(name: str, past: Past) -> Claim:
    wanted = {w.lower() for w in name_words(name)}
    best = Claim(name)
    for address, relation in past.relations.items():
        colleague = past.owner.is_internal(address)
        if wanted <= known_by(relation.name, address) and (colleague or relation.tie is not Tie.UNKNOWN):
            claim = Claim(name, relation, colleague)
            if best.relation is None or claim.colleague or relation.tie.rank > best.relation.tie.rank:
                best = claim
    return best
