"""A first letter says neither who writes nor how they come to write.

## What it catches
A first letter (before they have ever answered) that wants something and tells nothing of its writer but a name,
and nothing of how they came upon the reader. Where it neither greets nor is signed, a bare question is enough.

## Why it hurts
A stranger without a face is a risk, and is left unanswered. Who was introduced, names the introducer; who was not,
says what brings them (letters B and D).

## Example
> Hi Karl, could we have a quick call on Thursday? Best, Ann

## Do this instead
Say in one sentence who you are, and in another what brings you to this reader.

## Exceptions
Role mailboxes and lists; orders, bookings and complaints; letters that want nothing; running threads.
"""

import re
from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_asks
from classifier.signals.faces import is_signed, says_how, says_who
from classifier.signals.firsts import first_to
from classifier.signals.greetings import Greeting, find_greeting
from classifier.signals.recipients import shown
from classifier.signals.requests import find_request, find_unanswered_question
from classifier.signals.selves import find_turned
from models.finding import Remark
from models.mail import Envelope, Mail
from models.past import Past

# A question that lacks its mark: "is the orange one the same".
_ASKS: Final = re.compile(
    r"(?i)\s*(?:is|are|was|were|do|does|did|can|could|has|have|what|which|whose|how|where|when|why|who)\s[^.!?\n]{8,190}"
)


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    people = () if past.thread.known else first_to(mail, envelope, past)
    ask = next(iter(find_asks(mail)), None) or find_request(mail) if people else None
    wanted = ask.quote if ask else _bare_question(mail) if people else ""
    if not wanted or find_turned(mail).errand or says_who(mail) or says_how(mail):
        return
    yield Remark(
        message=f"Your first letter to {shown(mail, people[0], past.relation(people[0]).name)} says neither who you "
        f"are nor how you come to write, and wants something: “{wanted}”",
        advice="Say in one sentence who you are, and in another what brings you to this reader.",
        quote=wanted,
        certainty=0.7,
        people=people,
    )


def _bare_question(mail: Mail) -> str:
    """The question of a letter that greets nobody and that nobody signed; "" in another."""
    bare = not is_signed(mail) and find_greeting(mail)[0] is Greeting.NOBODY
    asked = _ASKS.match(mail.own_text) if bare else None
    return find_unanswered_question(mail) or (asked.group().strip() if asked else "") if bare else ""
