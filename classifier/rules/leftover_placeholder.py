"""A blank of a template was never filled in.

## What it catches
An unfilled `{name}`, `[Company]`, `<<date>>`, `R XX,XXX` or "Dear NAME" in the subject or in your own text.

## Why it hurts
The reader learns that the letter was not written to them, and that nobody read it before it went. A letter
with blanks for third parties is the mark of push-marketing templates (letter A).

## Example
> Hi Thandi, quote as promised: R XX,XXX excl. VAT, valid until <<date>>.

## Do this instead
Fill the blank in. If you do not know what belongs there, leave the sentence out, and write the letter to
this one person.

## Exceptions
Code, quoted words, quoted and forwarded mail, tags in front of a subject ("[Team] Minutes"), footnotes, and
mails that are about templates, merge fields or placeholders.
"""

from collections.abc import Iterator

from classifier.rulebook import outgoing
from classifier.signals.placeholders import find_placeholders
from models.finding import Remark
from models.mail import Envelope, Mail
from models.past import Past


@outgoing(structural=True, tied=False)
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    found = find_placeholders(mail)
    if not found:
        return
    first, more = found[0], len(found) - 1
    others = f", and {more} more blank{'s' if more > 1 else ''}" if more else ""
    yield Remark(
        message=f"Your mail still holds “{first.quote}”{others}.",
        advice="Write what belongs there, or leave the sentence out.",
        quote=first.quote,
        certainty=first.certainty,
        people=tuple(dict.fromkeys(a.lower() for a in envelope.recipients if not past.owner.is_own(a))),
    )
