"""A list of the companies you are after goes to somebody who did not ask for it.

## What it catches
A list of target companies, attached or in the text, to people who are strangers to you, whom you know by an
introduction only, or who have answered you once or twice.

## Why it hurts
It makes the reader go through your homework, and turns a first conversation into a search of their address
book (letter D). Asking them to mark or comment it is an ask for contacts, too.

## Example
> I attach my target list. Could you mark the firms where you know somebody?

## Do this instead
Leave it out. Tell what you would like to learn, and show the list when they ask whom you want to meet.

## Exceptions
They asked for it in their last mail, or your mail says so; established acquaintances; colleagues; jobs@, info@
and the like; lists of suppliers, customers or exhibitors.
"""

from collections.abc import Iterator

from classifier.rulebook import outgoing
from classifier.signals.enclosures import find_target_list
from classifier.signals.recipients import is_list, role_of, shown
from models.address import canonical
from models.finding import Remark
from models.mail import Envelope, Mail
from models.past import Past, Tie


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    found = find_target_list(mail)
    if found is None:
        return
    people = tuple(dict.fromkeys(a.lower() for a in envelope.recipients if _too_early(a, past)))
    if people:
        relation = past.relation(people[0])
        attached = found.name_or_quote in {a.name for a in mail.attachments}
        yield Remark(
            message=f"A list of companies you are after (“{found.name_or_quote}”) goes to "
            f"{shown(mail, people[0], relation.name)}, who did not ask for it: {relation.facts[0]}.",
            advice="Leave it out, and say what you would like to learn; show it when they ask whom you want to meet.",
            quote="" if attached else found.name_or_quote,
            certainty=found.certainty,
            people=people,
        )


def _too_early(address: str, past: Past) -> bool:
    if past.owner.is_internal(address) or is_list(address) or role_of(address):
        return False
    asked = any(i.who == canonical(address) and "target-list" in i.enclosures for i in past.invitations)
    return not asked and not past.tie(address).at_least(Tie.ESTABLISHED)
