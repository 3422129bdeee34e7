"""You introduced two people who are now talking, and keep steering them.

## What it catches
A mail of yours to both of two people you introduced to each other, in a thread in which they have written since,
that asks how it goes, tells them what to do or keeps you in the loop.

## Why it hurts
After introducing two people, one gets out of their way: what they make of it is theirs (letter A).

## Example
> Did you two meet? Karl, you should send her the numbers first. And keep me in the loop.

## Do this instead
Take your leave, or ask one of them, alone, how it went. They will tell you what became of it.

## Exceptions
Thanks and congratulations; a word of leave; an answer to a question put to you; the introduction itself.
"""

from collections.abc import Iterator
from functools import cache

from classifier.rulebook import outgoing
from classifier.signals.phrasing import Phrases, load
from classifier.signals.recipients import shown
from classifier.signals.sentences import Sentence, split
from models.address import canonical
from models.finding import Remark
from models.mail import Envelope, Mail
from models.past import Past


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    pair = _introduced(envelope, past)
    if len(pair) < 2 or not past.thread.known or not any(canonical(p) in past.thread.people for p in pair):
        return
    sentences = split(mail.own_text)
    steering = next((s for s in sentences if _steers(s)), None)
    if steering is None or any(_phrases("leaving").find(s.plain) for s in sentences):
        return
    first, second = (shown(mail, p, past.relation(p).name) for p in pair[:2])
    yield Remark(
        message=f"You introduced {first} and {second}, they are talking, and you steer: “{_short(steering)}”",
        advice="Leave it to them, or ask one of them, alone, how it went.",
        quote=_short(steering),
        certainty=0.7,
        people=pair,
    )


def _introduced(envelope: Envelope, past: Past) -> tuple[str, ...]:
    """Those among the recipients whom one and the same mail of the owner's brought together."""
    sent = {canonical(a): a.lower() for a in envelope.recipients}
    together: dict[object, dict[str, None]] = {}
    for made in past.introductions:
        if made.by_owner and made.introduced in sent:
            together.setdefault(made.message_id or made.date, {})[sent[made.introduced]] = None
    return next((tuple(people) for people in reversed(together.values()) if len(people) > 1), ())


def _steers(sentence: Sentence) -> bool:
    """Whether a sentence tells them what to do; one of joy about them does not."""
    return bool(_phrases("steering").find(sentence.plain)) and not _phrases("joy").find(sentence.plain)


def _short(sentence: Sentence) -> str:
    return sentence.quote(sentence.start)


@cache
def _phrases(section: str) -> Phrases:
    return load("steering", {section: 0.8})
