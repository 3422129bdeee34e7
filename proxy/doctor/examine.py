"""The whole examination, in the order a person reads it, with a time limit for everything outside."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from typing import Any, Final

from models.settings import AccountTable, Settings
from proxy.doctor.files import look_at_password, read_config
from proxy.doctor.hearing import look_at_hearing
from proxy.doctor.line import Line, fail
from proxy.doctor.machine import look_at_machine
from proxy.doctor.mailbox import look_at_mailbox
from proxy.doctor.sending import look_at_sending
from proxy.doctor.service import ask_service, look_at_port, trouble_of
from proxy.doctor.storing import look_at_stored

LIMIT: Final = 15.0  # seconds for each answer of a server


async def examine(path: Path, *, limit: float = LIMIT) -> AsyncIterator[Line]:
    """Look at everything, with the configuration at `path`. A server gets three times `limit` in all.

    Changes nothing: no mail is sent, no folder made, no store opened for writing. Never raises for what it
    looks at, and no line holds a secret.
    """
    for line in look_at_machine():
        yield line
    settings, lines = read_config(path)
    for line in [*lines, *look_at_hearing(settings)]:
        yield line
    if settings is None:
        return
    about, standing = await ask_service(settings)
    for line in (
        standing,
        *trouble_of(about, settings),
        await look_at_port(settings, service=about is not None),
    ):
        yield line
    for line in look_at_password(settings):
        yield line
    async for line in look_at_stored(settings, service=about is not None):
        yield line
    works = [
        asyncio.create_task(work)
        for name, account in settings.accounts.items()
        for work in _account(name, account, settings, limit)
    ]
    try:
        for done in works:
            for line in await done:
                yield line
    finally:
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)


def _account(
    name: str, account: AccountTable, settings: Settings, limit: float
) -> Iterator[Coroutine[Any, Any, list[Line]]]:
    """The looks at an account, each to be run beside the others."""
    yield _in_time(f"account {name}", "smtp", look_at_sending(name, account, settings, limit), limit)
    if account.imap is not None:
        looking = look_at_mailbox(name, account.imap, settings, limit)
        yield _in_time(f"account {name}", "imap", looking, limit)


async def _in_time(area: str, what: str, looking: AsyncIterator[Line], limit: float) -> list[Line]:
    """What could be seen in time; a look that fails is a line too."""
    lines: list[Line] = []
    try:
        async with asyncio.timeout(3 * limit):
            async for line in looking:
                lines.append(line)
    except TimeoutError:
        fix = "a password command that waits for somebody, or a server that does not answer: try it by hand"
        lines.append(fail(area, f"{what}: the look at it took longer than {3 * limit:.0f} seconds", fix))
    except Exception as error:
        words = f"{what}: the look at it failed ({type(error).__name__})"
        lines.append(fail(area, words, "please report it"))
    return lines
