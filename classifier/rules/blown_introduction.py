"""The first letters after an introduction ask for what only acquaintance can carry.

## What it catches
To somebody you were introduced to, before they have written twice: an ask for contacts, for an introduction
to a third person, for a referral, a job or business; a résumé, a list of target companies; a first letter
that speaks of yourself only.

## Why it hurts
An introduction is a leg up, not a licence. Who asks at once, harms the one who introduced them (letter D).

## Example
> Maud said we should talk. Could you give me three or four names at the stores?

## Do this instead
Thank the introducer and keep them in copy, ask about the other, offer two easy times for a talk, and leave
what you are after for when they ask.

## Exceptions
What they asked for in their last mail; a question about their work; a proposal to talk.
"""

from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_every_ask
from classifier.signals.enclosures import Enclosure, find_resume, find_target_list
from classifier.signals.firsts import first_to
from classifier.signals.recipients import shown
from classifier.signals.selves import me_first
from models.address import canonical
from models.finding import Ask, Remark
from models.mail import Envelope, Mail
from models.past import Introduction, Invitation, Past, Tie

TOO_MUCH: Final = frozenset(
    {Ask.CONTACTS, Ask.INTRODUCTION, Ask.REFERRAL, Ask.TESTIMONIAL, Ask.JOB, Ask.BUSINESS, Ask.MONEY}
)
KNOWN_AFTER: Final = 2  # their own letters
ME_FIRST: Final = 0.8  # how sure a letter about oneself only is


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    firsts = first_to(mail, envelope, past)
    for person in dict.fromkeys(a.lower() for a in envelope.recipients):
        introduction = past.introduction_of(person)
        if introduction and _fresh(person, past) and not past.owner.is_internal(person):
            yield from _blown(mail, past, person, introduction, first=person in firsts)


def _fresh(person: str, past: Past) -> bool:
    relation = past.relation(person)
    if relation.tie is Tie.VOUCHED:
        return True
    return relation.received < KNOWN_AFTER and not relation.tie.at_least(Tie.ESTABLISHED)


def _blown(
    mail: Mail, past: Past, person: str, introduction: Introduction, *, first: bool
) -> Iterator[Remark]:
    asked = [i for i in past.invitations if i.who == canonical(person)]
    invited = {ask for i in asked for ask in i.asks}
    # Such a letter sounds warm by its thanks: what is asked in it counts all the same.
    spans = [s for s in find_every_ask(mail) if s.ask in TOO_MUCH - invited]
    carried = _carried(mail, asked, invited)
    turned = me_first(mail) if first else None
    if not spans and carried is None and turned is None:
        return
    best = max(spans, key=lambda s: s.certainty, default=None)
    if best:
        what = f"asks at once: “{best.quote}”"
    elif carried:
        what = (
            "already carries your résumé" if carried.kind == "resume" else "already carries your target list"
        )
    else:
        what = f"speaks of you only: “{turned.quote if turned else ''}”"
    name = introduction.name or introduction.introducer
    yield Remark(
        message=f"{name} introduced you to {shown(mail, person, past.relation(person).name)}, "
        f"and this letter {what}. It will fall back on {name}.",
        advice=f"Thank {name} in copy, ask about the other and propose a talk; leave this for when they ask.",
        quote=best.quote if best else turned.quote if turned and not carried else "",
        certainty=max(
            best.certainty if best else 0.0,
            carried.certainty if carried else 0.0,
            ME_FIRST if turned else 0.0,
        ),
        ask=best.ask if best else None,
        people=(person,),
    )


def _carried(mail: Mail, asked: list[Invitation], invited: set[Ask]) -> Enclosure | None:
    """The résumé or the target list that nobody asked for, the surer one."""
    enclosures = {e for i in asked for e in i.enclosures}
    resume = None if Ask.JOB in invited or "resume" in enclosures else find_resume(mail)
    targets = None if "target-list" in enclosures else find_target_list(mail)
    return max((e for e in (resume, targets) if e), key=lambda e: e.certainty, default=None)
