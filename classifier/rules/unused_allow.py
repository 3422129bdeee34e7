"""The mail carries a permission that nothing in it needs.

## What it catches
`[send anyway]` in the subject of a mail nothing speaks against, or an `X-Coldask-Allow` header for a rule that
finds nothing in it (or that does not exist: a slip of the pen allows nothing). The same for a mail allowed by
`coldask allow ID`.

## Why it hurts
A permission that is carried along from mail to mail is no decision any more: the day it covers something, nobody
has looked. The blast that ends a network (letter E) is sent by somebody who was sure, once.

## Example
> Subject: [send anyway] Thursday's agenda

## Do this instead
Send the mail without it. It is taken out before the mail goes on in any case.

## Exceptions
A permission that covers at least one finding, whatever its effect. Permissions for a person, a rule, a list or a
campaign are for more than one mail; `coldask allow` lists them, with their ends.
"""

import difflib
from collections.abc import Iterator

from classifier.policy import dispose
from classifier.rulebook import Rule, outgoing, rules
from classifier.signals.permission import carried
from models.finding import Effect, Remark
from models.mail import Envelope, Mail
from models.past import Past
from models.permission import Grant

_LISTED = "`coldask rules` lists them all."
_NAME = __name__.rpartition(".")[2].replace("_", "-")


@outgoing(structural=True, tied=False)
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    for given in past.permissions:
        if given.grant is Grant.MAIL and not _is_used(given.rule, mail, envelope, past):
            yield Remark(
                message=f"You allowed this mail on {given.at.date().isoformat()}, and there was nothing to allow.",
                advice=f"Take it back with `coldask allow p{given.id} --undo`, or let it be.",
                ceiling=Effect.NOTE,
            )
    for permission in carried(mail):
        if not _is_used(permission.rule, mail, envelope, past):
            what = f"rule {permission.rule}" if permission.rule else "whatever speaks against this mail"
            yield Remark(
                message=f"Your mail allows {what}, {_why_not(permission.rule)}",
                advice="Leave the permission out next time; it is removed before the mail goes on.",
                quote=permission.quote,
                ceiling=Effect.NOTE,
            )


def _why_not(allowed: str) -> str:
    names = [rule.name for rule in rules()]
    if not allowed or allowed in names:
        return "and there was nothing to allow."
    near = difflib.get_close_matches(allowed, names, n=1)
    return f"but there is no rule of that name; {f'did you mean {near[0]}?' if near else _LISTED}"


def _is_used(allowed: str, mail: Mail, envelope: Envelope, past: Past) -> bool:
    return any(
        _finds(rule, mail, envelope, past)
        for rule in rules()
        if rule.name != _NAME and allowed in ("", rule.name)
    )


def _finds(rule: Rule, mail: Mail, envelope: Envelope, past: Past) -> bool:
    try:
        return any(dispose(rule.name, remark, past) for remark in rule.check(mail, envelope, past))
    except Exception:  # the judge says what failed; here nothing is known
        return True
