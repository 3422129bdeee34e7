"""You bring two people together, and the one who will be asked has not agreed.

## What it catches
A mail of yours that introduces two outside people, where neither your history nor your words show that the more
exposed of them, the one something is wanted of, agreed to it.

## Why it hurts
Whoever is introduced unasked cannot say no without hurting somebody, and it was you who put them there. One asks
each alone first, with an easy no (letters A and D).

## Example
> Ursula, meet Daniel, who makes crisps and would love half an hour of your advice. Over to you two!

## Do this instead
Write to that person alone: who it is, what is wanted, and that no is fine. Introduce them once both have said yes.

## Exceptions
They agreed in their last mail or wrote in this thread; your letter says that they agreed; an answer to somebody
who was looking for a service; colleagues; people who know each other.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.introductions import introduced_by
from classifier.signals.phrasing import Phrases, load
from classifier.signals.recipients import role_of, shown
from models.address import Mailbox
from models.finding import Ask, Remark
from models.mail import Envelope, Mail
from models.past import Past

_WANTED: Final = 0.7  # where one wants something of the other
_EVEN: Final = 0.6  # where neither shows to be more exposed
_ACCEPTS: Final = frozenset({Ask.INTRODUCTION, Ask.TIME})


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    made = introduced_by(mail, past.owner.addresses)
    if made is None:
        return
    people = [m for m in made.people if not past.owner.is_internal(m.address) and not role_of(m.address)]
    present = {m.canonical for m in (*mail.to, *mail.cc)}
    if _met(people, past):
        return
    if len(people) < 2 or not all(m.canonical in present for m in people) or _said(mail, "both"):
        return
    askers = [m for m in people if _asked(m, past, Ask.INTRODUCTION)]
    searching = any(_asked(m, past, Ask.CONTACTS) for m in people)
    if not askers and (searching or _said(mail, "service") or _said(mail, "one")):
        return
    agreed = [m for m in people if _agreed(m, past)]
    exposed = [m for m in people if m not in agreed and m not in askers]
    if not exposed or (agreed and not askers):
        return
    names = " and ".join(shown(mail, m.address, past.relation(m.address).name) for m in exposed[:2])
    yield Remark(
        message=f"You bring people together (“{made.quote}”), and nothing shows that {names} agreed to it.",
        advice=f"Ask {'them' if len(exposed) > 1 else names} alone first, with an easy no; introduce them once "
        f"both have said yes.",
        quote=made.quote if made.quote in " ".join(mail.own_text.split()) else "",
        certainty=_WANTED if askers or _said(mail, "wants") else _EVEN,
        people=tuple(m.address.lower() for m in exposed),
    )


def _met(people: list[Mailbox], past: Past) -> bool:
    """Whether one of them is who introduced another to the owner: then they know each other."""
    makers = {made.introducer for m in people if (made := past.introduction_of(m.address))}
    return any(m.canonical in makers for m in people)


def _asked(box: Mailbox, past: Past, kind: Ask) -> bool:
    """Whether they asked the owner for it."""
    return any(w.who == box.canonical and kind in w.asks for w in past.wishes)


def _agreed(box: Mailbox, past: Past) -> bool:
    """Whether they wrote in this thread, or said in their last mail that somebody may be sent to them."""
    invited = [i for i in past.invitations if i.who == box.canonical]
    return box.canonical in past.thread.people or any(
        "person" in i.enclosures or _ACCEPTS.intersection(i.asks) for i in invited
    )


def _said(mail: Mail, section: str) -> bool:
    return _phrases(section).stand_in(f"{mail.subject}.\n\n{mail.own_text}")


@cache
def _phrases(section: str) -> Phrases:
    return load("agreed", {section: 0.8})
