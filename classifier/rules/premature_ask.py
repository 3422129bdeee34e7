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
What they asked for in their last mail ("send me your CV", "who would you like to meet?"); role mailboxes, for
what they are there for; mailing lists; a closing line that leaves the choice to the reader ("if somebody you
know struggles with this, they may call me"); told, offered, negated and thanked-for asks; anything in quoted
or forwarded mail and in signatures. Low certainty never holds.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from classifier.policy import MATRIX
from classifier.rulebook import outgoing
from classifier.signals.asks import find_asks
from classifier.signals.recipients import addressed, is_list, shown, there_for
from classifier.signals.requests import find_request
from models.address import canonical
from models.finding import Ask, AskSpan, Effect, Remark
from models.mail import Envelope, Mail
from models.past import Past, Tie

WANTED: Final[dict[Ask, str]] = {
    Ask.TIME: "for time", Ask.ADVICE: "for advice", Ask.CONTACTS: "for contacts",
    Ask.INTRODUCTION: "for an introduction", Ask.JOB: "for work", Ask.BUSINESS: "for business",
    Ask.REFERRAL: "to recommend you", Ask.TESTIMONIAL: "for a testimonial", Ask.FAVOUR: "for a favour",
    Ask.MONEY: "for money", Ask.RECRUIT: "to change jobs or name candidates", Ask.PETITION: "to join a cause",
}  # fmt: skip

_FIRST: Final = "Write first about what brings you to them, or ask one question about their work"
INSTEAD: Final[dict[Ask, str]] = {
    Ask.TIME: f"{_FIRST}, one that a few lines can answer; propose a talk once they have answered.",
    Ask.ADVICE: "Ask one question that a few lines can answer, instead of a review or a lesson.",
    Ask.FAVOUR: f"{_FIRST}; keep the favour for later, or offer something of use to them before.",
    Ask.CONTACTS: f"{_FIRST}, and leave names for when you know each other.",
    Ask.INTRODUCTION: f"{_FIRST}, and leave the introduction for when you know each other.",
    Ask.JOB: "Ask one question about their work, or apply where the firm takes applications (jobs@, a posting).",
    Ask.BUSINESS: f"{_FIRST}, and leave the offer for when they show interest.",
    Ask.REFERRAL: "Leave it out, or close with a line that leaves the choice to them: whom they know may call you.",
    Ask.TESTIMONIAL: "Leave it out until they have worked with you for some time; then ask what they thought of it.",
    Ask.MONEY: f"{_FIRST}, and leave money for people who know you.",
    Ask.RECRUIT: f"{_FIRST}, and leave the offer for when they show interest.",
    Ask.PETITION: "Tell them why it matters to you, without asking them to join.",
}  # fmt: skip
_EASY_NO: Final = "You know each other, so name one person it could be for, and make a no easy."


class _Put(NamedTuple):
    """An ask put to somebody: the person as written, and the surest words."""

    person: str
    span: AskSpan


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    asks = find_asks(mail)
    unusual = find_request(mail) if not asks else None
    if unusual:
        asks = (unusual,)
    for kind in dict.fromkeys(s.ask for s in asks):
        puts: dict[str, _Put] = {}
        for span in sorted((s for s in asks if s.ask is kind), key=lambda s: -s.certainty):
            for person in addressed(mail, envelope, past.owner, span):
                # An unusual wording is believed of those who hardly know each other: friends talk in many ways.
                warm = unusual and past.tie(person).at_least(Tie.ANSWERED)
                if not warm and not _free(person, kind, past):
                    puts.setdefault(person, _Put(person, span))
        for effect in (Effect.HOLD, Effect.WARN):
            group = [p for p in puts.values() if MATRIX[kind][past.tie(p.person)] is effect]
            if group:
                yield _remark(mail, past, kind, group)


def _free(person: str, kind: Ask, past: Past) -> bool:
    """Whether this person may be asked this by the user whatever the tie."""
    if past.owner.is_internal(person) or is_list(person) or there_for(person, kind):
        return True
    who = canonical(person)
    return any(i.who == who and kind in i.asks for i in past.invitations)


def _remark(mail: Mail, past: Past, kind: Ask, group: list[_Put]) -> Remark:
    first = group[0]
    relation = past.relation(first.person)
    who = shown(mail, first.person, relation.name)
    more = f" and {len(group) - 1} more" if len(group) > 1 else ""
    quote = first.span.quote if len(first.span.quote) <= 90 else first.span.quote[:88].rpartition(" ")[0] + " …"
    return Remark(
        message=f"You ask {who}{more} {WANTED[kind]}: “{quote}” {_between(past, first.person, who)}",
        advice=_EASY_NO if relation.tie is Tie.ESTABLISHED else INSTEAD[kind],
        quote=first.span.quote,
        certainty=first.span.certainty,
        ask=kind,
        people=tuple(p.person for p in group),
    )


def _between(past: Past, person: str, who: str) -> str:
    relation = past.relation(person)
    introduced = past.introduction_of(person)
    if relation.tie is Tie.VOUCHED and introduced:
        return f"So far {introduced.name or introduced.introducer} introduced you, and {who} has not written yet."
    return f"Between you and {who}: {'; '.join(relation.facts)}."
