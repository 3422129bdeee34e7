"""The tie to one person as of a moment, from the letters before it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from classifier.ties.facts import Figures, facts_of
from classifier.ties.thresholds import DAY, THRESHOLDS
from classifier.ties.turns import Exchange, Turn, counted, exchanges_in, threads_of
from models.past import Introduction, Relation, Tie


class _Course(NamedTuple):
    """What happened between the two, thread by thread."""

    threads: list[list[Turn]]
    letters: list[list[Turn]]  # those that count
    exchanges: list[list[Exchange]]

    @property
    def all_exchanges(self) -> list[Exchange]:
        return sorted(e for thread in self.exchanges for e in thread)


def relate(
    turns: Iterable[Turn],
    *,
    now: datetime,
    name: str = "",
    trusted: bool = False,
    introduction: Introduction | None = None,
    vouched_days: int = 90,
) -> Relation:
    """The relation to one person.

    `turns` are the letters between the owner and all addresses of that person; those before `now` (aware)
    count. `introduction` is the newest one of that person to the owner by somebody who was
    established then.
    """
    moment = int(now.timestamp())
    known = [t for t in turns if t.at < moment]
    threads = threads_of(known) if known else []
    letters = [counted(thread) for thread in threads]
    course = _Course(threads, letters, [exchanges_in(thread) for thread in letters])
    figures = _figures(course, moment)
    vouched = introduction is not None and now - timedelta(days=vouched_days) <= introduction.date < now
    tie = _tie(course, figures, moment, vouched)
    refused = _refused(threads, established=figures.was_established)
    if refused is not None:
        tie = Tie.ONE_SIDED
    if trusted:
        tie = Tie.TRUSTED
    return Relation(
        tie=tie,
        facts=facts_of(figures, tie, now, introduction if vouched else None, refused, trusted),
        name=name,
        exchanges=figures.exchanges,
        threads=figures.threads,
        sent=figures.sent,
        received=figures.received,
        first=_date(figures.first),
        last_sent=_date(figures.last_sent),
        last_received=_date(figures.last_received),
        refused=_date(refused),
        bulk_only=bool(known) and not any(t.personal for t in known),
    )


def _tie(course: _Course, figures: Figures, moment: int, vouched: bool) -> Tie:
    exchanges = course.all_exchanges
    recent = [e for e in exchanges if e.last >= moment - THRESHOLDS.trusted_days * DAY]
    if len(recent) >= THRESHOLDS.trusted_exchanges:
        return Tie.TRUSTED
    if figures.was_established and not figures.faded:
        return Tie.ESTABLISHED
    answered = bool(exchanges) or _wrote_after_them(course.threads) or _answered_a_lost_letter(course.threads)
    if vouched and not (figures.was_established or any(not e.by_owner for e in exchanges)):
        return Tie.VOUCHED  # the owner's welcome alone does not lift it
    if answered:
        return Tie.ANSWERED
    return Tie.ONE_SIDED if figures.any_letter else Tie.UNKNOWN


def _figures(course: _Course, moment: int) -> Figures:
    exchanges = course.all_exchanges
    starts = [letters[0].at for letters, found in zip(course.letters, course.exchanges, strict=True) if found]
    everything = [t for thread in course.threads for t in thread]
    personal = _personal(course)
    sent = [t for t in personal if t.outgoing]
    received = [t for t in personal if not t.outgoing]
    span = exchanges[-1].last - exchanges[0].first if exchanges else 0
    gap = int(median(b - a for a, b in pairwise(sorted(starts)))) if len(starts) > 1 else 0
    silence = moment - max(e.last for e in exchanges) if exchanges else 0
    return Figures(
        exchanges=len(exchanges),
        recent=sum(e.last >= moment - THRESHOLDS.trusted_days * DAY for e in exchanges),
        threads=len(starts),
        sent=len(sent),
        received=len(received),
        they_answered=sum(not e.by_owner for e in exchanges),
        owner_answered=sum(e.by_owner for e in exchanges),
        first=min((t.at for t in personal), default=None),
        last=max((t.at for t in personal), default=None),
        last_sent=max((t.at for t in sent), default=None),
        last_received=max((t.at for t in received), default=None),
        others=len(everything) - len(personal),
        any_letter=bool(everything),
        gap=gap,
        silence=silence,
        was_established=(
            len(exchanges) >= THRESHOLDS.established_exchanges
            and len(starts) >= THRESHOLDS.established_threads
            and span >= THRESHOLDS.established_days * DAY
        ),
        faded=silence > max(THRESHOLDS.fading_days * DAY, THRESHOLDS.fading_gaps * gap),
    )


def _personal(course: _Course) -> list[Turn]:
    """Letters to this person in particular: those that count, and those to few that nobody answered."""
    keys = {t.key for letters in course.letters for t in letters}
    return [
        t
        for thread in course.threads
        for t in thread
        if t.key in keys or (t.personal and t.recipients <= THRESHOLDS.many_recipients)
    ]


def _wrote_after_them(threads: Sequence[Sequence[Turn]]) -> bool:
    """The owner wrote them a fresh letter soon after theirs: an answer in a thread of its own."""
    turns = [t for thread in threads for t in thread if t.personal]
    theirs = [t.at for t in turns if not t.outgoing]
    return any(
        0 < mine.at - at <= THRESHOLDS.own_accord_days * DAY
        for mine in turns
        if _to_them_alone(mine)
        for at in theirs
    )


def _answered_a_lost_letter(threads: Sequence[Sequence[Turn]]) -> bool:
    """They wrote after a letter of the owner's of which nothing is left but that it was written."""
    turns = [t for thread in threads for t in thread if t.personal]
    lost = min((t.at for t in turns if t.reconstructed and _to_them_alone(t)), default=None)
    return lost is not None and any(t.at > lost and not t.outgoing for t in turns)


def _to_them_alone(turn: Turn) -> bool:
    return turn.outgoing and turn.personal and turn.direct and turn.recipients <= THRESHOLDS.many_recipients


def _refused(threads: Sequence[Sequence[Turn]], *, established: bool) -> int | None:
    """When the owner last said no, unless the owner has written since without being written to."""
    refusals = [at for thread in threads for at in _refusals_in(thread, established=established)]
    if not refusals:
        return None
    last = max(refusals)
    for thread in threads:
        letters = [t for t in thread if t.personal]
        for i, turn in enumerate(letters):
            own_accord = i == 0 or letters[i - 1].outgoing
            if turn.at > last and _to_them_alone(turn) and own_accord:
                return None
    return last


def _refusals_in(thread: Sequence[Turn], *, established: bool) -> Iterator[int]:
    """A polite no refuses where it answers an ask of somebody hardly known; friends say it to a lift."""
    for before, turn in zip((None, *thread), thread, strict=False):
        polite = before is not None and not before.outgoing and before.asks and not established
        if turn.outgoing and turn.refusal and (turn.firm or polite):
            yield turn.at


def _date(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
