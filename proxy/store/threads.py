"""What history bears out of the thread a mail says it belongs to."""

import sqlite3
from collections.abc import Mapping, Sequence

from classifier.signals.quoting import quoted_in
from classifier.ties import Turn
from classifier.witness import bare_subject, says_reply
from models.letter import short_hash
from models.mail import Mail
from models.past import Thread
from proxy.store.quotes import quoted_letters
from proxy.store.rows import Flag

_MAX_LINKS = 50  # the nearest; more is no thread

_KNOWN = """
SELECT l.id, p.address, l.flags FROM letter l JOIN person p ON p.id = l.sender
WHERE l.message = ? AND l.message <> 0 AND l.date < ?
"""


def thread_of(
    db: sqlite3.Connection, mail: Mail, turns: Mapping[str, Sequence[Turn]], owner: str, moment: int
) -> Thread:
    """By Message-ID, else by a quote or by the subject, among the letters (`turns`) with the mail's persons."""
    found: dict[int, tuple[str, bool]] = {}
    for one in map(short_hash, mail.links.all[-_MAX_LINKS:]):
        for key, sender, flags in db.execute(_KNOWN, (one, moment)):
            found[key] = (sender, bool(flags & Flag.OUTGOING))
    if not found:
        found = _by_quote(db, mail, turns, owner, moment)
    if not found:
        found = _by_subject(mail, turns, owner)
    return Thread(
        known=bool(found),
        owner_wrote=any(outgoing for _, outgoing in found.values()),
        people=frozenset(sender for sender, _ in found.values()),
    )


def _by_quote(
    db: sqlite3.Connection, mail: Mail, turns: Mapping[str, Sequence[Turn]], owner: str, moment: int
) -> dict[int, tuple[str, bool]]:
    """The owner's letters to its writer that it quotes: a quotation of anything else proves nothing."""
    quoted = quoted_letters(db, quoted_in(mail), moment)
    writers = [m.canonical for m in mail.senders]
    return {
        t.key: (owner, True) for who in writers for t in turns.get(who, ()) if t.outgoing and t.key in quoted
    }


def _by_subject(mail: Mail, turns: Mapping[str, Sequence[Turn]], owner: str) -> dict[int, tuple[str, bool]]:
    subject = bare_subject(mail.subject)
    if not subject or not says_reply(mail):
        return {}
    wanted = short_hash(subject)
    return {
        turn.key: (owner if turn.outgoing else who, turn.outgoing)
        for who, letters in turns.items()
        for turn in letters
        if turn.subject == wanted
    }
