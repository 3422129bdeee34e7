"""A passage is written in the reader's voice, and introduces or praises you.

## What it catches
A text that the reader is to send, sign or post as their own ("here is something you could write: …"), in which
somebody speaks of you or your firm: introduces you, recommends you, tells how good you were.

## Why it hurts
A referral is worth something because it is the words of one who knows you. Whoever finds the words already
written learns what they are wanted for (letter A).

## Example
> To make it easy, just post this: "I have worked with Ann for years, and she is the best in town."

## Do this instead
Ask what they thought of your work, and leave the words, and whether there are any, to them.

## Exceptions
A blurb they asked for, for one named target; their own words shown to them before they are printed; a text
about a thing or an event; a text in your own voice. Where only your mail says that they asked, it is a warning.
"""

from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.prepared import find_prepared
from classifier.signals.recipients import shown
from models.address import canonical
from models.finding import Ask, Remark
from models.mail import Envelope, Mail
from models.past import Past

_SAID_ASKED: Final = 0.7  # where only the mail itself says that they asked


@outgoing(tied=False)
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    prepared = find_prepared(mail)
    if prepared is None or not prepared.voiced:
        return
    people = tuple(
        p
        for p in dict.fromkeys(a.lower() for a in envelope.recipients)
        if not past.owner.is_internal(p) and (prepared.blank or not _asked_for(p, past))
    )
    if people:
        who = shown(mail, people[0], past.relation(people[0]).name)
        yield Remark(
            message=f"You put words about yourself into the mouth of {who}: “{prepared.voiced}”",
            advice="Ask what they thought of your work, and leave the words to them.",
            quote=prepared.voiced if prepared.voiced in " ".join(mail.own_text.split()) else "",
            certainty=min(prepared.certainty, _SAID_ASKED) if prepared.asked else prepared.certainty,
            people=people,
        )


def _asked_for(person: str, past: Past) -> bool:
    """Whether their last mail asked for such a text, or offered to write one."""
    return any(
        i.who == canonical(person) and ("blurb" in i.enclosures or Ask.TESTIMONIAL in i.asks)
        for i in past.invitations
    )
