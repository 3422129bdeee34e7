"""Which mail of a folder is history: not coldask's own notices, and not a stranger's under the owner's name."""

from datetime import datetime

from classifier.witness import witness
from models.letter import Letter
from models.mail import Mail
from models.past import Owner
from proxy.history.forged import is_forged


def letter_of(
    mail: Mail, owner: Owner, *, is_sent: bool | None, stand_in: datetime, since: datetime | None = None
) -> Letter | None:
    """What history keeps of a mail in a folder; None for coldask's notices and for false own mail.

    Anybody can write the owner's address into From. Such a mail counts as the owner's where it lies in Sent
    (`is_sent`), or never came through a mail server (a client put it there). Where the source has no Sent
    folder (`is_sent` is None: an mbox, a flat Maildir) From decides, unless mail servers tell otherwise. `since` as in
    `witness`.
    """
    if is_notice(mail):
        return None
    letter = witness(mail, owner, stand_in=stand_in, since=since)
    if not letter.outgoing or is_sent:
        return letter
    false = is_forged(mail, owner) if is_sent is None else _travelled(mail)
    return None if false else letter


def trouble_with(mail: Mail) -> str:
    """Why a mail can be no history, in words: it could not be read, or nobody is its sender; empty where it can."""
    return mail.unreadable or ("" if mail.senders else "no address in From")


def is_notice(mail: Mail) -> bool:
    """A notice coldask itself put into the folder. One that came by mail is somebody's trick."""
    return mail.header("x-coldask-notice") is not None and not _travelled(mail)


def _travelled(mail: Mail) -> bool:
    return mail.header("received") is not None
