"""Commands that the interface names and a later version brings: they say so, and exit with 2."""

from collections.abc import Callable
from typing import Annotated

import typer

from models.errors import UsageError

LATER = {
    "train": "Fitting the learned model anew",
}


def register(app: typer.Typer) -> None:
    """Add them, out of the list of `--help`."""
    for name in LATER:
        app.command(name, hidden=True, context_settings={"ignore_unknown_options": True})(_later(name))


def _later(name: str) -> Callable[..., None]:
    def command(words: Annotated[list[str] | None, typer.Argument()] = None) -> None:
        raise UsageError(
            f"`coldask {name}` is not yet there: {LATER[name][0].lower()}{LATER[name][1:]} comes later."
        )

    command.__doc__ = f"{LATER[name]}; not yet there."
    return command
