"""A first letter speaks of you only.

## What it catches
A first letter (before they have ever answered; after an introduction, the first to the person introduced) with
three or more statements about yourself, and no question about, or remark on, the one you write to.

## Why it hurts
Paragraphs about oneself tell the reader that they could be anybody. One shares one's own case when asked
(letter D).

## Example
> I have fifteen years of experience in logistics. I led a team of twelve. I am fluent in three languages.

## Do this instead
Say in one sentence who you are. Then ask about, or take up, one thing they do, and keep the rest for the talk.

## Exceptions
A letter that asks one thing about their work, or takes one up; orders, bookings and complaints; applications to
jobs@ and the like or to an advertisement; people who answered you before; a letter to several you know.
"""

from collections.abc import Iterator

from classifier.rulebook import outgoing
from classifier.signals.enclosures import says_asked
from classifier.signals.firsts import first_to
from classifier.signals.recipients import shown
from classifier.signals.selves import ENOUGH, me_first
from models.finding import Remark
from models.mail import Envelope, Mail
from models.past import Past


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    people = first_to(mail, envelope, past)
    turned = me_first(mail) if people else None
    if turned and not says_asked(mail):
        who = shown(mail, people[0], past.relation(people[0]).name)
        yield Remark(
            message=f"Your first letter to {who} says {turned.statements} things about yourself "
            f"(“{turned.quote}”), and neither asks nor remarks on anything of theirs.",
            advice="Say in one sentence who you are, and ask about one thing they do; keep the rest for the talk.",
            quote=turned.quote,
            certainty=0.8 if turned.statements > ENOUGH else 0.7,
            people=people,
        )
