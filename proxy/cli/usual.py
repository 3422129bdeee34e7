"""The store at its usual place, for those who learn and look before they have written a configuration."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.settings import Settings
from proxy.cli import door
from proxy.cli.options import config_file
from proxy.config import store_path
from proxy.desk import Desk, run_operation
from proxy.journal import Journal
from proxy.store.database import Store, lock


def has_configuration(config: str | None) -> bool:
    """Whether one is named, or lies where it is looked for."""
    return config is not None or config_file(None).exists()


async def ask(
    config: str | None, op: str, args: Mapping[str, Any], on_progress: Callable[[Any], None] | None = None
) -> Any:
    """An operation's result: by the configured store, or where there is no configuration the usual one."""
    if has_configuration(config):
        return await door.ask(config_file(config), op, args, on_progress)
    path, result = store_path(Settings()), None
    with lock(path):
        async with await Store.open(path) as store:
            desk = Desk(Settings(), Path.cwd(), store, lambda: datetime.now(UTC), Journal())
            async for message in run_operation(desk, op, args):
                if "result" in message:
                    result = message["result"]
                elif on_progress is not None:
                    on_progress(message["progress"])
    return result
