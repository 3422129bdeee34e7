"""One mail asks for three different things or more.

## What it catches
Asks of three or more kinds in one mail, to somebody below an established acquaintance.

## Why it hurts
Each ask makes the others weigh more, and the reader does not know where to begin (letter C).

## Example
> Could we have a coffee? Would you look over my CV? And whom do you know at the museums?

## Do this instead
Choose the one that matters most, and ask it alone.

## Exceptions
Established friends; colleagues; what role mailboxes are there for; what they asked for in their last mail.
"""

from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_asks
from classifier.signals.recipients import addressed, may_ask, shown
from models.finding import Ask, Remark
from models.mail import Envelope, Mail
from models.past import Past, Tie

MANY: Final = 3  # kinds
_LIKELY: Final = 0.6


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    kinds: dict[str, dict[Ask, str]] = {}
    for span in find_asks(mail):
        if span.certainty >= _LIKELY:
            for person in addressed(mail, envelope, past.owner, span):
                if not past.tie(person).at_least(Tie.ESTABLISHED) and not may_ask(person, span.ask, past):
                    kinds.setdefault(person, {}).setdefault(span.ask, span.quote)
    people = tuple(p for p, asked in kinds.items() if len(asked) >= MANY)
    if people:
        asked = kinds[people[0]]
        yield Remark(
            message=f"You ask {shown(mail, people[0], past.relation(people[0]).name)} for {len(asked)} different "
            f"things at once ({', '.join(asked)}).",
            advice="Choose the one that matters most, and ask it alone.",
            quote=next(iter(asked.values())),
            certainty=0.8,
            people=people,
        )
