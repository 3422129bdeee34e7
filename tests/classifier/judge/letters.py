"""Letters and pasts for the tests of incoming judgement: plain values, no bytes."""

from datetime import UTC, datetime
from typing import Any

from models.address import Mailbox, canonical
from models.mail import Attachment, Mail, ThreadLinks, Zone, ZoneKind
from models.past import Owner, Past, Relation, Tie

NOW = datetime(2024, 6, 1, tzinfo=UTC)
OWNER = "ines@harbour-pottery.example"
SENDER = Mailbox(name="Rufus Pell", address="rufus@pell-trading.example")


def letter(
    text: str,
    *,
    subject: str = "hello",
    sender: Mailbox | None = SENDER,
    to: tuple[str, ...] = (OWNER,),
    headers: tuple[tuple[str, str], ...] = (),
    enclosed: tuple[str, ...] = (),
    answers: str = "",
    **more: Any,
) -> Mail:
    """A mail whose whole text is the sender's own."""
    return Mail(
        senders=(sender,) if sender else (),
        to=tuple(Mailbox(address=a) for a in to),
        subject=subject,
        headers=headers,
        links=ThreadLinks(in_reply_to=(answers,)) if answers else ThreadLinks(),
        text=text,
        zones=(Zone(kind=ZoneKind.OWN, start=0, end=len(text)),) if text else (),
        attachments=tuple(Attachment(name=n, content_type="application/pdf") for n in enclosed),
        date=NOW,
        **more,
    )


def past(tie: Tie = Tie.UNKNOWN, *, who: str = SENDER.address, **more: Any) -> Past:
    """What is known: the sender's tie, and what else is given (fields of `Past`, and of their `Relation`)."""
    of_relation = {k: more.pop(k) for k in list(more) if k in Relation.model_fields}
    others = more.pop("others", {})
    return Past(
        now=NOW,
        owner=Owner(addresses=frozenset({OWNER}), internal_domains=frozenset({"harbour-pottery.example"})),
        relations={canonical(who): Relation(tie=tie, **of_relation), **others},
        **more,
    )
