"""The subject says nothing but your name, a job title or "opportunity".

## What it catches
A subject that is only your own name (also with "CV" beside it), a job title, or an opportunity. To an established
acquaintance one word for a trade is a matter ("joiner?"), and no title.

## Why it hurts
Such a subject is that of a mail to a crowd, and is deleted as one (letter E).

## Example
> Subject: Senior Project Manager

## Do this instead
Say in the subject what the letter is about for this reader: the matter, the place, the piece you read.

## Exceptions
Replies; role mailboxes, which sort by it; colleagues; people you trust with anything; a title with a matter beside it.
"""

from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.recipients import is_list, role_of, shown
from classifier.signals.subjects import broadcast_subject
from models.finding import Remark
from models.mail import Envelope, Mail
from models.past import Past, Tie

_WHAT: Final = {
    "name": "says nothing but your name",
    "post": "says nothing but a job title",
    "chance": "speaks of an opportunity only",
}


@outgoing(structural=True)
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    what = "" if past.thread.known else broadcast_subject(mail)
    title = len(mail.subject.split()) > 1
    people = tuple(
        p
        for p in dict.fromkeys(a.lower() for a in envelope.recipients)
        if not past.owner.is_internal(p)
        and not role_of(p)
        and not is_list(p)
        and past.tie(p) is not Tie.TRUSTED
        and (title or what != "post" or not past.tie(p).at_least(Tie.ESTABLISHED))
    )
    if what and people:
        yield Remark(
            message=f"The subject of your mail to {shown(mail, people[0], past.relation(people[0]).name)} "
            f"{_WHAT[what]} (“{mail.subject.strip()}”).",
            advice="Say in the subject what the letter is about for this reader.",
            quote=mail.subject.strip(),
            certainty=0.8,
            people=people,
        )
