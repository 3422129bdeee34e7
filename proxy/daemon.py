"""The service: everything made and wired together here, run until it is told to stop, and ended in order."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from models.errors import ColdaskError, ConfigError, MailboxRefused, UsageError
from models.settings import Settings
from proxy.config import store_path
from proxy.control import Control
from proxy.desk import Desk, result_of
from proxy.desk.alone import desk_of
from proxy.desk.learning import check_history
from proxy.desk.upkeep import expire_held, forget_old_sends, recover_held, tell_recovered
from proxy.incoming import REFUSED_PAUSES, Watcher
from proxy.journal import Journal
from proxy.outgoing.judging import Judging
from proxy.outgoing.listener import Listener, check_listen, is_loopback
from proxy.secrets import local_password
from proxy.store.database import Store, StoreInUse, lock

UPKEEP_SECONDS = 24 * 3600.0
RELEARN_SECONDS = 60.0
REFIT_SECONDS = 600.0  # between looks whether corrections came that teach something
PATIENCE = 5.0  # seconds for a command that has the store at the moment


class Say(Protocol):
    """Tell whoever started the service: `ready` with smtp and accounts, `watching` with account and folder."""

    def __call__(self, event: str, **facts: Any) -> None: ...


async def serve(settings: Settings, config_dir: Path, say: Say, *, stop: asyncio.Event | None = None) -> None:
    """Run until `stop`, or where none is given until SIGTERM or SIGINT.

    Raises ConfigError, OutsideError and StoreError for what keeps it from starting.
    """
    check(settings)
    path, stopped = store_path(settings), stop or asyncio.Event()
    with contextlib.nullcontext() if stop else _signals(stopped):
        async with _sole(path), await Store.open(path) as store:
            desk = _desk(settings, config_dir, store)
            judging = Judging(desk)
            cut_off = await recover_held(desk)
            await check_history(desk)
            async with (
                _listening(desk, judging, path) as (listener, close),
                _beside(desk, listener, judging, say, close, tell_recovered(desk, cut_off)),
            ):
                desk.journal.listening(settings.listen.host, listener.port, len(settings.accounts))
                at = f"{settings.listen.host}:{listener.port}"
                say("ready", smtp=at, accounts=len(settings.accounts))
                tell_systemd("READY=1")
                await stopped.wait()
                tell_systemd("STOPPING=1")


def _desk(settings: Settings, config_dir: Path, store: Store) -> Desk:
    journal = Journal()
    desk = desk_of(settings, config_dir, store, journal, lambda words: journal.trouble("encoder", words))
    return replace(desk, forgotten=asyncio.Event())


@contextlib.asynccontextmanager
async def _sole(path: Path) -> AsyncIterator[None]:
    """Hold the store. A command at work on it is given a few seconds to finish. Raises StoreError."""
    until = asyncio.get_running_loop().time() + PATIENCE
    with contextlib.ExitStack() as held:
        while True:
            try:
                held.enter_context(lock(path))
                break
            except StoreInUse:
                if asyncio.get_running_loop().time() > until:
                    raise
            await asyncio.sleep(0.1)
        yield


def check(settings: Settings) -> None:
    """Raises ConfigError for what can be read, but not run."""
    if not settings.accounts:
        raise ConfigError(
            "The configuration has no account; add [accounts.NAME] with its addresses and smtp."
        )
    if settings.outgoing.on_hold != "refuse":
        raise ConfigError("outgoing.on_hold = 'accept' comes with a later version; write 'refuse'.")
    listen = settings.listen
    check_listen(listen)
    for name, account in settings.accounts.items():
        smtp = account.smtp
        if smtp.port == listen.port and (smtp.host == listen.host or is_loopback(smtp.host)):
            raise ConfigError(
                f"accounts.{name}.smtp is coldask's own port; write the provider's host and port."
            )


@contextlib.asynccontextmanager
async def _listening(
    desk: Desk, judging: Judging, path: Path
) -> AsyncIterator[tuple[Listener, Callable[[], Coroutine[Any, Any, None]]]]:
    """The two ways in: mail clients by SMTP, the command line by the control socket; and what closes both."""
    listener = await Listener.open(desk, local_password(path), judging=judging)
    ends = [listener.close]

    async def close() -> None:
        await asyncio.gather(*(end() for end in ends))
        ends.clear()

    try:
        control = await Control.open(desk, path)
        ends.append(control.close)
        yield listener, close
    finally:
        await close()


@contextlib.asynccontextmanager
async def _beside(
    desk: Desk,
    listener: Listener,
    judging: Judging,
    say: Say,
    close: Callable[[], Coroutine[Any, Any, None]],
    telling: Coroutine[Any, Any, None],
) -> AsyncIterator[None]:
    """What runs beside the listener. A work that fails is logged and takes nothing else with it.

    At the end all of it ends at once with the listener: a mailbox that hangs keeps no door open.
    """
    works = {"upkeep": _keep_up(desk), "learn": _learn(desk), "providers": listener.look_around()}
    works |= {"notice": telling, "train": _refit(desk)}
    for name, account in desk.settings.accounts.items():
        if account.imap is not None:
            works[f"account {name}"] = Watcher(
                name,
                desk.settings,
                desk.store,
                lists=judging.lists,
                journal=desk.journal,
                clock=desk.clock,
                ear=desk.ear,
                on_watching=lambda account, folder: say("watching", account=account, folder=folder),
            ).run()
    tasks = [asyncio.create_task(_guarded(name, work, desk.journal)) for name, work in works.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(close(), *tasks, return_exceptions=True)


async def _guarded(name: str, work: Coroutine[Any, Any, None], journal: Journal) -> None:
    try:
        await work
    except Exception as e:
        journal.trouble(name, str(e) if isinstance(e, ColdaskError) else type(e).__name__)


async def _keep_up(desk: Desk) -> None:
    """Once a day, and at the start: what was held too long expires, what was sent long ago is forgotten."""
    while True:
        await expire_held(desk)
        await forget_old_sends(desk)
        await asyncio.sleep(UPKEEP_SECONDS)


async def _refit(desk: Desk) -> None:
    """Fit the user's own model anew where they have corrected something; the fitting has a thread of its own."""
    while True:
        await asyncio.sleep(REFIT_SECONDS)
        try:
            await result_of(desk, "train", {"of_itself": True})
        except ColdaskError as e:
            desk.journal.trouble("train", str(e))


async def _learn(desk: Desk) -> None:
    """Read the history where there is none: at the start, and whenever all was removed (`coldask purge`)."""
    while True:
        await _learn_once(desk)
        if desk.forgotten is None:
            return
        await desk.forgotten.wait()
        desk.forgotten.clear()


async def _learn_once(desk: Desk) -> None:
    """Until it has finished, all is judged in observe mode; a server that is down is asked again.

    What hinders it is told when it begins, and once more when the history is read after all.
    """
    refused, hindered = 0, ""
    while await desk.store.fact("learned") is None:
        try:
            await result_of(desk, "learn", {"sources": [], "owner": []})
        except UsageError:
            raise  # nothing to learn from: the user must name it
        except ColdaskError as e:
            pause, words = RELEARN_SECONDS, str(e)
            if isinstance(e, MailboxRefused):
                pause = REFUSED_PAUSES[min(refused, len(REFUSED_PAUSES) - 1)]
                refused += 1
            if words != hindered:
                desk.journal.trouble("learn", words)
            hindered = words
            await asyncio.sleep(pause)
    if hindered:
        desk.journal.learned()


@contextlib.contextmanager
def _signals(stopped: asyncio.Event) -> Any:
    loop = asyncio.get_running_loop()
    try:
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stopped.set)
    except (ValueError, RuntimeError):  # not in the main thread: whoever runs it there stops it
        yield
        return
    try:
        yield
    finally:
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(name)


def tell_systemd(state: str) -> None:
    """sd_notify(3): one datagram to the socket systemd names; nothing where it names none."""
    name = os.environ.get("NOTIFY_SOCKET", "")
    if not name:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.sendto(state.encode(), "\0" + name[1:] if name.startswith("@") else name)
