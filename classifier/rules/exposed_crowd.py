"""Fifteen outside people or more see each other's addresses, and have nothing in common.

## What it catches
A mail with fifteen or more outside people in To and Cc that belongs to no thread you know.

## Why it hurts
Everybody's address is handed to strangers, and whoever answers all writes to all. A mail to a crowd is read
as nobody's (letter E).

## Example
> To: eighteen people of a waiting list · "The water charge goes up from May."

## Do this instead
Write to the few it is for, or make it a mailing that people sign up for and name it under `[people.lists]`.

## Exceptions
A reply in a thread that your mail history knows; colleagues; people on a list you configured; a real mailing
with its own List-Id or List-Unsubscribe; calendar invitations.
"""

from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.recipients import is_list, shown
from models.address import canonical
from models.finding import Remark
from models.mail import Envelope, Mail
from models.past import Past

CROWD: Final = 15


@outgoing(structural=True)
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    if past.thread.known or mail.header("list-id") or mail.header("list-unsubscribe"):
        return
    listed = frozenset[str]().union(*past.lists.values())
    seen = dict.fromkeys(
        m.address.lower()
        for m in (*mail.to, *mail.cc)
        if not past.owner.is_internal(m.address) and m.canonical not in listed and not is_list(m.address)
    )
    sent = {canonical(r) for r in envelope.recipients}
    people = tuple(a for a in seen if canonical(a) in sent)
    if len(people) < CROWD:
        return
    yield Remark(
        message=f"Your mail shows {len(people)} outside people each other's addresses, "
        f"{shown(mail, people[0])} among them, and continues no thread of theirs.",
        advice="Write to the few it is for; a mailing people signed up for belongs under [people.lists].",
        certainty=0.9,
        people=people,
    )
