"""The store at its usual place, for those who learn and look before they have written a configuration."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from models.settings import Settings
from proxy.cli import door
from proxy.cli.options import config_file
from proxy.cli.render import tell
from proxy.desk import result_of
from proxy.desk.alone import alone
from proxy.store.database import StoreInUse


def has_configuration(config: str | None) -> bool:
    """Whether one is named, or lies where it is looked for."""
    return config is not None or config_file(None).exists()


async def ask(
    config: str | None,
    op: str,
    args: Mapping[str, Any],
    on_progress: Callable[[Any], None] = lambda _: None,
) -> Any:
    """An operation's result: by the configured store, or where there is no configuration the usual one."""
    if has_configuration(config):
        return await door.ask(config_file(config), op, args, on_progress)
    try:
        async with alone(Settings(), Path(), tell) as desk:
            return await result_of(desk, op, args, on_progress)
    except StoreInUse:
        if (looked := await door.look(Settings(), Path(), op, args)) is None:
            raise
        return looked
