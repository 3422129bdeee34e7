"""The options every command shares, and how a command gets its configuration."""

import asyncio
import signal
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

T = TypeVar("T")

Config = Annotated[
    str | None, typer.Option("--config", metavar="PATH", help="The configuration file.", show_default=False)
]
Unread = Annotated[
    str | None,
    typer.Option("--config", metavar="PATH", help="Taken as everywhere; not read here.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work to its end in an event loop of its own. Ctrl-C cancels it, then raises."""
    heard = (
        signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
    )  # ignored: begun in the background by a shell
    if heard and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)  # asyncio takes over from no other
    with asyncio.Runner() as runner:
        # Half a loop would be cleared away with a traceback: Ctrl-C waits until it is whole.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        runner.get_loop()
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            return runner.run(work)
        finally:
            work.close()


def config_file(given: str | None) -> Path:
    """The path of the configuration in use."""
    from proxy.config import find_config

    return find_config(given)


def configured_owner(config: str | None) -> list[str]:
    """The addresses of the accounts, and a word that they are taken. Raises ConfigError."""
    from proxy.cli.render import safe, tell
    from proxy.config import load_config

    path = config_file(config)
    if config is None and not path.exists():
        return []
    own = [address for account in load_config(path).accounts.values() for address in account.addresses]
    if own:
        are = "is" if len(own) == 1 else "are"
        tell(f"No --owner: {safe(', '.join(own))} {are} taken as yours, as {path} says.")
    return own
