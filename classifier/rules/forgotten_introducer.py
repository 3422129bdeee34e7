"""The first letter after an introduction leaves out the one who made it.

## What it catches
Your first mail to somebody you were introduced to, without the introducer among its recipients, or without a
word of thanks.

## Why it hurts
Somebody put their name at stake for you. They should see that it was taken up, and be thanked for it by name
(letter D).

## Example
> To: karl@brandt.example · "Dear Karl, I hear you keep your must for nine days."

## Do this instead
Put the introducer in copy and thank them in the first line; from the second letter on, leave them out.

## Exceptions
Moving the introducer to blind copy with a thank-you in the text; later letters; an introduction by yourself.
"""

from collections.abc import Iterator

from classifier.rulebook import outgoing
from classifier.signals.recipients import shown
from classifier.signals.turns import find_turns
from models.address import canonical
from models.finding import Remark
from models.mail import Envelope, Mail
from models.past import Past, Tie


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    sent = {canonical(a) for a in envelope.recipients}
    thanked = bool(find_turns(mail.own_text, "thanks"))
    for person in dict.fromkeys(a.lower() for a in envelope.recipients):
        introduction, relation = past.introduction_of(person), past.relation(person)
        if introduction is None or relation.tie is not Tie.VOUCHED or relation.sent or relation.received:
            continue
        kept = introduction.introducer in sent
        if (kept and thanked) or past.owner.is_internal(person):
            continue
        name = introduction.name or introduction.introducer
        missing = " and ".join(
            words
            for words, there in ((f"leaves {name} out", kept), (f"does not thank {name}", thanked))
            if not there
        )
        yield Remark(
            message=f"{name} introduced you to {shown(mail, person, relation.name)}; your first "
            f"letter {missing}.",
            advice=f"Put {name} in copy, and thank them in the first line.",
            certainty=0.85,
            people=(person,),
        )
