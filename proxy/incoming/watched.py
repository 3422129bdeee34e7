"""What is watched and with what: one account, its settings, and the store its judgements go to."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from classifier.hearing import Ear
from models.finding import Effect
from models.past import Owner
from models.settings import ImapTable, Settings
from proxy.config import overrides_of, owner_of, trusted_of
from proxy.journal import Journal
from proxy.store.database import Store

KEYWORD = b"ColdAsk"  # set on what was filed or marked: known again even where the store was lost


@dataclass(frozen=True)
class Watched:
    """One account under watch. `lists`: the mailings the user runs, by name."""

    account: str
    server: ImapTable
    settings: Settings
    store: Store
    lists: Mapping[str, frozenset[str]]
    journal: Journal
    clock: Callable[[], datetime]  # aware, UTC
    ear: Ear | None = None  # None: the shipped core
    look_now: asyncio.Event = field(default_factory=asyncio.Event)  # Cold Asks is worth a look at once

    @property
    def owner(self) -> Owner:
        return owner_of(self.settings)

    @property
    def overrides(self) -> dict[str, Effect]:
        """The user's `[rules]`."""
        return overrides_of(self.settings)

    @property
    def trusted(self) -> frozenset[str]:
        return trusted_of(self.settings)

    async def ready(self) -> bool:
        """A history exists; before, nothing is filed (promise 5)."""
        return bool(await self.store.fact("learned"))
