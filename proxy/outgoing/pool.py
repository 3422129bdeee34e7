"""Connections to the providers: lent for one mail, kept a short while for the next, no login hammered."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from models.errors import LoginRefused
from models.settings import AccountTable
from proxy.outgoing.login import read_secret
from proxy.outgoing.upstream import PATIENT, Timeouts, Upstream

IDLE_SECONDS = 20.0
TRIES = 3  # refused logins with one password before it is given a rest: providers lock accounts
REST_SECONDS = 300.0

Seen = Callable[[str, Mapping[str, str]], Awaitable[None]]


@dataclass
class _Refusal:
    """A password the provider refused: its hash, how often, and when last."""

    digest: bytes
    words: str
    count: int = 0
    at: float = 0.0


class Pool:
    """Idle connections by account. `seen` is told what each new connection offers."""

    def __init__(
        self,
        accounts: Mapping[str, AccountTable],
        seen: Seen,
        *,
        timeouts: Timeouts = PATIENT,
        idle: float = IDLE_SECONDS,
    ) -> None:
        self._accounts = accounts
        self._seen = seen
        self._timeouts = timeouts
        self._idle_seconds = idle
        self._idle: dict[str, list[tuple[Upstream, asyncio.TimerHandle]]] = {name: [] for name in accounts}
        self._refusals: dict[str, _Refusal] = {}
        self._closed = False
        self._closing: set[asyncio.Task[None]] = set()

    async def lend(self, name: str, *, fresh: bool = False) -> Upstream:
        """A connection for one mail: an idle one that still lives, else a new one.

        Raises LoginRefused, SecretError, ConfigError, ProviderError.
        """
        idle = self._idle[name]
        while idle and not fresh:
            upstream, timer = idle.pop()
            timer.cancel()
            if await upstream.wake():
                return upstream
            await upstream.close()
        return await self._connect(name)

    async def give(self, upstream: Upstream) -> None:
        """Take a connection back: kept for a while where it is clean, closed where it is not."""
        if self._closed or not upstream.alive or upstream.sender is not None:
            await upstream.close()
            return
        upstream.rest()
        timer = asyncio.get_running_loop().call_later(self._idle_seconds, self._retire, upstream)
        self._idle[upstream.account].append((upstream, timer))

    async def close(self) -> None:
        """Close what is idle, and what is given back from now on."""
        self._closed = True
        for idle in self._idle.values():
            while idle:
                upstream, timer = idle.pop()
                timer.cancel()
                await upstream.close()
        await asyncio.gather(*self._closing)

    def _retire(self, upstream: Upstream) -> None:
        idle = self._idle[upstream.account]
        idle[:] = [entry for entry in idle if entry[0] is not upstream]
        task = asyncio.get_running_loop().create_task(upstream.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _connect(self, name: str) -> Upstream:
        account = self._accounts[name]
        secret = await read_secret(name, account.smtp)
        digest = hashlib.blake2b(secret.encode()).digest()
        refusal = self._refusals.get(name)
        if refusal is None or refusal.digest != digest:
            refusal = _Refusal(digest, "")
        elif refusal.count >= TRIES and time.monotonic() - refusal.at < REST_SECONDS:
            raise LoginRefused(f"{refusal.words} It is not asked again for {REST_SECONDS / 60:.0f} minutes.")
        try:
            upstream = await Upstream.connect(name, account, timeouts=self._timeouts, secret=secret)
        except LoginRefused as e:
            refusal.words, refusal.at = str(e), time.monotonic()
            refusal.count += 1
            self._refusals[name] = refusal
            raise
        self._refusals.pop(name, None)
        await self._seen(name, upstream.extensions)
        return upstream
