"""What becomes of a whole mail: known again, held, or sent; and what is remembered of it afterwards."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

from models.errors import ProviderError, StoreError
from models.held import HeldMail, Move, State
from models.verdict import Disposition, OutgoingVerdict
from proxy.notices import LATER, Notice, Occasion, tell
from proxy.outgoing.judging import Judged, Judging
from proxy.outgoing.replies import Reply, kept, reply, unsure
from proxy.outgoing.sent import remember_sent
from proxy.outgoing.submission import Submission, Together
from proxy.outgoing.upstream import AnswerLost, Disconnected, Upstream
from proxy.outgoing.workplace import Workplace
from proxy.store.flights import Flight, begin_flight, end_flight, find_flight, mark_taken
from proxy.store.held import find_same, hold, record_resend
from proxy.store.moves import claim, mark_superseded, settle
from proxy.store.warned import record_warning

_UNDER_WAY = reply(451, "4.4.5", "This mail is being sent right now; try again in a minute.")
_LOOK_AGAIN = 0.1  # seconds


class Line(Protocol):
    """The way to the provider."""

    async def ready_upstream(self) -> Upstream:
        """The connection with exactly the accepted envelope. Raises ProviderError."""


class _UnderWay(Exception):
    """The very same mail is being sent by another session."""


class Handling:
    """One for the service. `run` names this run of it, so that what an earlier one left is told apart."""

    def __init__(self, desk: Workplace, judging: Judging) -> None:
        self.desk = desk
        self.judging = judging
        self.run = secrets.token_hex(8)
        self._together = Together()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.patience = 30.0  # seconds that a mail waits for the same one, which another session is sending

    async def handle(self, mail: Submission, line: Line) -> tuple[Reply, int | None]:
        """The answer to the final dot, and the flight to be ended once the client has it (`answered`).

        The same mail, handed in again while it is being sent, waits for the end of that: it is the client's
        second mail where the first was answered, and a retry where nobody was there to hear it.

        Raises StoreError before anything was sent or kept.
        """
        until = asyncio.get_running_loop().time() + self.patience
        while True:
            answer, flight = await self._once(mail, line)
            if answer is not _UNDER_WAY or asyncio.get_running_loop().time() > until:
                return answer, flight
            await asyncio.sleep(_LOOK_AGAIN)

    async def _once(self, mail: Submission, line: Line) -> tuple[Reply, int | None]:
        known = await self._known(mail)
        if known is not None:
            return known, None
        now = self.desk.clock()
        judged = await self.judging.judge(mail.mail, self._together.whole(mail.mail, mail.envelope, now))
        if self._stops(judged):
            return await self._keep(mail, judged.verdict), None
        return await self._send(mail, judged, line)

    async def answered(self, flight: int, heard: bool) -> None:
        """The client has its answer, or was not there any more to hear it: then its retry is known again."""
        await self._try("flight", (end_flight if heard else mark_taken)(self.desk.store, flight))

    async def close(self, patience: float = 5.0) -> None:
        """Wait for notices under way."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience)
        for task in self._tasks:
            task.cancel()

    # -- the same mail again (promise 4)

    async def _known(self, mail: Submission) -> Reply | None:
        store, now = self.desk.store, self.desk.clock()
        found = await find_same(store, envelope=mail.envelope, raw=mail.raw, mail=mail.mail, now=now)
        if found is not None and found.state is State.RELEASED:
            if await record_resend(store, found.id, now):
                self.desk.journal.resent(found.id)
                return reply(250, "2.0.0", f"Released before as {found.id}; this copy was not sent again.")
        elif found is not None and (found.state in (State.UNSURE, State.RELEASING) or found.reached_some):
            return unsure(found)
        flight = await find_flight(store, envelope=mail.envelope, raw=mail.raw, mail=mail.mail, now=now)
        return None if flight is None else await self._landed(mail, flight)

    async def _landed(self, mail: Submission, flight: Flight) -> Reply:
        """A mail whose end the client did not hear comes again."""
        if flight.taken:
            await end_flight(self.desk.store, flight.number)
            return reply(250, "2.0.0", "The provider took this mail before; this copy was not sent again.")
        if flight.run == self.run:
            return _UNDER_WAY
        verdict = OutgoingVerdict(
            disposition=Disposition.PASS, reason="coldask was cut off while sending it."
        )
        held = await self._keep_unsure(mail, verdict)
        await end_flight(self.desk.store, flight.number)
        return unsure(held)

    # -- holding

    def _stops(self, judged: Judged) -> bool:
        outgoing = self.desk.settings.outgoing
        if outgoing.mode == "observe" or not judged.ready:
            return False
        disposition = judged.verdict.disposition
        return disposition is Disposition.HOLD or (
            disposition is Disposition.WARN and outgoing.on_warn == "hold"
        )

    async def _keep(self, mail: Submission, verdict: OutgoingVerdict) -> Reply:
        held = await self._hold(mail, verdict)
        self.desk.journal.held(held.id, verdict.rules, len(held.recipients))
        self._tell(Occasion.HOLD, mail, verdict.reason, held.id)
        return kept(held, verdict)

    async def _hold(self, mail: Submission, verdict: OutgoingVerdict) -> HeldMail:
        return await hold(
            self.desk.store,
            account=mail.account,
            envelope=mail.envelope,
            raw=mail.raw,
            mail=mail.mail,
            verdict=verdict,
            now=self.desk.clock(),
            options=mail.options,
        )

    async def _keep_unsure(self, mail: Submission, verdict: OutgoingVerdict) -> HeldMail:
        """Keep a mail that may have gone. Raises StoreError."""
        store = self.desk.store
        held = await self._hold(mail, verdict)
        positions = [i for i, r in enumerate(held.recipients) if r.state is State.HELD]
        await claim(store, held.id, positions, self.desk.clock(), narrowed=False)
        words = "the provider's answer was lost"
        held = await settle(store, held.id, Move.LOST, dict.fromkeys(positions, words), self.desk.clock())
        self.desk.journal.unsure(held.id)
        self._tell(Occasion.UNSURE, mail, f"A mail may have gone: {words}.", held.id)
        return held

    # -- sending

    async def _send(self, mail: Submission, judged: Judged, line: Line) -> tuple[Reply, int | None]:
        flights: list[int] = []

        async def before_dot() -> None:
            if flights:
                return  # the second try of this very flight
            flight = await begin_flight(
                self.desk.store,
                envelope=mail.envelope,
                raw=mail.raw,
                mail=mail.mail,
                now=self.desk.clock(),
                run=self.run,
            )
            if flight is None:
                raise _UnderWay
            flights.append(flight)

        answer = await self._offer(mail, judged, line, before_dot)
        if answer.positive and flights:
            await self._went(mail, judged)
            return answer, flights[-1]
        for flight in flights:
            await self._try("flight", end_flight(self.desk.store, flight))
        return answer, None

    async def _offer(
        self,
        mail: Submission,
        judged: Judged,
        line: Line,
        before_dot: Callable[[], Awaitable[None]],
    ) -> Reply:
        """The provider's answer; once more on a new connection where the old one broke before the dot."""
        try:
            try:
                upstream = await line.ready_upstream()
                return await upstream.data(mail.raw, before_dot)
            except Disconnected:
                upstream = await line.ready_upstream()
                return await upstream.data(mail.raw, before_dot)
        except AnswerLost:
            return unsure(await self._keep_unsure(mail, judged.verdict))
        except ProviderError as e:
            return reply(451, "4.4.2", str(e))
        except StoreError as e:
            return reply(452, "4.3.1", str(e))
        except _UnderWay:
            return _UNDER_WAY

    async def _went(self, mail: Submission, judged: Judged) -> None:
        """The provider took it. What fails from here on is logged and changes nothing for the client."""
        store, now = self.desk.store, self.desk.clock()
        self._together.went(mail.mail, mail.envelope, now)
        self.desk.journal.passed(mail.account, judged.verdict.disposition, len(mail.envelope.recipients))
        people = mail.envelope.recipients
        sent = remember_sent(store, judged.mail, people, owner=self.judging.owner, now=now, ear=self.desk.ear)
        await self._try("history", sent)
        superseded = mark_superseded(store, envelope=mail.envelope, mail=mail.mail, now=now)
        await self._try("superseding", superseded)
        if judged.failed or judged.verdict.disposition in (Disposition.WARN, Disposition.HOLD):
            await self._try("warning", self._warn(mail, judged))

    async def _warn(self, mail: Submission, judged: Judged) -> None:
        warned = await record_warning(
            self.desk.store,
            account=mail.account,
            envelope=mail.envelope,
            mail=mail.mail,
            verdict=judged.verdict,
            now=self.desk.clock(),
        )
        if judged.ready and self.desk.settings.outgoing.mode == "guard":
            self._tell(Occasion.WARN, mail, judged.verdict.reason, warned.id)

    # -- around

    def _tell(self, occasion: Occasion, mail: Submission, sentence: str, id_: str) -> None:
        """Tell the user, beside the answer to the client."""
        desk = self.desk
        notice = Notice(occasion, mail.account, sentence, mail.envelope.recipients, id_)
        work = tell(
            notice,
            settings=desk.settings,
            store=desk.store,
            journal=desk.journal,
            now=desk.clock(),
            again=LATER,
        )
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _try(self, what: str, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except Exception as e:
            self.desk.journal.trouble(what, type(e).__name__)
