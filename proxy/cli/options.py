"""The options every command shares, and how a command gets its configuration."""

import asyncio
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

T = TypeVar("T")

Config = Annotated[
    str | None, typer.Option("--config", metavar="PATH", help="The configuration file.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work to its end in an event loop of its own. Ctrl-C cancels it, then raises."""
    if signal.getsignal(signal.SIGINT) not in (signal.SIG_IGN, signal.default_int_handler):
        signal.signal(signal.SIGINT, signal.default_int_handler)  # asyncio takes over from no other
    return asyncio.run(work)


def config_file(given: str | None) -> Path:
    """The path of the configuration in use."""
    from proxy.config import find_config

    return find_config(given)
