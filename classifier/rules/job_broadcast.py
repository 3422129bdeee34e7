"""A résumé or an ask for work goes to several people at once, or to one after the other.

## What it catches
A mail that carries a résumé or asks for work, and goes to three or more people: blind, or mail by mail in
near-copies over the last 14 days. Whoever says that their work has ended, and would rather be at the reader's,
asks for work. A subject that is only your name or a trade makes it surer.

## Why it hurts
"Networking suicide": the reader sees that they are one of many, and the address is lost (letter E).

## Example
> Bcc: forty alumni · Subject: Al Poe, welder · "I am free from June, my CV is attached."

## Do this instead
Choose one of them whose work you know, and write to that one about it, without the résumé.

## Exceptions
Role mailboxes that take applications; your own addresses; colleagues; people on a list you configured; copies to
people you are established with, and answers in a thread they wrote in.
"""

from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_asks
from classifier.signals.enclosures import find_resume
from classifier.signals.names import names_of
from classifier.signals.recipients import blind, shown, takes_applications
from classifier.signals.runs import in_dialogue, near_copies, written_to
from classifier.signals.sentences import plain_words
from classifier.signals.subjects import seeks_work
from classifier.signals.turns import find_turns
from models.address import canonical
from models.finding import Ask, Remark
from models.mail import Envelope, Mail
from models.past import Past, Tie

SEVERAL: Final = 3
_SHORT_SUBJECT: Final = 6  # words: "Al Poe, welder, free from June"
_SURER: Final = 0.1
_SOUGHT: Final = 0.8  # a subject that seeks a post


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    people = tuple(a for a in blind(mail, envelope) if not _apart(a, past))
    gone: tuple[str, ...] = ()
    if len(people) < SEVERAL:
        gone, people = _one_by_one(mail, envelope, past)
    if not people or len(gone) + len(people) < SEVERAL:
        return
    resume = find_resume(mail)
    job = max((s for s in find_asks(mail) if s.ask is Ask.JOB), key=lambda s: s.certainty, default=None)
    sought = seeks_work(mail) or _would_work(mail)
    if resume is None and job is None and not sought:
        return
    what = (
        f"Your résumé ({resume.name_or_quote})"
        if resume
        else f"Your ask for work (“{job.quote if job else sought}”)"
    )
    first = shown(mail, people[0], past.relation(people[0]).name)
    to = (
        f"to {first}, and went to {len(gone)} others in the same letter"
        if gone
        else (f"blind to {len(people)} people, {first} among them")
    )
    sure = max(resume.certainty if resume else 0.0, job.certainty if job else 0.0, _SOUGHT if sought else 0.0)
    yield Remark(
        message=f"{what} goes {to}.",
        advice="Choose one whose work you know, and write to that one about it, without the résumé.",
        quote=job.quote if job else sought,
        certainty=min(1.0, sure + _SURER) if _names_oneself(mail) else sure,
        ask=Ask.JOB if job or sought else None,
        people=people,
    )


def _one_by_one(mail: Mail, envelope: Envelope, past: Past) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Whom below established near-copies went to before, and whom this one goes to."""
    copies = [] if in_dialogue(mail, envelope, past) else near_copies(mail, past)
    here = {canonical(a) for a in envelope.recipients}
    gone = dict.fromkeys(who for send in copies for who in send.people if who not in here)
    counted = tuple(who for who in gone if not _apart(who, past) and _early(who, past))
    if not counted:
        return (), ()
    people = tuple(a for a in written_to(mail, envelope, past) if not _apart(a, past) and _early(a, past))
    return counted, people


def _apart(address: str, past: Past) -> bool:
    """One's own house, mailboxes that take applications, readers of the owner's own mailings."""
    listed = any(canonical(address) in readers for readers in past.lists.values())
    return past.owner.is_internal(address) or takes_applications(address) or listed


def _early(address: str, past: Past) -> bool:
    return not past.tie(address).at_least(Tie.ESTABLISHED)


def _would_work(mail: Mail) -> str:
    """The words by which somebody whose work has ended would be at the reader's; a farewell has none."""
    over = find_turns(mail.own_text, "out-of-work")
    return next((t.quote for t in find_turns(mail.own_text, "would-work")), "") if over else ""


def _names_oneself(mail: Mail) -> bool:
    """A subject that is the own name, and at most a trade beside it."""
    said = plain_words(mail.subject)[0]
    names = names_of(mail.senders[0]) if mail.senders else frozenset()
    return 0 < len(said) <= _SHORT_SUBJECT and len(names & set(said)) >= min(2, len(names)) > 0
