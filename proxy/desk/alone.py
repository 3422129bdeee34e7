"""The desk of a process that works by itself: the store locked and opened for one piece of work."""

import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

from models.settings import Settings
from proxy.config import store_path
from proxy.desk import Desk
from proxy.encoder import ear_of
from proxy.journal import Journal
from proxy.store.database import Store, lock


@contextlib.asynccontextmanager
async def alone(settings: Settings, config_dir: Path, tell: Callable[[str], None]) -> AsyncIterator[Desk]:
    """The desk, while nobody else writes the store. Raises StoreInUse where somebody does, else StoreError.

    `tell` gets one sentence where the encoder that is installed cannot be used.
    """
    path = store_path(settings)
    with lock(path):
        async with await Store.open(path) as store:
            yield desk_of(settings, config_dir, store, Journal(), tell)


@contextlib.asynccontextmanager
async def looking(settings: Settings, config_dir: Path, tell: Callable[[str], None]) -> AsyncIterator[Desk]:
    """The desk for looking only, beside another process that writes the store. Raises StoreError."""
    async with await Store.open(store_path(settings), read_only=True) as store:
        yield desk_of(settings, config_dir, store, Journal(), tell)


def desk_of(
    settings: Settings, config_dir: Path, store: Store, journal: Journal, tell: Callable[[str], None]
) -> Desk:
    """The desk on a store that is open: by the clock on the wall, and with the ear that is installed."""
    return Desk(settings, config_dir, store, lambda: datetime.now(UTC), journal, ear_of(settings, tell))
