"""A referral or introduction is asked for under pressure, or with a freebie as bait.

## What it catches
Scarcity, urgency, a discount or a free session in or beside an ask for a referral or an introduction.

## Why it hurts
Networking has a purpose but leaves room. Push-marketing templates work with false scarcity and bait, and the
reader would pass both on in their own name (letter A).

## Example
> Could you send this to your friends? I book up fast, and their first session is free.

## Do this instead
Leave the pressure and the bait out; say what you do, and leave the choice to them.

## Exceptions
A date that belongs to the matter and stands elsewhere in the letter; offers to the reader without an ask.
"""

from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_asks
from classifier.signals.recipients import addressed, shown
from classifier.signals.turns import find_sent_round, find_turns, near
from models.finding import Ask, Remark
from models.mail import Envelope, Mail
from models.past import Past

LEFT_ROOM: Final = frozenset({Ask.REFERRAL, Ask.INTRODUCTION})
_PLAIN: Final = 0.75  # a day is a deadline in what is plainly an ask


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    turns = (*find_turns(mail.own_text, "pressure"), *find_turns(mail.own_text, "freebie"))
    hours = find_turns(mail.own_text, "deadline")
    if not turns and not hours:
        return
    spans = [s for s in find_asks(mail) if s.ask in LEFT_ROOM]
    for span in (*spans, *find_sent_round(mail.own_text)):
        turn = near(mail.own_text, span.start, span.end, turns)
        if turn is None and span.certainty >= _PLAIN:
            turn = next((h for h in hours if span.start <= h.start < span.end), None)
        people = tuple(
            p for p in addressed(mail, envelope, past.owner, span) if not past.owner.is_internal(p)
        )
        if turn and people:
            yield Remark(
                message=f"Your ask to {shown(mail, people[0], past.relation(people[0]).name)} comes with "
                f"pressure or bait: “{turn.quote}”.",
                advice="Leave that out: say what you do, and leave the choice to them.",
                quote=turn.quote,
                certainty=min(span.certainty, 0.8),
                ask=span.ask,
                people=people,
            )
            return
