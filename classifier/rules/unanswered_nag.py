"""Another ask to somebody who has not answered the last ones.

## What it catches
An ask, or a reminder of one, to a person who has already let two asks go unanswered since they last wrote to you;
this one is not counted. After three or more it is held. To a person who never answered anything, a letter with any
question counts as an ask; and where a third of your letters asked, so did the others.

## Why it hurts
Nobody owes an answer to somebody they do not know, and silence is one (letter B). A third reminder gets no favour;
it gets the address blocked.

## Example
> "Just floating this to the top of your inbox: could you introduce me to your buyer?", for the third time

## Do this instead
Leave it. If you meet otherwise, give something that costs them nothing; or ask somebody else who knows you.

## Exceptions
Anything they wrote since makes a new beginning; what they asked for in their last mail; colleagues, mailing lists
and role mailboxes; reminders of a payment, a booking and the like; asks more than a year old, and those they were
only in copy of.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_every_ask
from classifier.signals.form import says_reply
from classifier.signals.nudges import find_nudge, reminds
from classifier.signals.recipients import addressed, is_list, may_ask, role_of, shown
from classifier.signals.requests import find_request, find_unanswered_question, requests_something
from classifier.signals.runs import LIKELY, is_paper, written_to
from classifier.signals.turns import find_turns
from models.address import canonical
from models.finding import Ask, AskSpan, Effect, Remark
from models.mail import Envelope, Mail
from models.past import Past, Tie, Wish

WARNED: Final = 2  # unanswered asks before this one
HELD: Final = 3
_MEMORY: Final = timedelta(days=365)  # ours: after a year one may ask anew
_BUMP: Final = 0.85  # a reminder in a thread …
_NUDGED: Final = 0.7  # … and one outside: "following up" can be on a talk
_AGAIN: Final = 0.35  # what is likely an ask where the last ones stayed without any answer
_PLAIN: Final = 0.7  # an ask that stops a mail after letters of which not each is known to have asked
_QUESTION: Final = 0.6  # that a question in a third letter is an ask again
_STILL_DOUBTED: Final = 0.6  # of the doubt about an ask, what two unanswered ones leave
# "^^", "Sue?": a letter of a mark or a name, and perhaps the writer's.
# What is taken is never given back: else a line of underscores would take for ever.
_BARE: Final = re.compile(r"(?=[^\n]*[\^?…+↑⬆👆])[\W_]*+(?:[A-ZÀ-Ý][^\W_]*+[\W_]*+){0,3}")
_TIMES: Final = {2: "twice", 3: "three times", 4: "four times", 5: "five times"}


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    if not past.wishes or is_paper(mail):
        return
    nudge = find_nudge(mail) or _reminder(mail)
    for person in written_to(mail, envelope, past):
        dates = _unanswered(person, past)
        written = _written(person, past)
        count = written if len(dates) < written <= 3 * len(dates) else len(dates)
        span = _ask_of(person, mail, envelope, past) if count >= WARNED else None
        if count < WARNED or not (span or nudge) or _is_free(person, span, past):
            continue
        plain = span is not None and span.certainty >= _PLAIN
        who = shown(mail, person, past.relation(person).name)
        times = _TIMES.get(count, f"{count} times")
        did, since = (
            ("asked", dates[0])
            if count == len(dates)
            else ("wrote to", past.relation(person).first or dates[0])
        )
        yield Remark(
            message=f"You {did} {who} {times} since {since:%-d %B}, and they have not answered.",
            advice="Leave it for now: silence is an answer too. If it matters, ask somebody who knows you.",
            quote=span.quote if span else nudge,
            certainty=_again(span.certainty) if span else _BUMP if says_reply(mail) else _NUDGED,
            ask=span.ask if span else None,
            people=(person,),
            ceiling=Effect.HOLD if count >= HELD and (len(dates) >= HELD or plain) else Effect.WARN,
        )


def _reminder(mail: Mail) -> str:
    """Words that remind only because letters before were not answered; a mark that points to them."""
    text = " ".join(mail.own_text.split())
    if _BARE.fullmatch(text):
        return text
    found = () if find_turns(text, "no-more") else find_turns(text, "reminder")
    return found[0].quote if found else ""


def _ask_of(person: str, mail: Mail, envelope: Envelope, past: Past) -> AskSpan | None:
    """What this mail asks of a person; of one who never answered, anything that is likely an ask again."""
    more = not find_turns(mail.own_text, "no-more")
    never = _never_answered(person, past) and more
    least = _AGAIN if never else LIKELY
    # What a model hears, and what the phrases find: in a third letter neither has to convince the other.
    asked = _question(mail) if never or (more and says_reply(mail)) else None  # a follow-up asks for the same
    asks = [*find_every_ask(mail), *filter(None, (find_request(mail), asked))]
    asks.sort(key=lambda s: -s.certainty)
    here = (s for s in asks if s.certainty >= least and person in addressed(mail, envelope, past.owner, s))
    return next(here, None)


def _question(mail: Mail) -> AskSpan | None:
    """A question of any kind, as an ask to somebody who answered none."""
    words = find_unanswered_question(mail)
    return (
        AskSpan(ask=Ask.FAVOUR, certainty=_QUESTION, quote=words, start=0, end=len(mail.own_text))
        if words
        else None
    )


def _again(certainty: float) -> float:
    """Whoever asked before and got no answer is likely to ask once more."""
    return 1 - (1 - certainty) * _STILL_DOUBTED


def _unanswered(person: str, past: Past) -> list[datetime]:
    """When the owner asked this person something since they last wrote, each mail once, oldest first."""
    heard = past.relation(person).last_received
    since = max(heard, past.now - _MEMORY) if heard else past.now - _MEMORY
    never = _never_answered(person, past)
    mine = (w for w in past.wishes if w.whom == canonical(person) and past.owner.is_own(w.who))
    return sorted({w.date for w in mine if w.direct and w.date > since and (never or _is_ask(w))})


def _written(person: str, past: Past) -> int:
    """How often the owner wrote to one who never answered, in the year that is remembered; 0 for others."""
    relation = past.relation(person)
    recent = relation.first is None or relation.first > past.now - _MEMORY
    return relation.sent if recent and _never_answered(person, past) else 0


def _never_answered(person: str, past: Past) -> bool:
    relation = past.relation(person)
    return relation.last_received is None and not relation.tie.at_least(Tie.ANSWERED)


def _is_ask(wish: Wish) -> bool:
    """Whether a letter asked for something; a plain question did not."""
    return bool(wish.asks) or requests_something(wish.quote) or reminds(wish.quote)


def _is_free(person: str, span: AskSpan | None, past: Past) -> bool:
    """Mailboxes that are there to be asked, and what the person asked for themselves."""
    if is_list(person) or role_of(person):
        return True
    return span is not None and may_ask(person, span.ask, past)
