"""Asking judgement about a mail, within a time limit and whatever happens: doubt passes it and says so."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from classifier.hearing import Ear
from classifier.judge.outgoing import judge_outgoing, listened
from classifier.reading.read import read_mail
from models.finding import Effect, Finding
from models.mail import Envelope, Mail
from models.past import Past
from models.verdict import Disposition, OutgoingVerdict
from proxy.config import mailing_lists, overrides_of, owner_of, trusted_of
from proxy.outgoing.workplace import Workplace
from proxy.store.past import past_for

T = TypeVar("T")

BUDGET_SECONDS = 5.0
UNJUDGED = "unjudged"  # the finding of a mail that passed because judging it failed

Read = Callable[[bytes], Mail]
JudgeOutgoing = Callable[[Mail, Envelope, Past, Mapping[str, Effect] | None, Ear | None], OutgoingVerdict]


@dataclass(frozen=True)
class Judged:
    """A verdict, and whether anything may be stopped because of it."""

    verdict: OutgoingVerdict
    ready: bool  # a history exists
    mail: Mail  # as it was judged: with what the ear heard in it

    @property
    def failed(self) -> bool:
        return any(f.rule == UNJUDGED for f in self.verdict.findings)


class Judging:
    """Reads and judges the mail of one desk. `read` and `judge` are the classifier's own."""

    def __init__(
        self,
        desk: Workplace,
        *,
        budget: float = BUDGET_SECONDS,
        read: Read = read_mail,
        judge: JudgeOutgoing = judge_outgoing,
    ) -> None:
        """Raises UsageError where a file of `people.lists` cannot be read."""
        self._desk = desk
        self._budget = budget
        self._read = read
        self._judge = judge
        self.owner = owner_of(desk.settings)
        self.lists = mailing_lists(desk.settings, desk.config_dir)
        self._overrides = overrides_of(desk.settings)

    async def read(self, raw: bytes) -> Mail:
        """The mail; where reading fails or takes too long, an empty one that says so."""
        try:
            return await _in_time(self._budget, self._read, raw)
        except Exception as e:
            self._desk.journal.trouble("reading a mail", type(e).__name__)
            return Mail(unreadable=f"reading it failed ({type(e).__name__})", size=len(raw))

    async def judge(self, mail: Mail, envelope: Envelope) -> Judged:
        """The verdict, within the budget. Never raises."""
        until = time.monotonic() + self._budget
        try:
            mail = await _in_time(self._budget, listened, mail, envelope, self.owner, self._desk.ear)
            async with asyncio.timeout(max(0.1, until - time.monotonic())):
                past = await self._past(mail, envelope)
            left = max(0.1, until - time.monotonic())
            given = (mail, envelope, past, self._overrides, self._desk.ear)
            verdict = await _in_time(left, self._judge, *given)
            return Judged(verdict, past.ready, mail)
        except Exception as e:
            self._desk.journal.trouble("judging a mail", type(e).__name__)
            return Judged(_let_pass(type(e).__name__), ready=True, mail=mail)

    async def _past(self, mail: Mail, envelope: Envelope) -> Past:
        people = self._desk.settings.people
        return await past_for(
            self._desk.store,
            mail,
            envelope.recipients,
            owner=self.owner,
            now=self._desk.clock(),
            trusted=trusted_of(self._desk.settings),
            lists=self.lists,
            vouched_days=people.vouched_days,
            ready=bool(await self._desk.store.fact("learned")),
        )


def _let_pass(reason: str) -> OutgoingVerdict:
    message = f"coldask could not judge this mail ({reason}) and let it pass."
    finding = Finding(rule=UNJUDGED, effect=Effect.NOTE, certainty=1.0, message=message)
    return OutgoingVerdict(disposition=Disposition.NOTE, findings=(finding,), reason=message)


async def _in_time(seconds: float, work: Callable[..., T], *args: object) -> T:
    """Run work in a thread of its own. One that never ends is left behind: no mail and no exit waits for it.

    Raises TimeoutError, and whatever the work raises.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def tell(result: T | None, error: BaseException | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        try:
            result, error = work(*args), None
        except BaseException as e:
            result, error = None, e
        with contextlib.suppress(RuntimeError):  # the loop may be gone by now
            loop.call_soon_threadsafe(tell, result, error)

    threading.Thread(target=run, name="judging", daemon=True).start()
    async with asyncio.timeout(seconds):
        return await done
