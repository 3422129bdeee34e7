"""The store: there, private, whole, of this version, and in one hand."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from models.errors import StoreError
from models.settings import Settings
from proxy.config import store_path
from proxy.doctor.disk import look_at_disk
from proxy.doctor.files import look_at_folder
from proxy.doctor.line import Line, fail, ok, warn
from proxy.store.database import Store, StoreOutdated
from proxy.store.health import Health, is_locked, look_at_store

_LOOK: Final = 20.0  # seconds for SQLite's look at the whole file
_RESTORE: Final = (
    "stop the service, run `coldask doctor --salvage FOLDER` for the held mail in it, "
    "then restore a copy, or move it away and run `coldask learn`"
)


async def look_at_stored(settings: Settings, *, service: bool) -> AsyncIterator[Line]:
    """`service`: a running service holds it, as it should."""
    path = store_path(settings)
    for line in look_at_folder("store", path.parent):
        yield line
    if not path.exists():
        yield ok("store", f"{path} is not made yet; `coldask run` or `coldask learn` makes it")
        return
    if path.stat().st_mode & 0o077:
        yield warn(
            "store", f"{path} can be read by others: it tells who knows whom", f"run `chmod 600 {path}`"
        )
    try:
        async with await Store.open(path, read_only=True):
            pass
        health = await asyncio.to_thread(look_at_store, path, _LOOK)
    except StoreOutdated as error:
        yield warn("store", str(error), "nothing is to be done by hand")
        return
    except StoreError as error:
        yield fail("store", str(error), _RESTORE)
        return
    for line in (*_whole(path, health), *look_at_disk(path.parent)):
        yield line
    if not service and is_locked(path):
        yield warn("store", f"{path} is in use by another coldask", "wait for that command to end")


def _whole(path: Path, health: Health) -> list[Line]:
    lines = []
    if health.faults:
        lines.append(fail("store", f"{path} is damaged: {'; '.join(health.faults)[:300]}", _RESTORE))
    elif health.unfinished:
        lines.append(
            ok("store", f"{path} can be read; it is too large to be looked through in {_LOOK:.0f} s")
        )
    else:
        lines.append(ok("store", f"{path} is whole: {health.letters} letters, {health.held} held mails"))
    if not health.learned:
        text = "no mail history has been read yet, so nothing is held or filed that depends on whom you know"
        lines.append(warn("history", text, "run `coldask learn`; the service does it in the background"))
    return lines
