"""A reward is offered for referrals.

## What it catches
A commission, a gift or money for each referral, contact or introduction, in a mail that asks for them.

## Why it hurts
A recommendation stands on one's own experience with a person, and is never paid for: the reward makes the
reader's word worthless to those who hear it (letter A).

## Example
> Tell your clients about me, and for every one who signs you get 50 euros.

## Do this instead
Leave the reward out. Thank people afterwards, with something that is not tied to a number.

## Exceptions
Thanks and small gifts after a referral; colleagues; rewards that others offer, told.
"""

from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_asks
from classifier.signals.recipients import addressed, shown
from classifier.signals.turns import asking, find_sent_round, find_turns, near
from models.finding import Ask, Remark
from models.mail import Envelope, Mail
from models.past import Past

NEVER_PAID: Final = frozenset({Ask.REFERRAL, Ask.INTRODUCTION, Ask.CONTACTS, Ask.TESTIMONIAL})
_EACH: Final = 0.7  # a reward for each who comes, where no usual ask stands beside it


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    each = find_turns(mail.own_text, "reward-each")
    rewards = (*each, *find_turns(mail.own_text, "reward"))
    asks = [s for s in find_asks(mail) if s.ask in NEVER_PAID] if rewards else []
    sent = find_sent_round(mail.own_text) if rewards else ()
    # A reward for each one sent is the ask: "for each buyer you point to me I pay …".
    for span in (*asks, *(asking(t, Ask.REFERRAL, _EACH) for t in each), *sent):
        reward = near(mail.own_text, span.start, span.end, rewards)
        people = tuple(
            p for p in addressed(mail, envelope, past.owner, span) if not past.owner.is_internal(p)
        )
        if reward and people:
            yield Remark(
                message=f"You offer {shown(mail, people[0], past.relation(people[0]).name)} a reward for it: "
                f"“{reward.quote}”.",
                advice="Leave the reward out; thank them afterwards with something that is not tied to a "
                "number.",
                quote=reward.quote,
                certainty=min(span.certainty, 0.85),
                ask=span.ask,
                people=people,
            )
            return
