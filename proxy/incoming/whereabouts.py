"""Where mail that left Cold Asks has gone: looked for among the newest of each folder, then by Message-ID."""

from collections.abc import Sequence
from dataclasses import dataclass

from classifier.reading.read import read_headers
from models.letter import fingerprint
from proxy.mailbox.fetch import Look, look, with_message_id
from proxy.mailbox.folders import Folders, Use
from proxy.mailbox.session import NotDone, Session
from proxy.store.positions import Lying

_SPARE = 20  # newest mails of a folder looked at beside as many as are missed
_SEARCHES = 40  # mails looked for by Message-ID in one look: a search of every folder each


@dataclass(frozen=True)
class Place:
    """Where a mail was found."""

    folder: str
    uid: int
    uses: frozenset[Use]

    @property
    def trashed(self) -> bool:
        return bool(self.uses & {Use.TRASH, Use.JUNK})


def locate(session: Session, missing: Sequence[Lying], folders: Folders, cold: str) -> dict[int, Place]:
    """Where these mails lie now, by their number in Cold Asks; what is nowhere is left out.

    \\All is never looked into: there everything lies. The very copy counts before one that is only alike.
    """
    places = _order(folders, cold)
    found: dict[int, Place] = {}
    for exactly in (True, False):
        for folder in places:
            left = [m for m in missing if m.uid not in found]
            if left and _open(session, folder):
                for mail, uid in _match(_newest(session, len(left)), left, exactly=exactly):
                    found[mail.uid] = Place(folder, uid, _uses(folders, folder))
    for mail in [m for m in missing if m.uid not in found and m.message_id][:_SEARCHES]:
        place = _search(session, mail, folders, places)
        if place is not None:
            found[mail.uid] = place
    return found


def _order(folders: Folders, cold: str) -> list[str]:
    """The likely first."""
    names = folders.elsewhere([cold])
    likely = ["INBOX", *(folders.of_use(u) for u in (Use.TRASH, Use.ARCHIVE, Use.JUNK))]
    first = [name for name in likely if name in names]
    return list(dict.fromkeys([*(n for n in first if n is not None), *names]))


def _uses(folders: Folders, folder: str) -> frozenset[Use]:
    return frozenset(use for use in Use if folders.of_use(use) == folder)


def _open(session: Session, folder: str) -> bool:
    try:
        return session.select(folder, read_only=True).messages > 0
    except NotDone:
        return False


def _newest(session: Session, missed: int) -> list[Look]:
    assert session.selected is not None
    after = max(0, session.selected.uidnext - missed - _SPARE)
    return [one for one in look(session, session.uids_after(after)) if "\\deleted" not in one.flags]


def _match(looks: Sequence[Look], missing: Sequence[Lying], *, exactly: bool) -> list[tuple[Lying, int]]:
    """Pairs of a missing mail and the number of a mail that is it, each used once."""
    free: dict[int, list[int]] = {}
    for one in looks:
        key = one.copy if exactly else fingerprint(read_headers(one.header))
        free.setdefault(key, []).append(one.uid)
    pairs = []
    for mail in missing:
        uids = free.get(mail.copy if exactly else mail.fingerprint)
        if uids:
            pairs.append((mail, uids.pop()))
    return pairs


def _search(session: Session, mail: Lying, folders: Folders, places: Sequence[str]) -> Place | None:
    for folder in places:
        if _open(session, folder):
            looks = look(session, with_message_id(session, mail.message_id or "")[-_SPARE:])
            if pairs := _match(looks, [mail], exactly=False):
                return Place(folder, pairs[0][1], _uses(folders, folder))
    return None
