"""An ask comes before the relationship that could carry it.

## What it catches
Any of the kinds of ask (time, advice, favour, contacts, introduction, job, business, money, referral,
testimonial) put to a person whose tie to you does not reach it yet. What each needs is one table:
`coldask rules premature-ask` prints it below, person by person it decides pass, warn or hold.

## Why it hurts
Nobody owes an introduction, a job or business to somebody they do not know, and being connected, or holding a
business card, is not knowing (letter B). That your offer is good, or your letter polite, never lowers what an
ask needs. Praise and recommendations stand on the other's own experience with you (letter A).

## Example
> Maud tells me your sister is head of drinks. It'd be a huge thing if you would set up a chat between us.

## Do this instead
Begin with something that costs the other nothing: thanks, something of use to them, one question about their
work. Ask when they have answered, and more has passed between you.

## Exceptions
What they asked for in their last mail ("send me your CV", "who would you like to meet?"); role mailboxes, for what
they are there for; mailing lists; an answer to all in a running thread of several; a closing line that leaves the
choice to the reader ("if somebody you know struggles with this, they may call me"); told, offered, negated and
thanked-for asks; anything in quoted or forwarded mail and in signatures. Low certainty never holds.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from classifier.phrases import sections
from classifier.policy import MATRIX
from classifier.rulebook import outgoing
from classifier.signals.agreement import NO_HOLD, PLAIN, sounds_warm
from classifier.signals.asks import find_asks, find_cold_asks
from classifier.signals.form import continues
from classifier.signals.recipients import addressed, may_ask, shown
from classifier.signals.refusals import find_refusal
from classifier.signals.requests import find_request
from classifier.signals.runs import in_group
from models.finding import Ask, AskSpan, Effect, Remark
from models.mail import Envelope, Mail
from models.past import Past, Tie

EASY_NO: Final = "You know each other, so name one person it could be for, and make a no easy."

COLD_THROUGH: Final = 7.0  # log-odds that a letter is cold, from which it is so all through


class _Put(NamedTuple):
    """An ask put to somebody: the person as written, and the surest words."""

    person: str
    span: AskSpan


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    if in_group(mail, envelope, past):
        return
    asks, cold, unusual = _readings(mail, past)
    for kind in dict.fromkeys(s.ask for s in (*cold, *asks)):
        puts: dict[str, _Put] = {}
        for span, to_strangers in _ranked(kind, cold, asks):
            for person in addressed(mail, envelope, past.owner, span):
                if person in puts:
                    continue
                warm = past.tie(person).at_least(Tie.ESTABLISHED)
                # Friends talk in many ways: unusual wording is believed of those who hardly know each other.
                if warm is to_strangers or (warm and unusual) or may_ask(person, kind, past):
                    continue
                puts[person] = _Put(person, span)
        for effect in (Effect.HOLD, Effect.WARN):
            group = [p for p in puts.values() if MATRIX[kind][past.tie(p.person)] is effect]
            if group:
                yield _remark(mail, past, kind, group)


class _Readings(NamedTuple):
    """A mail's asks as a friend reads them, and as one does who hardly knows the writer; whether in unusual words."""

    asks: tuple[AskSpan, ...]
    cold: tuple[AskSpan, ...]
    unusual: bool


def _readings(mail: Mail, past: Past) -> _Readings:
    asks = find_asks(mail)
    if find_refusal(mail) is not None:
        # Who declines says the other's words again, and asks to be left alone.
        plain = tuple(s for s in asks if s.certainty >= PLAIN)
        return _Readings(plain, plain, unusual=False)
    warm = mail.heard is not None and sounds_warm(mail.heard)
    unusual = None if asks or warm else find_request(mail)
    if unusual:
        return _Readings((unusual,), (unusual,), unusual=True)
    if any(not past.owner.is_own(who) for who in past.thread.people) or continues(mail):
        return _Readings(asks, (*asks, *_in_an_answer(mail)), unusual=False)
    return _Readings(asks, find_cold_asks(mail), unusual=False)


def _in_an_answer(mail: Mail) -> tuple[AskSpan, ...]:
    """What the whole of a letter makes an ask, where it answers another or sends one on: a warning at most.

    Such a letter talks of what the other was about, so what is plainly asked counts, and more only where it is cold
    all through. History may lack that letter; then the mail's own word is taken, since doubt stops nothing.
    """
    if mail.heard is None or mail.heard.cold < COLD_THROUGH:
        return ()
    return tuple(
        span.model_copy(update={"certainty": min(span.certainty, NO_HOLD)}) for span in find_cold_asks(mail)
    )


def _ranked(kind: Ask, cold: Sequence[AskSpan], asks: Sequence[AskSpan]) -> Iterator[tuple[AskSpan, bool]]:
    """The asks of a kind, the surest first, and whether they are those put to people who hardly know you."""
    for spans, to_strangers in ((cold, True), (asks, False)):
        for span in sorted((s for s in spans if s.ask is kind), key=lambda s: -s.certainty):
            yield span, to_strangers


def _remark(mail: Mail, past: Past, kind: Ask, group: list[_Put]) -> Remark:
    first = group[0]
    relation = past.relation(first.person)
    who = shown(mail, first.person, relation.name)
    more = f" and {len(group) - 1} more" if len(group) > 1 else ""
    quote = (
        first.span.quote if len(first.span.quote) <= 90 else first.span.quote[:88].rpartition(" ")[0] + " …"
    )
    wanted = f"{who}{more} {_words('wanted', kind)}"
    return Remark(
        message=f"You ask {wanted}: “{quote}” {_between(past, first.person, who)}",
        advice=EASY_NO if relation.tie is Tie.ESTABLISHED else _words("instead", kind),
        quote=first.span.quote,
        certainty=first.span.certainty,
        ask=kind,
        people=tuple(p.person for p in group),
    )


def _words(section: str, kind: Ask) -> str:
    return dict(line.split(" = ", 1) for line in sections("kinds")[section])[kind.value]


def _between(past: Past, person: str, who: str) -> str:
    relation = past.relation(person)
    introduced = past.introduction_of(person)
    if relation.tie is Tie.VOUCHED and introduced:
        return (
            f"So far {introduced.name or introduced.introducer} introduced you, and {who} has not "
            f"written yet."
        )
    return f"Between you and {who}: {'; '.join(relation.facts)}."
