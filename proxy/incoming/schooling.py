"""What the user's moves teach about texts: each corrected mail is read once more, and its features are kept."""

import asyncio
from dataclasses import dataclass

from classifier.judge.incoming import learnable
from classifier.reading.read import read_mail
from models.letter import fingerprint
from proxy.incoming.watched import Watched
from proxy.mailbox import Mailbox
from proxy.mailbox.fetch import whole
from proxy.mailbox.session import NotDone, Session
from proxy.store import lessons
from proxy.store.letters import past_for


@dataclass(frozen=True)
class Moved:
    """A corrected mail: where it lies now, and the user's word."""

    correction: int
    folder: str
    uid: int
    cold: bool
    judged: bool  # coldask had judged it in the inbox before the user moved it


async def learn_from(watched: Watched, box: Mailbox, moved: Moved) -> None:
    """Read the mail where it lies and keep what it teaches; nothing where it has gone, or its text decided nothing.

    Raises MailboxError, StoreError. Whatever else fails teaches nothing and is told.
    """
    try:
        raw = await box.do(_whole_in, moved.folder, moved.uid)
    except NotDone:
        return
    if raw is None:
        return
    mail = await asyncio.to_thread(read_mail, raw)
    now = watched.clock()
    past = await past_for(
        watched.store,
        mail,
        [m.canonical for m in mail.senders],
        owner=watched.owner,
        now=min(mail.date or now, now),
        trusted=watched.trusted,
        lists=watched.lists,
        vouched_days=watched.settings.people.vouched_days,
    )
    try:
        lesson = await asyncio.to_thread(learnable, mail, past, watched.ear)
    except Exception as error:
        words = f"a corrected mail taught nothing: {type(error).__name__}"
        watched.journal.trouble(f"account {watched.account}", words)
        return
    if lesson is not None:
        await lessons.teach(
            watched.store, moved.correction, fingerprint(mail), lesson, cold=moved.cold, judged=moved.judged
        )


def _whole_in(session: Session, folder: str, uid: int) -> bytes | None:
    session.select(folder, read_only=True)
    return whole(session, uid)
