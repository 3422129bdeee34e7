"""Sending a held mail: claimed first, durable before the final dot, never twice without the user's word."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from models.errors import ColdaskError, ProviderError
from models.held import HeldMail, Move
from models.settings import AccountTable
from proxy.outgoing.upstream import Upstream
from proxy.store.database import Store
from proxy.store.held import load, raw_of
from proxy.store.moves import claim, mark_dot_sent, settle

Connect = Callable[[str, AccountTable], Awaitable[Upstream]]

# The extension (RFC 1869) that lets a provider understand a parameter of MAIL.
_NEEDS = {"BODY": "8bitmime", "SMTPUTF8": "smtputf8", "RET": "dsn", "ENVID": "dsn"}


@dataclass
class Outcome:
    """What became of a release. Addresses as the client wrote them."""

    mail: HeldMail  # as it stands afterwards
    sent: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # address -> the provider's words; held again
    unsure: list[str] = field(default_factory=list)  # the provider's answer was lost
    trouble: str = ""  # what went wrong as a whole, one sentence


async def release(
    store: Store,
    mail: HeldMail,
    positions: Sequence[int],
    *,
    account: AccountTable,
    clock: Callable[[], datetime],
    narrowed: bool = False,
    connect: Connect = Upstream.connect,
) -> Outcome:
    """Send a held mail to the recipients at these positions.

    Raises UsageError where another release, a drop or the like was faster: then nothing was sent. What the
    provider refuses, or its not being there, is told by the outcome, and those recipients are held again.
    """
    raw, options = await raw_of(store, mail.id)
    await claim(store, mail.id, positions, clock(), narrowed=narrowed)
    sending = _Sending(store, mail, list(positions), clock)
    try:
        await sending.run(raw, options, account, connect)
    except ColdaskError as error:
        await sending.give_up(str(error))
    except BaseException:
        # Stopped in the middle: what happened is written down first, then the stop goes its way.
        await asyncio.shield(sending.give_up("coldask was stopped"))
        raise
    sending.outcome.mail = await load(store, mail.id)
    return sending.outcome


class _Sending:
    """One transaction with the provider, and which recipients still wait for its end."""

    def __init__(
        self, store: Store, mail: HeldMail, positions: list[int], clock: Callable[[], datetime]
    ) -> None:
        self.store = store
        self.mail = mail
        self.waiting = positions  # claimed, not yet settled
        self.clock = clock
        self.dot_sent = False
        self.outcome = Outcome(mail)

    async def run(self, raw: bytes, options: Sequence[str], account: AccountTable, connect: Connect) -> None:
        upstream = await connect(self.mail.account, account)
        try:
            reply = await upstream.mail(self.mail.sender, _params(upstream, options, len(raw)))
            if not reply.positive:
                raise ProviderError(f"{upstream.host} refused the sender: {reply}")
            await self._name_recipients(upstream)
            if self.waiting:
                await self._deliver(upstream, raw)
        finally:
            await upstream.close()

    async def _name_recipients(self, upstream: Upstream) -> None:
        for position in tuple(self.waiting):
            reply = await upstream.rcpt(self.mail.recipients[position].address)
            if not reply.positive:
                await self._refuse([position], str(reply))
        if not self.waiting:
            self.outcome.trouble = f"{upstream.host} refused every recipient."

    async def _deliver(self, upstream: Upstream, raw: bytes) -> None:
        reply = await upstream.data(raw, self._before_dot)
        if reply.positive:
            self.outcome.sent += [self._address(p) for p in self.waiting]
            await self._settle(Move.SENT, self.waiting, str(reply))
        else:
            self.outcome.trouble = f"{upstream.host} refused the mail: {reply}"
            await self._refuse(self.waiting, str(reply))

    async def _before_dot(self) -> None:
        await mark_dot_sent(self.store, self.mail.id, self.waiting)
        self.dot_sent = True

    async def give_up(self, words: str) -> None:
        """No answer will come. Before the dot everybody is held again, after it nobody can be sure."""
        self.outcome.trouble = self.outcome.trouble or words
        if self.dot_sent:
            self.outcome.unsure += [self._address(p) for p in self.waiting]
            await self._settle(Move.LOST, self.waiting, words)
        else:
            await self._refuse(self.waiting, words)

    async def _refuse(self, positions: Sequence[int], words: str) -> None:
        self.outcome.refused |= {self._address(p): words for p in positions}
        await self._settle(Move.REFUSED, positions, words)

    async def _settle(self, move: Move, positions: Sequence[int], words: str) -> None:
        await settle(self.store, self.mail.id, move, dict.fromkeys(positions, words), self.clock())
        self.waiting = [p for p in self.waiting if p not in set(positions)]

    def _address(self, position: int) -> str:
        return self.mail.recipients[position].address


def _params(upstream: Upstream, options: Sequence[str], size: int) -> list[str]:
    """The client's parameters to MAIL that this provider understands, with the size as it is now."""
    params = [f"SIZE={size}"] if upstream.offers("size") else []
    for option in options:
        needed = _NEEDS.get(option.partition("=")[0].upper())
        if needed and upstream.offers(needed):
            params.append(option)
        elif needed == "smtputf8":
            raise ProviderError(f"{upstream.host} does not take addresses beyond ASCII (SMTPUTF8) any more.")
    return params
