"""One mail goes blind to many people who do not know you.

## What it catches
Eight or more blind recipients (those of the envelope that stand in neither To nor Cc), at least half of them
strangers: people who never wrote to you and never answered you. Or nobody visible at all, and five strangers.

## Why it hurts
A mail to a hidden crowd reads as spam, whatever it says, and the address it came from is lost for good
(letter E, "networking suicide"). Being on somebody's newsletter, or holding their card, is no relationship.

## Example
> To: secretariat@yourself.example · Bcc: eleven professors you never met · "Dear distinguished colleague, …"

## Do this instead
Choose the few of them you know, or have a reason to write to, and write each a letter that could go to nobody
else. A mailing that people signed up for belongs under `[people.lists]` in the configuration.

## Exceptions
Your own addresses; internal addresses; one introducer moved to Bcc; people on a list you configured; a real
mailing with its own List-Id or List-Unsubscribe; recipients you know. Your own address in To is a visible
recipient: then it takes eight.
"""

from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.recipients import blind, shown, visible
from models.address import canonical
from models.finding import Remark
from models.mail import Envelope, Mail
from models.past import Past

MANY: Final = 8  # blind recipients, at least half of them strangers
UNSEEN: Final = 5  # strangers, where nobody is visible


@outgoing(structural=True)
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    if mail.header("list-id") or mail.header("list-unsubscribe"):
        return
    listed = frozenset[str]().union(*past.lists.values())
    hidden = [a for a in blind(mail, envelope) if not past.owner.is_own(a) and canonical(a) not in listed]
    strangers = tuple(a for a in hidden if past.stranger(a))
    crowd = len(hidden) >= MANY and 2 * len(strangers) >= len(hidden)
    if not crowd and (visible(mail) or len(strangers) < UNSEEN):
        return
    first = shown(mail, strangers[0], past.relation(strangers[0]).name)
    yield Remark(
        message=f"This goes blind to {len(hidden)} people, and {len(strangers)} of them, {first} among them, "
        "have never exchanged a mail with you.",
        advice="Write to the few you know, or have a reason to write to, a letter that fits nobody else. "
        "If it is a mailing people signed up for, name it under [people.lists].",
        certainty=0.97,
        people=strangers,
    )
