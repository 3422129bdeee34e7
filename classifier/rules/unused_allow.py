"""The mail carries a permission that nothing in it needs.

## What it catches
`[send anyway]` in the subject of a mail nothing speaks against, or an `X-Coldask-Allow` header for a rule that
finds nothing in it (or that does not exist: a slip of the pen allows nothing).

## Why it hurts
A permission that is carried along from mail to mail is no decision any more: the day it covers something, nobody
has looked. The blast that ends a network (letter E) is sent by somebody who was sure, once.

## Example
> Subject: [send anyway] Thursday's agenda

## Do this instead
Send the mail without it. It is taken out before the mail goes on in any case.

## Exceptions
A permission that covers at least one finding, whatever its effect. Permissions given with `coldask allow` are
listed there, with their ends.
"""

from collections.abc import Iterator

from classifier.policy import dispose
from classifier.rulebook import Rule, outgoing, rules
from classifier.signals.permission import Carried, carried
from models.finding import Effect, Remark
from models.mail import Envelope, Mail
from models.past import Past

_NAME = __name__.rpartition(".")[2].replace("_", "-")


@outgoing(structural=True, tied=False)
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    for permission in carried(mail):
        if not _is_used(permission, mail, envelope, past):
            what = f"rule {permission.rule}" if permission.rule else "whatever speaks against this mail"
            yield Remark(
                message=f"Your mail allows {what}, and there was nothing to allow.",
                advice="Leave the permission out next time; it is removed before the mail goes on.",
                quote=permission.quote,
                ceiling=Effect.NOTE,
            )


def _is_used(permission: Carried, mail: Mail, envelope: Envelope, past: Past) -> bool:
    return any(
        _finds(rule, mail, envelope, past)
        for rule in rules()
        if rule.name != _NAME and permission.rule in ("", rule.name)
    )


def _finds(rule: Rule, mail: Mail, envelope: Envelope, past: Past) -> bool:
    try:
        return any(dispose(rule.name, remark, past) for remark in rule.check(mail, envelope, past))
    except Exception:  # the judge says what failed; here nothing is known
        return True
