"""A new ask goes to somebody who helped, and was never told what became of it.

## What it catches
An ask to a person who gave you names, a lead, an introduction, a referral or advice within the last year, and whom
you have not told what became of it, neither earlier nor in this mail.

## Why it hurts
People who help want to know that it was worth it. Who only comes back for more is soon a stranger again: tell
people what became of their lead, more than once (letter C).

## Example
> In March Bo gave you three names. In May: "Bo, could you also put me in touch with the port authority?"

## Do this instead
Begin with the report: whom you talked to, what came of it, and thanks. Then ask, or better, ask next time.

## Exceptions
A mail that itself reports; an ask in answer to the very letter that helped; colleagues, mailing lists and role
mailboxes; what they asked for in their last mail.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.asks import find_asks
from classifier.signals.help import find_report
from classifier.signals.recipients import addressed, may_ask, role_of, shown
from classifier.signals.requests import find_request
from classifier.signals.runs import LIKELY
from models.address import canonical
from models.finding import Remark
from models.letter import Help
from models.mail import Envelope, Mail
from models.past import Debt, Past

_MEMORY: Final = timedelta(days=365)  # ours
_STILL_TALKING: Final = timedelta(days=7)  # ours: a report is due a week after one used the help
_GAVE: Final = {
    Help.NAMES: "gave you names",
    Help.LEAD: "gave you a lead",
    Help.INTRODUCTION: "introduced you to somebody",
    Help.REFERRAL: "recommended you",
    Help.ADVICE: "gave you advice",
}


@outgoing()
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    if not past.debts:
        return
    told = find_report(mail)
    if told is not None and told.reports:
        return
    reported: set[str] = set()
    other = find_request(mail)
    asks = find_asks(mail) or ((other,) if other else ())
    for span in sorted(asks, key=lambda s: -s.certainty):
        for person in addressed(mail, envelope, past.owner, span) if span.certainty >= LIKELY else ():
            debt = _open_debt(person, mail, past)
            if (
                debt is None
                or _is_shown(person, envelope, past)
                or person in reported
                or role_of(person)
                or may_ask(person, span.ask, past)
            ):
                continue
            reported.add(person)
            who = shown(mail, person, past.relation(person).name)
            yield Remark(
                message=f"{who} {_GAVE[debt.kind]} on {debt.date:%-d %B %Y}, and you have not told them what became "
                "of it.",
                advice="Begin with the report and thanks: whom you talked to and what came of it. Ask after that.",
                quote=span.quote,
                certainty=span.certainty,
                ask=span.ask,
                people=(person,),
            )


def _is_shown(person: str, envelope: Envelope, past: Past) -> bool:
    """Whether the mail itself goes to one whom this person introduced: in copy they see what became of it."""
    introducers = {i.introducer for a in envelope.recipients if (i := past.introduction_of(a))}
    return canonical(person) in introducers


def _open_debt(person: str, mail: Mail, past: Past) -> Debt | None:
    """The newest help of this person's that the owner has not reported on, unless the talk is still about it."""
    mine = [d for d in past.debts if d.who == canonical(person) and d.told is None]
    mine = [d for d in mine if past.now - d.date <= _MEMORY and not _still_about(d, mail, past)]
    return max(mine, key=lambda d: d.date, default=None)


def _still_about(debt: Debt, mail: Mail, past: Past) -> bool:
    return debt.message_id in mail.links.all and past.now - debt.date <= _STILL_TALKING
