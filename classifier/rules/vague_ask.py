"""An ask for contacts or leads leaves it to the reader to find out for which.

## What it catches
An ask for contacts, leads or introductions that names fewer than two of: a role, a kind of firm (or
examples), a place, a reason. It does not matter how well you know each other.

## Why it hurts
"Any contacts or leads?" makes people do your homework; most cannot, and feel bad about it (letter C).

## Example
> who are some people i should call?? anything helps

## Do this instead
Say which kind of person, at what kind of firm with two or three examples, where, and what you hope to learn.

## Exceptions
An introduction to somebody named; a request for a tradesman ("do you know a plumber?"); colleagues; role
mailboxes; what they asked you to ask; an answer to all in a running thread of several. Referrals are not weighed here.
"""

import re
from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_asks
from classifier.signals.recipients import addressed, may_ask, shown
from classifier.signals.runs import in_group
from classifier.signals.specificity import details, names_somebody
from models.finding import Ask, AskSpan, Remark
from models.mail import Envelope, Mail
from models.past import Past

ENOUGH: Final = 2
_TRADE: Final = re.compile(
    r"(?i)\bknow (?:of )?(?:a|an|any) (?:\w+ ){0,2}?\w+\?|\b(?:number|address(?! book)|mobile|line|details)\b"
)


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    if in_group(mail, envelope, past):
        return
    for span in find_asks(mail):
        if span.ask not in (Ask.CONTACTS, Ask.INTRODUCTION) or span.certainty < 0.7 or _specific(span, mail):
            continue
        people = tuple(
            p for p in addressed(mail, envelope, past.owner, span) if not may_ask(p, span.ask, past)
        )
        if people:
            named = details(mail.own_text, mail.own_text.strip().partition("\n")[0])
            said = f"only the {', '.join(sorted(named))}" if named else "neither whom, where nor why"
            yield Remark(
                message=f"You ask {shown(mail, people[0], past.relation(people[0]).name)}: "
                f"“{span.quote}”, and say {said}.",
                advice="Add which kind of person, at what kind of firm with an example or two, where, "
                "and what "
                "you hope to learn.",
                quote=span.quote,
                certainty=min(span.certainty, 0.9),
                ask=span.ask,
                people=people,
            )
            return


def _specific(span: AskSpan, mail: Mail) -> bool:
    if _TRADE.search(span.quote) or (span.ask is Ask.INTRODUCTION and names_somebody(span.quote)):
        return True
    text = mail.own_text.strip()
    first, _, rest = text.partition("\n")
    return len(details(text, first if rest and len(first) < 40 else "")) >= ENOUGH
