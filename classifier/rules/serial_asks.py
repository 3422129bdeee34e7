"""The same kind of ask goes to everybody in turn.

## What it catches
An ask of a kind (an introduction, contacts, a job, time, …) that, with this mail, you put to four or more people
within 14 days, in whatever words, none of whom is more than an acquaintance yet.

## Why it hurts
Networking is farming, not hunting: whoever asks everyone in turn has a relationship with nobody, and people who
know each other find out (letter B).

## Example
> Monday to Bo, Tuesday to Zoe, Thursday to Kit, and now to Mara: "Who do you know at the port authority?"

## Do this instead
Wait for the answers you asked for. Ask next the one person who knows you best, and give before you ask.

## Exceptions
People you are established with; replies in a thread they wrote in; colleagues; mailing lists; role mailboxes, for
what they are there for. Where one-by-one-blast fires, this is not reported.
"""

from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_asks
from classifier.signals.recipients import addressed, may_ask
from classifier.signals.runs import LIKELY, find_blast, find_series, in_dialogue, named
from models.finding import Remark
from models.mail import Envelope, Mail
from models.past import Past

MANY: Final = 4


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    if not past.sends or in_dialogue(mail, envelope, past):
        return
    found = []
    for span in find_asks(mail):
        if span.certainty >= LIKELY:
            asked = [a for a in addressed(mail, envelope, past.owner, span) if not may_ask(a, span.ask, past)]
            run = find_series(span, asked, envelope, past)
            if run.people and run.gone and len(run.gone) + len(run.people) >= MANY:
                found.append((len(run.gone), run.certainty, span, run))
    if not found or find_blast(mail, envelope, past):
        return
    _, _, span, run = max(found, key=lambda one: one[:2])
    yield Remark(
        message=f"You asked {len(run.gone)} other people for the same in the last 14 days: "
        f"{named(mail, run.gone, past)}. None of them is more than an acquaintance yet.",
        advice="Wait for their answers, and ask next the one who knows you best.",
        quote=span.quote,
        certainty=span.certainty,
        ask=span.ask,
        people=run.people,
    )
