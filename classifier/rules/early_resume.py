"""A résumé goes to somebody who did not ask for it and does not know you yet.

## What it catches
A résumé to people who are strangers to you, or whom you know by an introduction only: by its file name, by a
document's headings, by words such as "my CV is attached", or pasted into the text.

## Why it hurts
A résumé asks for a judgement before there is a conversation. After an introduction it turns the leg up you
were given into an application, and harms the one who introduced you (letter D); unasked, it reads as a job
blast (letter E).

## Example
> Dr. Whitfield, your piece in the Observer stayed with me. I'm sending my resume along so you have a sense of
> my background.

## Do this instead
Leave the résumé out. Ask one question about their work, and send it when they ask for it.

## Exceptions
They asked for it in their last mail; jobs@, info@ and the like; application systems; what a form, a register or a
law demands; colleagues; people who answered you before. Where you say that they asked, or name a posting, and your
mail does not show it, it is a warning at most.
"""

from collections.abc import Iterator

from classifier.rulebook import outgoing
from classifier.signals.enclosures import find_resume
from classifier.signals.recipients import is_list, shown, takes_applications
from models.address import canonical
from models.finding import Ask, Remark
from models.mail import Envelope, Mail
from models.past import Past, Tie


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    resume = find_resume(mail)
    if resume is None:
        return
    early = tuple(dict.fromkeys(a.lower() for a in envelope.recipients if _too_early(a, past)))
    if not early:
        return
    relation = past.relation(early[0])
    who = shown(mail, early[0], relation.name) + (f" and {len(early) - 1} more" if len(early) > 1 else "")
    vouched = past.introduction_of(early[0])
    because = (
        f"whom you know by {vouched.name or vouched.introducer}'s introduction only"
        if vouched and relation.tie is Tie.VOUCHED
        else f"who did not ask for it: {relation.facts[0]}"
    )
    yield Remark(
        message=f"Your résumé ({resume.name_or_quote}) goes to {who}, {because}.",
        advice="Leave it out and ask one question about their work; send it when they ask for it.",
        quote=resume.name_or_quote if resume.name_or_quote in " ".join(mail.own_text.split()) else "",
        certainty=resume.certainty,
        people=early,
    )


def _too_early(address: str, past: Past) -> bool:
    if past.owner.is_internal(address) or takes_applications(address) or is_list(address):
        return False
    who = canonical(address)
    asked = any(i.who == who and ("resume" in i.enclosures or Ask.JOB in i.asks) for i in past.invitations)
    return not asked and not past.tie(address).at_least(Tie.ANSWERED)
