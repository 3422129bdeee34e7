"""One mail asks for three different things or more.

## What it catches
Asks of three or more kinds in one mail, each in a sentence of its own, to somebody below an established
acquaintance. A request in whatever words is one of them, as is what a list of asks ("First, …") goes on with.

## Why it hurts
Each ask makes the others weigh more, and the reader does not know where to begin (letter C).

## Example
> Could we have a coffee? Would you look over my CV? And whom do you know at the museums?

## Do this instead
Choose the one that matters most, and ask it alone.

## Exceptions
Established friends; colleagues; what role mailboxes are there for; what they asked for in their last mail.
"""

import re
from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_every_ask
from classifier.signals.recipients import addressed, may_ask, shown
from classifier.signals.requests import requests_something
from classifier.signals.sentences import Sentence, split
from models.finding import Ask, AskSpan, Remark
from models.mail import Envelope, Mail
from models.past import Past, Tie

MANY: Final = 3  # kinds
_LIKELY: Final = 0.6
_HEARD: Final = 0.8  # that a sentence asks, of whatever kind
_MAX_TEXT: Final = 12_000  # characters
# "Second, which of your friends …?", "Third: …": a list of asks goes on.
_GOES_ON: Final = re.compile(
    r"^ (?:first|second|third|fourth|firstly|secondly|thirdly|finally|lastly|next|and last) (?:[,:-] )?"
)


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    spans = _asks(mail)
    kinds: dict[str, dict[Ask, str]] = {}
    if len({span.ask for span in spans}) >= MANY:
        for span in spans:
            for person in addressed(mail, envelope, past.owner, span):
                if not past.tie(person).at_least(Tie.ESTABLISHED) and not may_ask(person, span.ask, past):
                    kinds.setdefault(person, {}).setdefault(span.ask, span.quote)
    people = tuple(p for p, asked in kinds.items() if len(asked) >= MANY)
    if people:
        asked = kinds[people[0]]
        yield Remark(
            message=f"You ask {shown(mail, people[0], past.relation(people[0]).name)} for {len(asked)} different "
            f"things at once ({', '.join(asked)}).",
            advice="Choose the one that matters most, and ask it alone.",
            quote=next(iter(asked.values())),
            certainty=0.8,
            people=people,
        )


def _asks(mail: Mail) -> list[AskSpan]:
    """The asks of a mail where as many sentences ask: what phrases find, what is heard, and other requests."""
    likely = sorted((s for s in find_every_ask(mail) if s.certainty >= _LIKELY), key=lambda s: s.start)
    found = {(span.start, span.ask): span for span in likely}
    if len({ask for _, ask in found}) + 1 < MANY:
        return []
    said = mail.heard.sentences if mail.heard is not None else ()
    heard = {s.start: s.kinds[0][0] for s in said if s.kinds and s.asks >= _HEARD}
    for sentence in split(mail.own_text[:_MAX_TEXT]):
        kind = heard.get(sentence.start) or (Ask.FAVOUR if _requests(sentence) else None)
        if kind is not None and all(sentence.start != start and kind is not ask for start, ask in found):
            found[sentence.start, kind] = AskSpan(
                ask=kind,
                certainty=_LIKELY,
                quote=sentence.quote(sentence.start),
                start=sentence.start,
                end=sentence.end,
            )
    return list(found.values()) if len({start for start, _ in found}) >= MANY else []


def _requests(sentence: Sentence) -> bool:
    """Whether a sentence requests something in whatever words, or goes on with a list of asks."""
    goes_on = sentence.question and _GOES_ON.search(sentence.plain) is not None
    return goes_on or requests_something(sentence.verbatim)
