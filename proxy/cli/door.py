"""How a command gets its answer: from the running service, or, where none runs, by doing the work itself."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from models.settings import Settings
from proxy.cli.render import tell
from proxy.config import load_config, store_path
from proxy.control import call
from proxy.store.database import StoreInUse

TELLING = 10.0  # seconds for telling the user of what a crash left: somebody waits for the command
PATIENCE = 5.0  # seconds: a service that is just starting holds the lock before it listens


async def ask(
    config: Path,
    op: str,
    args: Mapping[str, Any] | None = None,
    on_progress: Callable[[Any], None] = lambda _: None,
) -> Any:
    """The result of operation `op`. Raises ColdaskError with words; `on_progress` gets what comes before."""
    settings = await asyncio.to_thread(load_config, config)
    until = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(ConnectionError):
            return await call(store_path(settings), op, args or {}, on_progress)
        try:
            return await _do_here(settings, config.parent, op, args or {}, on_progress)
        except StoreInUse:
            if (looked := await look(settings, config.parent, op, args or {})) is not None:
                return looked
            if time.monotonic() > until:
                raise
        await asyncio.sleep(0.1)


async def look(settings: Settings, folder: Path, op: str, args: Mapping[str, Any]) -> Any:
    """The result of an operation that writes nothing, while another process holds the store; None: it writes."""
    from proxy.desk import only_looks, result_of
    from proxy.desk.alone import looking

    if not only_looks(op):
        return None
    async with looking(settings, folder, tell) as desk:
        return await result_of(desk, op, args)


async def _do_here(
    settings: Settings, folder: Path, op: str, args: Mapping[str, Any], on_progress: Callable[[Any], None]
) -> Any:
    # Not needed where the service does the work, and a tenth of a second to load.
    from proxy.desk import result_of
    from proxy.desk.alone import alone
    from proxy.desk.upkeep import recover_held, tell_recovered

    async with alone(settings, folder, tell) as desk:
        cut_off = await recover_held(desk)
        result = await result_of(desk, op, args, on_progress)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TELLING):
                await tell_recovered(desk, cut_off)
        return result
