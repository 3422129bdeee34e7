"""Moving one mail, never losing it: MOVE (RFC 6851), else COPY, \\Deleted and the expunge of that mail alone.

Where the server has no UID EXPUNGE (RFC 4315), EXPUNGE takes every mail that is marked \\Deleted, whoever
marked it. It is sent only when, just before, no other mail of the folder is so marked. Else our original
stays marked, which mail clients hide or strike through, and is taken away at a later look.
"""

from dataclasses import dataclass

from models.errors import MailboxError
from proxy.mailbox.answers import numbers
from proxy.mailbox.fetch import look
from proxy.mailbox.session import NotDone, Session
from proxy.mailbox.wire import name


@dataclass(frozen=True)
class Source:
    """A mail where it lies: folder, its UIDVALIDITY, UID, and what knows the mail again (`fetch.copy_of`)."""

    folder: str
    validity: int
    uid: int
    copy: int


class Elsewhere(MailboxError):
    """The mail is not where it was judged: expunged, moved by somebody, or its number means another now."""


def check(session: Session, source: Source) -> None:
    """The open folder is the source's, and behind its UID lies the mail that was judged. Raises Elsewhere."""
    if session.selected is None or session.selected.folder != source.folder:
        session.select(source.folder)
    if not session.same_folder(source.validity):
        raise Elsewhere(f"{source.folder} was renumbered by the server; nothing was moved.")
    found = look(session, [source.uid])
    if not found or "\\deleted" in found[0].flags:
        raise Elsewhere("the mail is gone from there; somebody was faster.")
    if found[0].copy != source.copy:
        raise Elsewhere("another mail lies behind its number; nothing was moved.")


def can_move(session: Session) -> bool:
    """The server moves in one step."""
    return session.has(b"MOVE")


def move(session: Session, source: Source, target: str) -> int:
    """Check and move in one step; the mail's UID in the target, 0 where the server did not say.

    Raises Elsewhere, and NotDone where the server refuses (TRYCREATE, OVERQUOTA): the mail is where it was.
    """
    check(session, source)
    answer = session.run(b"UID MOVE", b"%d" % source.uid, name(target))
    return _new_uid(answer.codes(b"COPYUID"), source.uid)


def copy(session: Session, source: Source, target: str) -> int:
    """Check and copy; the copy's UID, 0 where the server did not say. Raises as `move` does."""
    check(session, source)
    answer = session.run(b"UID COPY", b"%d" % source.uid, name(target))
    return _new_uid(answer.codes(b"COPYUID"), source.uid)


def remove(session: Session, source: Source) -> bool:
    """Take away the original of a copy known to lie in the target. False: it had to stay, marked \\Deleted.

    Raises Elsewhere where the original is gone or is another mail.
    """
    if session.selected is None or session.selected.folder != source.folder:
        session.select(source.folder)
    found = look(session, [source.uid]) if session.same_folder(source.validity) else []
    if not found or found[0].copy != source.copy:
        raise Elsewhere("the original is gone already.")
    session.run(b"UID STORE", b"%d" % source.uid, b"+FLAGS.SILENT (\\Deleted)")
    if session.has(b"UIDPLUS"):
        session.run(b"UID EXPUNGE", b"%d" % source.uid)
        return True
    if session.search(b"DELETED") != [source.uid]:
        return False
    session.run(b"EXPUNGE")
    return True


def mark(session: Session, source: Source, keyword: bytes) -> bool:
    """Set a keyword on the mail; False where the server keeps no keywords. Raises Elsewhere."""
    check(session, source)
    if session.selected is None or session.selected.read_only or not session.selected.keywords:
        return False
    try:
        session.run(b"UID STORE", b"%d" % source.uid, b"+FLAGS.SILENT (" + keyword + b")")
    except NotDone:
        return False
    return True


def _new_uid(codes: list[bytes], uid: int) -> int:
    """COPYUID's third word for our UID (`38505 304 3956`)."""
    for code in codes:
        words = code.split()
        if len(words) == 3:
            pairs = dict(zip(numbers(words[1]), numbers(words[2]), strict=False))
            if uid in pairs:
                return pairs[uid]
    return 0
