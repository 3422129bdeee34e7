"""How a command gets its answer: from the running service, or, where none runs, by doing the work itself."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.settings import Settings
from proxy.cli.render import tell
from proxy.config import load_config, store_path
from proxy.control import call
from proxy.desk import Desk, run_operation
from proxy.desk.upkeep import recover_held, tell_recovered
from proxy.encoder import ear_of
from proxy.journal import Journal
from proxy.store.database import Store, StoreInUse, lock

TELLING = 10.0  # seconds for telling the user of what a crash left: somebody waits for the command
PATIENCE = 5.0  # seconds: a service that is just starting holds the lock before it listens


async def ask(
    config: Path,
    op: str,
    args: Mapping[str, Any] | None = None,
    on_progress: Callable[[Any], None] | None = None,
) -> Any:
    """The result of operation `op`. Raises ColdaskError with words; `on_progress` gets what comes before."""
    settings = await asyncio.to_thread(load_config, config)
    path = store_path(settings)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return await call(path, op, args or {}, on_progress)
        except ConnectionError:
            pass
        try:
            with lock(path):
                return await _do_here(settings, config, path, op, args or {}, on_progress)
        except StoreInUse:
            if time.monotonic() > until:
                raise
        await asyncio.sleep(0.1)


async def _do_here(
    settings: Settings,
    config: Path,
    path: Path,
    op: str,
    args: Mapping[str, Any],
    on_progress: Callable[[Any], None] | None,
) -> Any:
    async with await Store.open(path) as store:
        ear = ear_of(settings, tell)
        desk = Desk(settings, _folder(config), store, lambda: datetime.now(UTC), Journal(), ear)
        cut_off = await recover_held(desk)
        result = None
        async for message in run_operation(desk, op, args):
            if "result" in message:
                result = message["result"]
            elif on_progress is not None:
                on_progress(message.get("progress"))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TELLING):
                await tell_recovered(desk, cut_off)
        return result


def _folder(config: Path) -> Path:
    return config.absolute().parent
