"""The same letter goes to one stranger after the other.

## What it catches
A letter that, with this one, reaches five or more people within 24 hours, or ten within seven days, who never
wrote to you and never answered you: one mail each, names and companies swapped, over whatever time and
connections. The next one is held, with the run and how many have already gone.

## Why it hurts
A form letter with the name swapped is a blast, however slowly it goes out. People compare, and they feel that
nothing in it was written for them; networking is farming, not asking everyone in turn (letters B and E).

## Example
> Twelve mails over five days: "Dear Sue, I came across Harrow Cider while looking at firms in Hereford. Could
> you introduce me to the person who buys your cartons?"

## Do this instead
Stop here and wait for answers. Choose the two or three you have a reason to write to, and write each a letter
that could go to nobody else.

## Exceptions
People at "answered" or better; replies in a thread they wrote in; readers of a list you configured; a real
mailing with its own List-Id or List-Unsubscribe; role mailboxes, for what they are there for; reports that go to
the same people again and again; invoices, confirmations and the like. Where only parts of the letter are the
same, or a few words that ask for nothing, it warns.
"""

from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_asks
from classifier.signals.runs import find_blast, named
from models.finding import Remark
from models.mail import Envelope, Mail
from models.past import Past

_DAY: Final = "%-d %b"


@outgoing(structural=True)
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    run = find_blast(mail, envelope, past)
    if run is None:
        return
    first, last = (run.sends[i].at.astimezone(past.now.tzinfo).strftime(_DAY) for i in (0, -1))
    when = f"on {first}" if first == last else f"from {first} to {last}"
    asks = sorted(find_asks(mail), key=lambda s: -s.certainty)
    yield Remark(
        message=f"This letter has already gone to {len(run.gone)} people who never answered you, {when}, with names "
        f"swapped: {named(mail, run.gone, past)}.",
        advice="Wait for their answers first. Then choose the few you have a reason to write to, and write each a "
        "letter that fits nobody else.",
        quote=asks[0].quote if asks else "",
        certainty=run.certainty,
        people=run.people,
    )
