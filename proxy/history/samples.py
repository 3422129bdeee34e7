"""A labelled letter of the corpus as judgement gets it: the mail, its envelope, and the past its history gives."""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from classifier.hearing import Ear
from classifier.reading.read import read_mail
from classifier.training.corpus import Sample
from models.mail import Envelope, Mail
from models.past import Past
from models.verdict import IncomingVerdict, OutgoingVerdict
from proxy.history.direction import envelope_of, people_of
from proxy.history.domains import hermetic_owner
from proxy.history.found import Found, Place
from proxy.history.hermetic import history_of, judge
from proxy.store.database import Store
from proxy.store.letters import past_for


class Situation(NamedTuple):
    """A letter with all that is known; outgoing where there is an envelope."""

    mail: Mail
    envelope: Envelope | None
    past: Past

    def judged(self, ear: Ear | None = None) -> IncomingVerdict | OutgoingVerdict:
        """The shipped policy's word on it."""
        return judge(self.mail, self.envelope, self.past, ear)


class Situations:
    """Makes letters into situations; letters without a history share one empty store."""

    def __init__(self, internal: Iterable[str] = ()) -> None:
        self._internal = tuple(internal)
        self._empty: Store | None = None

    async def __aenter__(self) -> "Situations":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._empty is not None:
            await self._empty.close()

    async def of(self, sample: Sample) -> Situation:
        """What judgement is given of a letter: only what its own history holds is known."""
        mail = read_mail(sample.raw)
        owner = hermetic_owner(sample.owner, self._internal)
        envelope = envelope_of(mail, sample.rcpt) if sample.outgoing else None
        people = people_of(mail, envelope)
        if sample.earlier:
            past = [Found(Place(Path(sample.id)), raw) for raw in sample.past]
            async with await history_of(past, owner) as store:
                known = await past_for(store, mail, people, owner=owner, now=sample.now)
        else:
            if self._empty is None:
                self._empty = await Store.open(None)
            known = await past_for(self._empty, mail, people, owner=owner, now=sample.now)
        return Situation(mail, envelope, known)
