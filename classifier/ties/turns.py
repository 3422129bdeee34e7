"""The letters between the owner and one person: which belong together, and what was exchanged in each thread.

Order does not matter: the same letters in any order give the same threads.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from classifier.ties.thresholds import DAY, THRESHOLDS


class Turn(NamedTuple):
    """One letter between the owner and one person."""

    at: int  # seconds since 1970
    key: int  # its fingerprint
    outgoing: bool
    personal: bool = True  # neither bulk nor automatic
    recipients: int = 1
    direct: bool = True  # the other side stands in To
    id: int = 0  # hash of its Message-ID
    refs: tuple[int, ...] = ()  # what it says it answers, nearest last
    subject: int = 0  # hash, 0 where empty
    reply: bool = False  # says it is a reply, or quotes
    refusal: bool = False  # the sender says no
    firm: bool = False  # … and closes the matter whoever it is said to
    asks: bool = False  # the sender asks something
    reconstructed: bool = False  # stands for a letter whose thread was lost


class Exchange(NamedTuple):
    """One personal letter followed by the other side's."""

    first: int  # when the letter was written that was answered
    last: int  # when it was answered
    by_owner: bool  # the owner answered


def threads_of(turns: Iterable[Turn]) -> list[list[Turn]]:
    """The turns cut into threads, each in order of time; threads in the order of their first letter.

    Message-IDs join where they were kept; else the subject does: for the owner's letter always (their own
    act), for theirs only where it says it is a reply (a claim, borne out by the earlier letter being there).
    """
    ordered = sorted(turns, key=lambda t: (t.at, t.outgoing, t.key))
    parent = list(range(len(ordered)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(i: int, j: int) -> None:
        low, high = sorted((root(i), root(j)))
        parent[high] = low

    by_id: dict[int, int] = {}
    for i, turn in enumerate(ordered):
        for known in (turn.id, *turn.refs):
            if known:
                join(i, by_id.setdefault(known, i))
    by_subject: dict[int, int] = {}
    for i, turn in enumerate(ordered):
        if not turn.subject:
            continue
        before = by_subject.get(turn.subject)
        if before is not None and _subject_joins(ordered[before], turn):
            join(i, before)
        by_subject[turn.subject] = i
    found: dict[int, list[Turn]] = defaultdict(list)
    for i, turn in enumerate(ordered):
        found[root(i)].append(turn)
    return [_in_order(found[i]) for i in sorted(found)]


def _subject_joins(before: Turn, turn: Turn) -> bool:
    soon = turn.at - before.at <= THRESHOLDS.subject_days * DAY
    return soon and (turn.reply or (turn.outgoing and not before.outgoing))


def _in_order(thread: list[Turn]) -> list[Turn]:
    """An answer never stands before what it answers, whatever a wrong clock says."""
    when = {turn.id: turn.at for turn in thread if turn.id}
    floor = {
        turn.key: max([turn.at, *(when[r] + 1 for r in turn.refs if r in when and r != turn.id)])
        for turn in thread
    }
    return sorted(thread, key=lambda t: (floor[t.key], t.outgoing, t.key))


def counted(thread: Sequence[Turn]) -> list[Turn]:
    """The letters that one person wrote to the other.

    What machines sent is left out, and what only reached the other among many or in copy, unless it is the
    direct answer to their letter or they answered it.
    """
    ids = {side: {t.id for t in thread if t.id and t.outgoing is side} for side in (True, False)}
    kept: list[Turn] = []
    for turn in reversed(thread):
        if not turn.personal:
            continue
        answers = bool(turn.refs) and turn.refs[-1] in ids[not turn.outgoing]
        weak = turn.recipients > THRESHOLDS.many_recipients or not turn.direct
        if weak and not answers and not (kept and kept[-1].outgoing is not turn.outgoing):
            continue
        kept.append(turn)
    return kept[::-1]


def exchanges_in(letters: Sequence[Turn]) -> list[Exchange]:
    """The exchanges in one thread's counted letters: A-B-A-B is three."""
    return [
        Exchange(before.at, after.at, after.outgoing)
        for before, after in pairwise(letters)
        if before.outgoing is not after.outgoing
    ]
