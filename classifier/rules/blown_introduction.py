"""The first letters after an introduction ask for what only acquaintance can carry.

## What it catches
To somebody you were introduced to, before they have written twice: an ask for contacts, for an introduction
to a third person, for a referral, a job or business; a résumé.

## Why it hurts
An introduction is a leg up, not a licence. Who asks at once, harms the one who introduced them (letter D).

## Example
> Maud said we should talk. Could you give me three or four names at the stores?

## Do this instead
Thank the introducer and keep them in copy, ask about the other, offer two easy times for a talk, and leave
what you are after for when they ask.

## Exceptions
What they asked for in their last mail; a question about their work; a proposal to talk.
"""

from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_asks
from classifier.signals.enclosures import find_resume
from classifier.signals.recipients import shown
from models.address import canonical
from models.finding import Ask, Remark
from models.mail import Envelope, Mail
from models.past import Introduction, Past, Tie

TOO_MUCH: Final = frozenset({Ask.CONTACTS, Ask.INTRODUCTION, Ask.REFERRAL, Ask.JOB, Ask.BUSINESS})
KNOWN_AFTER: Final = 2  # their own letters


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    for person in dict.fromkeys(a.lower() for a in envelope.recipients):
        introduction = past.introduction_of(person)
        if introduction and _fresh(person, past) and not past.owner.is_internal(person):
            yield from _blown(mail, past, person, introduction)


def _fresh(person: str, past: Past) -> bool:
    relation = past.relation(person)
    if relation.tie is Tie.VOUCHED:
        return True
    return relation.received < KNOWN_AFTER and not relation.tie.at_least(Tie.ESTABLISHED)


def _blown(mail: Mail, past: Past, person: str, introduction: Introduction) -> Iterator[Remark]:
    asked = [i for i in past.invitations if i.who == canonical(person)]
    invited = {ask for i in asked for ask in i.asks}
    spans = [s for s in find_asks(mail) if s.ask in TOO_MUCH - invited]
    resume = find_resume(mail)
    if resume and (Ask.JOB in invited or any("resume" in i.enclosures for i in asked)):
        resume = None
    if not spans and resume is None:
        return
    best = max(spans, key=lambda s: s.certainty, default=None)
    what = f"asks at once: “{best.quote}”" if best else "already carries your résumé"
    name = introduction.name or introduction.introducer
    yield Remark(
        message=f"{name} introduced you to {shown(mail, person, past.relation(person).name)}, "
        f"and this letter {what}. It will fall back on {name}.",
        advice=f"Thank {name} in copy, ask about the other and propose a talk; leave this for when they ask.",
        quote=best.quote if best else "",
        certainty=max(best.certainty if best else 0.0, resume.certainty if resume else 0.0),
        ask=best.ask if best else None,
        people=(person,),
    )
