"""Made-up mails, verdicts and helpers for the tests of held mail."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from classifier.reading.read import read_mail
from models.finding import Ask, Effect, Finding
from models.held import HeldMail
from models.mail import Envelope
from models.past import Tie
from models.settings import Settings
from models.verdict import Disposition, OutgoingVerdict, TieShown
from proxy.store.database import Store
from proxy.store.held import hold
from tests.servers.dovecot import PASSWORD
from tests.servers.provider import Provider

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
OWNER = "ann@example.org"
SUE, MAX, LIV = "sue@corp.example", "max@firm.example", "liv@shop.example"


def raw_mail(
    *,
    to: Sequence[str] = (SUE,),
    cc: Sequence[str] = (),
    subject: str = "A question about your team",
    text: str = "Dear Sue,\n\ncould you introduce me to your head of design?\n\nAnn\n",
    message_id: str = "<1@example.org>",
    more: str = "",
) -> bytes:
    """A plain mail of the owner's, CRLF line ends."""
    head = f"From: Ann Hartley <{OWNER}>\nTo: {', '.join(to)}\n"
    head += f"Cc: {', '.join(cc)}\n" if cc else ""
    head += f"Subject: {subject}\nMessage-ID: {message_id}\nDate: Mon, 04 May 2026 09:30:00 +0000\n{more}"
    head += "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
    return (head + text).replace("\n", "\r\n").encode()


def verdict(
    *people: str, disposition: Disposition = Disposition.HOLD, rule: str = "premature-ask"
) -> OutgoingVerdict:
    """An ask to strangers, held."""
    people = people or (SUE,)
    finding = Finding(
        rule=rule,
        effect=Effect(disposition.value),
        certainty=0.9,
        ask=Ask.INTRODUCTION,
        people=people,
        quote="could you introduce me to",
        message="You ask a stranger for an introduction.",
        advice="Write to them first.",
    )
    ties = {p: TieShown(tie=Tie.UNKNOWN, facts=("no mail either way",)) for p in people}
    return OutgoingVerdict(
        disposition=disposition,
        findings=(finding,),
        reason="You ask a stranger for an introduction.",
        ties=ties,
    )


async def hold_one(
    store: Store, *recipients: str, raw: bytes | None = None, now: datetime = NOW, **more: Any
) -> HeldMail:
    """Hold a mail to these recipients; `verdict` where it is not to be that of an ask to strangers."""
    raw = raw if raw is not None else raw_mail()
    people = recipients or (SUE,)
    return await hold(
        store,
        account="work",
        envelope=Envelope(sender=OWNER, recipients=people),
        raw=raw,
        mail=read_mail(raw),
        verdict=more.pop("verdict", None) or verdict(*people),
        now=now,
        **more,
    )


def settings_for(provider: Provider, **outgoing: Any) -> Settings:
    """One account at the scripted provider, without IMAP; the password in the environment."""
    smtp = {
        "host": "127.0.0.1",
        "port": provider.port,
        "security": "plaintext",
        "username": OWNER,
        "password_env": "COLDASK_TEST_PASSWORD",
    }
    return Settings.model_validate(
        {"accounts": {"work": {"addresses": [OWNER], "smtp": smtp}}, "outgoing": outgoing}
    )


PASSWORD_ENVIRONMENT = {"COLDASK_TEST_PASSWORD": PASSWORD}
