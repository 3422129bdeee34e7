"""The letter ends with an offer of help that means nothing.

## What it catches
After an ask, at the end: "let me know if I can ever help you", with nothing concrete in it, to anybody
but a trusted one.

## Why it hurts
Everybody sees that it is there to balance the ask. An offer is worth something when it names what is offered
(letter D).

## Example
> Could you send me three names? If there is ever anything I can do for you, let me know.

## Do this instead
Offer one concrete thing of use to this reader, or end with thanks.

## Exceptions
An offer that names something; a letter without an ask; trusted friends; support and other role mailboxes.
"""

from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_asks
from classifier.signals.recipients import addressed, role_of, shown
from classifier.signals.requests import find_request
from classifier.signals.sentences import split
from classifier.signals.turns import find_turns
from models.finding import Remark
from models.mail import Envelope, Mail
from models.past import Past, Tie

END: Final = 4  # last sentences
_LIKELY: Final = 0.6


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    offers = find_turns(mail.own_text, "hollow")
    if not offers:
        return
    last = {s.start for s in split(mail.own_text)[-END:]}
    offer = next((o for o in offers if o.start in last), None)
    if offer is None:
        return
    asks = (*find_asks(mail), *filter(None, [find_request(mail)]))
    before = [s for s in asks if s.start < offer.start and s.certainty >= _LIKELY]
    if not before:
        return
    people = tuple(
        p
        for p in addressed(mail, envelope, past.owner, before[-1])
        if not past.owner.is_internal(p) and not past.tie(p).at_least(Tie.TRUSTED) and not role_of(p)
    )
    if people:
        yield Remark(
            message=f"After an ask, your letter "
            f"to {shown(mail, people[0], past.relation(people[0]).name)} ends with "
            f"“{offer.quote}”, which offers nothing in particular.",
            advice="Offer one concrete thing of use to them, or end with thanks.",
            quote=offer.quote,
            certainty=0.7,
            people=people,
        )
