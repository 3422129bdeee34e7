"""An early ask leans on one meeting, a social network or a newsletter.

## What it catches
An ask above its tie that refers to having met once, being connected on a network, a card, a lecture, a
webinar or a newsletter.

## Why it hurts
Being connected, or holding a business card, is not knowing (letter B).

## Example
> We met briefly at the fair. Could you introduce me to your head of purchasing?

## Do this instead
Take up what you talked about when you met, or what you heard, and ask nothing yet.

## Exceptions
People who have answered you before; letters without an ask; what they asked for.
"""

from collections.abc import Iterator
from typing import Final

from classifier.policy import MATRIX
from classifier.rulebook import outgoing
from classifier.signals.asks import find_every_ask
from classifier.signals.recipients import addressed, may_ask, shown
from classifier.signals.turns import find_turns
from models.finding import Effect, Remark
from models.mail import Envelope, Mail
from models.past import Past, Tie

LIKELY: Final = 0.5


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    leans = find_turns(mail.own_text, "thin")
    # Such a letter sounds like one to an acquaintance; so what is asked counts, whatever the letter sounds like.
    for span in find_every_ask(mail) if leans else ():
        people = tuple(
            p
            for p in addressed(mail, envelope, past.owner, span)
            if MATRIX[span.ask][past.tie(p)].rank >= Effect.WARN.rank
            and not past.tie(p).at_least(Tie.ANSWERED)
            and not may_ask(p, span.ask, past)
        )
        if people and span.certainty >= LIKELY:
            yield Remark(
                message=f"Your ask to {shown(mail, people[0], past.relation(people[0]).name)} leans on "
                f"“{leans[0].quote}”; that is not yet knowing each other.",
                advice="Take up what you talked about or heard, and ask nothing yet.",
                quote=leans[0].quote,
                certainty=min(span.certainty, 0.8),
                ask=span.ask,
                people=people,
            )
            return
