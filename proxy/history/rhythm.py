"""Reply rhythm: how long the owner takes to answer, and how long the others do."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from classifier.ties import Turn
from classifier.ties.turns import counted, exchanges_in, threads_of
from models.letter import EventKind, Letter


class Rhythm(NamedTuple):
    """Answer times in seconds, shortest first."""

    own: tuple[int, ...]
    others: tuple[int, ...]


class Correspondence:
    """The letters between the owner and everybody else, person by person."""

    def __init__(self) -> None:
        self._turns: dict[str, list[Turn]] = defaultdict(list)

    def add(self, letter: Letter) -> None:
        """One letter. Those that stand for lost ones are left out: their dates are made up."""
        if letter.personal and not letter.reconstructed:
            for who, turn in _turns_of(letter):
                self._turns[who].append(turn)

    def rhythm(self) -> Rhythm:
        """The times between a letter and its answer, by the same exchanges that make a tie."""
        own: list[int] = []
        others: list[int] = []
        for turns in self._turns.values():
            for thread in threads_of(turns):
                for exchange in exchanges_in(counted(thread)):
                    (own if exchange.by_owner else others).append(max(exchange.last - exchange.first, 0))
        return Rhythm(tuple(sorted(own)), tuple(sorted(others)))


def _turns_of(letter: Letter) -> Iterator[tuple[str, Turn]]:
    turn = Turn(
        at=int(letter.date.timestamp()),
        key=letter.fingerprint,
        outgoing=letter.outgoing,
        recipients=len(letter.recipients),
        direct=letter.to_owner,
        id=letter.id,
        refs=letter.refs,
        subject=letter.subject,
        reply=letter.reply,
        asks=any(e.kind is EventKind.ASK for e in letter.events),
    )
    if not letter.outgoing:
        yield letter.sender, turn
    for who in letter.recipients if letter.outgoing else ():
        yield who, turn._replace(direct=who in letter.to)
