"""Which mail of a folder is history: not coldask's own notices, and not a stranger's under the owner's name."""

from datetime import datetime, timedelta
from typing import Final

from classifier.hearing import listen, shipped
from classifier.judge.outgoing import listened
from classifier.signals.automation import is_personal_for_history
from classifier.signals.language import is_english
from classifier.witness import witness
from models.letter import Letter
from models.mail import Mail
from models.past import Owner
from proxy.history.direction import envelope_of, is_outgoing
from proxy.history.forged import is_forged

ASKS_MATTER: Final = timedelta(days=365)  # an older ask weighs nothing any more (rule unanswered-nag)


def letter_of(
    mail: Mail,
    owner: Owner,
    *,
    is_sent: bool | None,
    stand_in: datetime,
    since: datetime | None = None,
    asked_since: datetime | None = None,
) -> Letter | None:
    """What history keeps of a mail in a folder; None for coldask's notices and for false own mail.

    Anybody can write the owner's address into From. Such a mail counts as the owner's where it lies in Sent
    (`is_sent`), or never came through a mail server (a client put it there). Where the source has no Sent
    folder (`is_sent` is None: an mbox, a flat Maildir) From decides, unless mail servers tell otherwise. `since` as in
    `witness`; what a mail from `asked_since` (aware) on asks is heard by the core, whatever words it asks in.
    """
    if is_notice(mail):
        return None
    if is_heard(mail, stand_in, asked_since):
        mail = _heard(mail, owner)
    letter = witness(mail, owner, stand_in=stand_in, since=since)
    if not letter.outgoing or is_sent:
        return letter
    false = is_forged(mail, owner) if is_sent is None else _travelled(mail)
    return None if false else letter


def is_heard(mail: Mail, stand_in: datetime, asked_since: datetime | None) -> bool:
    """Whether a mail is young enough to be heard; `stand_in` (aware) is its date where its own cannot be read."""
    return asked_since is not None and (mail.date or stand_in) >= asked_since


def _heard(mail: Mail, owner: Owner) -> Mail:
    """The same with what the core hears in it; of colleagues no ask is ever weighed."""
    if is_outgoing(mail, owner):
        return listened(mail, envelope_of(mail), owner, None)
    if (
        all(owner.is_internal(m.address) for m in mail.senders)
        or not is_personal_for_history(mail)
        or not is_english(mail.own_text)
    ):
        return mail
    return listen(mail, shipped())


def trouble_with(mail: Mail) -> str:
    """Why a mail can be no history, in words: it could not be read, or nobody is its sender; empty where it can."""
    return mail.unreadable or ("" if mail.senders else "no address in From")


def is_notice(mail: Mail) -> bool:
    """A notice coldask itself put into the folder. One that came by mail is somebody's trick."""
    return mail.header("x-coldask-notice") is not None and not _travelled(mail)


def _travelled(mail: Mail) -> bool:
    return mail.header("received") is not None
