"""After a mail went out: remembered in the history, and a copy in Sent where the provider makes none."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from classifier.hearing import Ear
from classifier.judge.outgoing import listened
from classifier.witness import ALWAYS, witness
from models.address import canonical
from models.errors import ColdaskError
from models.mail import Envelope, Mail
from models.past import Owner
from models.settings import AccountTable
from proxy.mailbox import Mailbox
from proxy.store.corrections import release_written_to
from proxy.store.database import Store
from proxy.store.letters import remember

# Providers that put what they send into Sent by themselves (says their help): ours would be a second.
_COPY_THEMSELVES = ("gmail.com", "googlemail.com", "office365.com", "outlook.com")


async def remember_sent(
    store: Store,
    mail: Mail,
    recipients: Iterable[str],
    *,
    owner: Owner,
    now: datetime,
    ear: Ear | None = None,
) -> None:
    """Add a mail that went to these recipients to the history: to them alone, who are released.

    What an ear hears it ask is remembered, too.
    """
    recipients = tuple(recipients)
    envelope = Envelope(sender=mail.sender.address if mail.sender else "", recipients=recipients)
    mail = await asyncio.to_thread(listened, mail, envelope, owner, ear)
    went = {canonical(r) for r in recipients}
    letter = witness(mail, owner, stand_in=now, since=ALWAYS)
    to = tuple(a for a in letter.to if a in went)
    cc = tuple(a for a in letter.cc if a in went)
    blind = tuple(sorted(went - {*to, *cc}))
    letter = letter.model_copy(update={"to": to, "cc": (*cc, *blind)})
    await remember(store, [letter], went=now)
    await release_written_to(store, [letter.model_copy(update={"date": now})], at=now, own=owner.addresses)


def copies_itself(host: str) -> bool:
    """Does this SMTP server's provider put sent mail into Sent by itself?"""
    name = host.lower().rstrip(".")
    return any(name == known or name.endswith("." + known) for known in _COPY_THEMSELVES)


async def copy_to_sent(
    name: str,
    account: AccountTable,
    raw: bytes,
    mail: Mail,
    mode: Literal["auto", "always", "never"],
    now: datetime,
) -> str:
    """Put a copy into Sent, marked as read, unless there is no need or no mailbox.

    Never raises: answers a sentence where a copy was due and could not be made, else nothing.
    """
    if mode == "never" or account.imap is None or (mode == "auto" and copies_itself(account.smtp.host)):
        return ""
    try:
        async with await Mailbox.open(name, account.imap) as box:
            folder = await box.sent_folder() or "Sent"
            if mode == "auto" and mail.message_id and await _is_there(box, folder, mail.message_id):
                return ""
            await box.append(folder, raw, flags=["\\Seen"], at=now)
    except (ColdaskError, OSError) as error:
        return f"The mail is sent, but no copy could be put into Sent: {error}"
    return ""


async def _is_there(box: Mailbox, folder: str, message_id: str) -> bool:
    """The provider was faster. A folder that cannot be searched (not made yet) holds no copy."""
    try:
        return await box.holds(folder, message_id)
    except ColdaskError:
        return False
