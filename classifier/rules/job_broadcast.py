"""A résumé or an ask for work goes to several people in blind copy.

## What it catches
Three or more blind recipients of a mail that carries a résumé or asks for work.

## Why it hurts
"Networking suicide": the reader sees that they are one of many, and the address is lost (letter E).

## Example
> Bcc: forty alumni · Subject: Al Poe, welder · "I am free from June, my CV is attached."

## Do this instead
Choose one of them whose work you know, and write to that one about it, without the résumé.

## Exceptions
Role mailboxes that take applications; your own addresses; colleagues; people on a list you configured.
"""

from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_asks
from classifier.signals.enclosures import find_resume
from classifier.signals.recipients import blind, shown, takes_applications
from models.address import canonical
from models.finding import Ask, Remark
from models.mail import Envelope, Mail
from models.past import Past

SEVERAL: Final = 3


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    listed = frozenset[str]().union(*past.lists.values())
    people = tuple(
        a
        for a in blind(mail, envelope)
        if not past.owner.is_internal(a) and not takes_applications(a) and canonical(a) not in listed
    )
    if len(people) < SEVERAL:
        return
    resume = find_resume(mail)
    job = max((s for s in find_asks(mail) if s.ask is Ask.JOB), key=lambda s: s.certainty, default=None)
    if resume is None and job is None:
        return
    what = (
        f"Your résumé ({resume.name_or_quote})"
        if resume
        else f"Your ask for work (“{job.quote if job else ''}”)"
    )
    yield Remark(
        message=f"{what} goes blind to {len(people)} people, {shown(mail, people[0])} among them.",
        advice="Choose one whose work you know, and write to that one about it, without the résumé.",
        quote=job.quote if job else "",
        certainty=max(resume.certainty if resume else 0.0, job.certainty if job else 0.0),
        ask=Ask.JOB if job else None,
        people=people,
    )
