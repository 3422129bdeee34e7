"""The case and the opinion: what is weighed, and what is thought of it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from classifier.judge.taste import Taste
from classifier.signals.agreement import PLAIN, likeliest
from classifier.signals.recipients import role_of
from classifier.signals.sentences import said_once
from classifier.signals.wants import find_wants
from models.address import canonical
from models.finding import Ask, AskSpan
from models.mail import Mail
from models.past import Past, Relation
from models.verdict import Disposition

LETTER: Final = 25  # sentences of a letter; longer texts are documents
_MAX_TEXT: Final = 20_000
# What a role mailbox is there for: asks of these kinds, sent to it, are not cold.
_ROLE_ASKS: Final = {
    "jobs": (Ask.JOB,),
    "press": (Ask.FAVOUR,),
    "events": (Ask.FAVOUR,),
    "partners": (Ask.BUSINESS,),
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is thought of a mail: the verdict's core. `rule` names the finding, "" for none."""

    disposition: Disposition
    probability: float  # that it is a cold ask
    reason: str
    ask: AskSpan | None = None
    rule: str = ""
    asks: tuple[AskSpan, ...] = ()
    because: tuple[str, ...] = ()  # the strongest reasons in the text, in words


@dataclass(frozen=True, slots=True)
class Case:
    """A mail with the past, its sender's relation and the threshold above which it is filed.

    `taste` is what the user's corrections changed, None where nothing.
    """

    mail: Mail
    past: Past
    relation: Relation
    file_above: float
    taste: Taste | None = None

    @property
    def who(self) -> str:
        assert self.mail.sender is not None
        return canonical(self.mail.sender.address)

    def invited(self) -> frozenset[Ask]:
        """The kinds that the owner's last mail to them asked for ("send me your CV")."""
        return frozenset(a for i in self.past.invitations if i.whom == self.who for a in i.asks)

    def lifted(self) -> frozenset[Ask]:
        """The kinds that a role mailbox written to is there for."""
        boxes = [b.address for b in self.mail.to if self.past.owner.is_internal(b.address)]
        return frozenset(a for b in boxes for a in _ROLE_ASKS.get(role_of(b) or "", ()))

    def asks_a_mailbox_for_its_own(self) -> bool:
        """Whether it asks a role mailbox for what that is there for, whatever else it may ask."""
        lifted = self.lifted()
        return bool(lifted) and any(a.ask in lifted for a in find_wants(self.mail))

    def wants(self) -> tuple[AskSpan, ...]:
        """The asks that nobody invited and no role mailbox is there for.

        They are less sure in a long text: a document holds every word by accident.
        """
        sentences = len(said_once(self.mail.own_text[:_MAX_TEXT]))
        tone = min(1.0, (LETTER / max(sentences, 1)) ** 0.5)
        return tuple(
            a.model_copy(update={"certainty": a.certainty * tone})
            for a in find_wants(self.mail)
            if a.ask not in self.invited() | self.lifted()
        )

    def asks_plainly(self, kinds: Collection[Ask] = tuple(Ask)) -> bool:
        """Whether something of these kinds is asked in so many words, whatever else and however much is said."""
        unheard = self.mail.model_copy(update={"heard": None})
        lifted = self.invited() | self.lifted()
        return any(
            a.certainty >= PLAIN and a.ask in kinds and a.ask not in lifted
            for mail in (self.mail, unheard)
            for a in find_wants(mail)
        )

    def faint(self) -> AskSpan | None:
        """Where no ask is sure: the sentence that the model hears ask most, for the reason to quote."""
        return likeliest(self.mail.heard, self.mail.own_text) if self.mail.heard else None
