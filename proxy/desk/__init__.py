"""The desk: what the command line can ask for, run by the service or, where none runs, by the command itself.

An operation is an async function `(desk, **args)` that answers something JSON can carry, or an async
generator that yields `{"progress": …}` and last `{"result": …}`. Its arguments come from JSON too.
"""

import asyncio
import contextlib
import importlib
import inspect
import pkgutil
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from models.errors import UsageError
from models.settings import Settings
from proxy.journal import Journal
from proxy.store.database import Store

if TYPE_CHECKING:  # numpy comes with it
    from classifier.hearing import Ear

Operation = Callable[..., Any]
_F = TypeVar("_F", bound=Operation)
_operations: dict[str, Operation] = {}
_looks: set[str] = set()


@dataclass(frozen=True)
class Desk:
    """What an operation works with."""

    settings: Settings
    config_dir: Path  # the configuration file's folder: `file:` entries are relative to it
    store: Store
    clock: Callable[[], datetime]  # aware, UTC
    journal: Journal
    ear: "Ear | None" = None  # what letters are listened to with; None: the shipped core
    forgotten: asyncio.Event | None = (
        None  # set where all was removed; the service then learns anew. None: it does not run
    )


def operation(name: str, *, looks: bool = False) -> Callable[[_F], _F]:
    """Register an operation under a name like "held.list".

    `looks`: it writes nothing, so it can be asked of a store that another process writes.
    """

    def register(function: _F) -> _F:
        if name in _operations and _operations[name] is not function:
            raise ValueError(f"two operations are named {name}")
        _operations[name] = function
        if looks:
            _looks.add(name)
        return function

    return register


def find_operation(name: str) -> Operation:
    """The operation of that name; its module is imported when first asked for. Raises UsageError."""
    if name not in _operations:
        for module in pkgutil.iter_modules(__path__):
            importlib.import_module(f"{__name__}.{module.name}")
    try:
        return _operations[name]
    except KeyError:
        raise UsageError(
            f"This coldask knows no operation {name!r}; is the running service of another version?"
        ) from None


def only_looks(name: str) -> bool:
    """Whether the operation of that name writes nothing. Raises UsageError where there is none."""
    find_operation(name)
    return name in _looks


async def result_of(
    desk: Desk, name: str, args: Mapping[str, Any], on_progress: Callable[[Any], None] = lambda _: None
) -> Any:
    """Run it to its end; `on_progress` gets what comes before the result. Raises ColdaskError with words."""
    result = None
    async for message in run_operation(desk, name, args):
        if "result" in message:
            result = message["result"]
        else:
            on_progress(message.get("progress"))
    return result


async def run_operation(desk: Desk, name: str, args: Mapping[str, Any]) -> AsyncIterator[dict[str, Any]]:
    """Run it: any number of `{"progress": …}`, then one `{"result": …}`. Raises ColdaskError with words."""
    found = find_operation(name)
    try:
        inspect.signature(found).bind(desk, **args)
    except TypeError as error:
        raise UsageError(f"The operation {name!r} cannot be called so: {error}.") from None
    answer = found(desk, **args)
    if isinstance(answer, AsyncGenerator):
        async with contextlib.aclosing(answer) as messages:  # whoever asked may go away before the end
            async for message in messages:
                yield message
    else:
        yield {"result": await answer}
