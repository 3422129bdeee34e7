"""Is this a first letter, and to whom? One before they have ever answered (etiquette, readings)."""

from classifier.signals.recipients import blind, is_list, is_mailing, role_of
from models.address import canonical
from models.mail import Envelope, Mail
from models.past import Past, Tie


def first_to(mail: Mail, envelope: Envelope, past: Past) -> tuple[str, ...]:
    """The people for whom this is a first letter, as written, lower-cased; after an introduction, the one
    introduced, in any thread. Empty where the letter is to somebody known as well, to role mailboxes, or a mailing.
    """
    sent = {canonical(a): a.lower() for a in envelope.recipients}
    to = [sent[m.canonical] for m in mail.to if m.canonical in sent and not past.owner.is_own(m.address)]
    people = [p for p in dict.fromkeys((*to, *blind(mail, envelope))) if not past.owner.is_internal(p)]
    introducers = {i.introducer for p in people if (i := past.introduction_of(p))}
    firsts = {p: None for p in people if _is_first(p, past) and not is_list(p) and not role_of(p)}
    known = [p for p in people if canonical(p) not in introducers and p not in firsts]
    return () if known or is_mailing(mail) else tuple(firsts)


def _is_first(person: str, past: Past) -> bool:
    relation = past.relation(person)
    if relation.received or relation.tie.at_least(Tie.ANSWERED):
        return False
    # Who sent nothing but a newsletter has not written, though its thread is known.
    silent = relation.bulk_only or canonical(person) not in past.thread.people
    return relation.tie is Tie.VOUCHED or silent
