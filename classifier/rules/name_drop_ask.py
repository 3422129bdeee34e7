"""A first letter names somebody the reader knows, and asks for a way to them.

## What it catches
"I understand you know X" with an ask for an introduction or contacts, or with a pitch, to a stranger.

## Why it hurts
It is the typical letter of premature solicitation: a pleasantry, the name, the own pitch, "introduce me",
all in the first mail (letter B). Knowing whom they know is not knowing them.

## Example
> You sat on the panel with Hélène, so I assume you have her ear. All I need is two lines from you to her.

## Do this instead
Write to that person yourself, or get to know this one first: one question about their own work.

## Exceptions
People who have answered you before; an ask for something else; naming somebody without asking.
"""

import re
from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_every_ask
from classifier.signals.bonds import find_bonds
from classifier.signals.recipients import addressed, shown
from classifier.signals.turns import asking, find_turns
from models.finding import Ask, AskSpan, Remark
from models.mail import Envelope, Mail
from models.past import Past

LED_UP_TO: Final = frozenset({Ask.INTRODUCTION, Ask.CONTACTS, Ask.BUSINESS, Ask.JOB, Ask.MONEY, Ask.REFERRAL})
_CARRIED: Final = 0.7  # what is to be put before a person is an ask where the person was named
# A meeting is asked of many; after a person's name it is a foot in the door.
_NAMED: Final = re.compile(
    r"\b[Yy]ou(?:['’]ve| have)?(?: \w+){0,3} (?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?[A-ZÀ-Ý][a-zà-ÿ]+"
)


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    strangers = any(past.stranger(a) for a in envelope.recipients)
    asks = (
        [s for s in (*find_every_ask(mail), *_carried(mail)) if s.ask in LED_UP_TO or s.ask is Ask.TIME]
        if strangers
        else []
    )
    drops = find_bonds(mail) if asks else ()
    if not drops:
        return
    led = LED_UP_TO | ({Ask.TIME} if _NAMED.search(drops[0].quote) else set())
    best = max((s for s in asks if s.ask in led), key=lambda s: s.certainty, default=None)
    if best is None:
        return
    people = tuple(p for p in addressed(mail, envelope, past.owner, best) if past.stranger(p))
    if people:
        yield Remark(
            message=f"You tell {shown(mail, people[0], past.relation(people[0]).name)} whom they know "
            f"(“{drops[0].quote}”) and ask at once, in a first letter.",
            advice="Write to that person yourself, or begin with one question about this reader's own work.",
            quote=best.quote,
            certainty=best.certainty,
            ask=best.ask,
            people=people,
        )


def _carried(mail: Mail) -> Iterator[AskSpan]:
    """Words that have the reader bring something to somebody: "leave my score on her music stand"."""
    for turn in find_turns(mail.own_text, "carry"):
        yield asking(turn, Ask.INTRODUCTION, _CARRIED)
