"""You recommend somebody you hardly know.

## What it catches
Praise or assurance for a third person, to somebody who is to turn to them, where your own words say how little
you know them (one meeting, a network, a voucher), or your mail shows that you hardly exchanged a word. Where it
shows none at all, you may know them from life: that is a note only.

## Why it hurts
A referral puts your name at stake. It stands on your own experience with the person; one visit or one meeting
is not that (letter A).

## Example
> I met her on the train yesterday. She is the best designer in town, you should hire her.

## Do this instead
Say what you know and how, and leave the judgement to the reader, or wait until you have worked with them.

## Exceptions
An honest hedge ("she seems good, judge for yourself"); a name without praise; an answer to somebody who asked
you for one, unless you promise what you never saw; people you are kin to, worked with, or used more than once, as
your letter says.
"""

import re
from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.recipients import shown
from classifier.signals.recommending import Recommended, find_recommended
from classifier.signals.sentences import folded
from models.address import Mailbox, canonical
from models.finding import Ask, Remark
from models.mail import Envelope, Mail
from models.past import Past, Relation, Tie

_ASSURED: Final = re.compile(
    r"(?i)\b(?:promise|guarantee|vouch|swear|certain|convinced|no doubt|bet|totally|absolutely|utterly|completely"
    r"|without (?:reserv|hesitat)\w+|everyone|everybody|my word)\b"
)
_GLIMPSE: Final = 2  # mails, both ways: as good as none
_SEARCHES: Final = frozenset({Ask.CONTACTS, Ask.INTRODUCTION, Ask.ADVICE, Ask.FAVOUR})


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    for found in find_recommended(mail, past.owner):
        recommended = _known_by_name(found, past)
        who = recommended.person.canonical if recommended.person else ""
        fact = _little_known(recommended, past)
        seen = recommended.thin or (fact and _mails(recommended, past))
        people = tuple(
            p
            for p in dict.fromkeys(a.lower() for a in envelope.recipients)
            if canonical(p) != who
            and not past.owner.is_internal(p)
            and (not _asked(p, past) or (seen and _ASSURED.search(recommended.praise)))
            and not _brought_together(p, who, past)
        )
        if people and fact:
            name = (
                (recommended.person.name or recommended.person.address)
                if recommended.person
                else recommended.name or "somebody"
            )
            yield Remark(
                message=f"You recommend {name} to {shown(mail, people[0], past.relation(people[0]).name)} "
                f"(“{recommended.praise}”), but hardly know them: {fact}.",
                advice="Say what you know and how, and leave the judgement to the reader.",
                quote=recommended.praise,
                certainty=_certainty(recommended, past),
                people=people,
            )
            return


def _known_by_name(recommended: Recommended, past: Past) -> Recommended:
    """The same with the one person of history who goes by that name, where no address tells who it is."""
    said = frozenset(folded(w) for w in recommended.name.split())
    if recommended.person is not None or not said:
        return recommended
    found = [
        Mailbox(name=relation.name, address=who)
        for who, relation in past.relations.items()
        if said <= frozenset(folded(w) for w in relation.name.split())
    ]
    return recommended.model_copy(update={"person": found[0]}) if len(found) == 1 else recommended


def _brought_together(reader: str, who: str, past: Past) -> bool:
    """Whether the one praised is who introduced the reader to the owner: they know each other."""
    made = past.introduction_of(reader)
    return made is not None and made.introducer == who


def _little_known(recommended: Recommended, past: Past) -> str:
    """The words or the fact that show how little the writer knows them; "" where nothing does."""
    if recommended.thin:
        return f"“{recommended.thin}”"
    person = recommended.person
    if recommended.known or person is None or person.canonical not in past.relations:
        return ""
    relation = past.relations[person.canonical]
    glimpse = relation.tie is Tie.ANSWERED and 0 < _mails(recommended, past) <= _GLIMPSE
    cold = glimpse or relation.tie in (Tie.UNKNOWN, Tie.ONE_SIDED, Tie.VOUCHED)
    return relation.facts[0] if cold and not past.owner.is_internal(person.address) else ""


def _mails(recommended: Recommended, past: Past) -> int:
    """How many mails the owner and the one praised exchanged."""
    relation = past.relation(recommended.person.address) if recommended.person else Relation()
    return relation.sent + relation.received


def _certainty(recommended: Recommended, past: Past) -> float:
    """People whom one never wrote with may be known from life: that is worth a note only."""
    if recommended.thin:
        return 0.75
    relation = past.relation(recommended.person.address) if recommended.person else Relation()
    return 0.6 if relation.sent or relation.received or relation.tie is Tie.VOUCHED else 0.45


def _asked(person: str, past: Past) -> bool:
    """Whether they asked the owner for somebody: then what one knows is welcome."""
    return any(w.who == canonical(person) and _SEARCHES.intersection(w.asks) for w in past.wishes)
