"""An ask to nobody in particular.

## What it catches
A mail that asks for something and greets anybody: "Dear Sir or Madam", "Hi all", "Hello there". To three people
or more who never answered you, a missing greeting counts as well.

## Why it hurts
An ask to everybody is an ask to nobody: whoever reads it may leave it to the others, and sees that it was not
written for them (letter E).

## Example
> Hi all, does anybody know a publisher?

## Do this instead
Write to one person, by name, and say why you ask them.

## Exceptions
Role mailboxes and lists; real mailings and your own lists; colleagues; several established friends.
"""

from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_asks, find_cold_asks
from classifier.signals.greetings import Greeting, find_greeting
from classifier.signals.recipients import addressed, is_list, is_mailing, role_of
from classifier.signals.runs import in_dialogue, written_to
from models.address import canonical
from models.finding import Remark
from models.mail import Envelope, Mail
from models.past import Past, Tie

SEVERAL: Final = 3  # people, to whom a missing greeting is impersonal
_LIKELY: Final = 0.6


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    if is_mailing(mail) or in_dialogue(mail, envelope, past):
        return
    asks = find_asks(mail) or tuple(s for s in find_cold_asks(mail) if _all_strangers(mail, envelope, past))
    spans = [s for s in asks if s.certainty >= _LIKELY]
    greeting, words = find_greeting(mail) if spans else (Greeting.PERSON, "")
    if greeting is Greeting.PERSON:
        return
    listed = frozenset[str]().union(*past.lists.values())
    people = tuple(
        p
        for p in addressed(mail, envelope, past.owner, spans[0])
        if not past.owner.is_internal(p) and not role_of(p) and not is_list(p) and canonical(p) not in listed
    )
    warm = all(past.tie(p).at_least(Tie.ESTABLISHED) for p in people)
    if (
        not people
        or warm
        or (
            greeting is Greeting.NOBODY
            and sum(not past.tie(p).at_least(Tie.ANSWERED) for p in people) < SEVERAL
        )
    ):
        return
    yield Remark(
        message=f"You ask ({spans[0].ask}) and greet {f'“{words}”' if words else 'nobody'}: this is read as "
        f"written to nobody in particular.",
        advice="Write to one person, by name, and say why you ask them.",
        quote=spans[0].quote,
        certainty=0.8,
        ask=spans[0].ask,
        people=people,
    )


def _all_strangers(mail: Mail, envelope: Envelope, past: Past) -> bool:
    """To people who hardly know the writer, the whole letter tells whether it asks."""
    return all(past.stranger(p) for p in written_to(mail, envelope, past))
