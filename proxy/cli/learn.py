"""`coldask learn`: builds the relationship history."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from models.errors import UsageError
from proxy.cli.options import Config, Json, config_file, run_async
from proxy.cli.render import print_json, safe, say, tell

Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SOURCE]…",
        help="Maildirs, mboxes, folders of .eml files; none: the accounts' IMAP folders.",
        show_default=False,
    ),
]
Owners = Annotated[
    list[str] | None,
    typer.Option("--owner", metavar="ADDR", help="An address of yours, where no configuration names it."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("learn")(learn)


def learn(sources: Sources = None, owner: Owners = None, config: Config = None, json: Json = False) -> None:
    """Read mail that is there already and learn who knows whom. May be stopped and started again at any time.

    Example: coldask learn ~/Maildir
    """
    from proxy.history.sources import open_source

    paths = [str(Path(s).expanduser().absolute()) for s in sources or []]
    for one in paths:
        open_source(one)  # a wrong path is told before anything is read
    args = {"sources": paths, "owner": owner or []}
    path = config_file(config)
    with _Bars() as bars:
        if config is None and not path.exists():
            if not paths:
                raise UsageError(
                    f"There is no configuration at {path}; name a mailbox to learn from, with --owner ADDR."
                )
            result = run_async(_without_configuration(args, bars.show))
        else:
            from proxy.cli.door import ask

            result = run_async(ask(path, "learn", args, bars.show))
    print_json(result) if json else _say(result)


async def _without_configuration(args: dict[str, Any], on_progress: Any) -> Any:
    """Into the store at its usual place."""
    from models.settings import Settings
    from proxy.config import store_path
    from proxy.desk import Desk, run_operation
    from proxy.journal import Journal
    from proxy.store.database import Store, lock

    path = store_path(Settings())
    result = None
    with lock(path):
        async with await Store.open(path) as store:
            desk = Desk(Settings(), Path.cwd(), store, lambda: datetime.now(UTC), Journal())
            async for message in run_operation(desk, "learn", args):
                if "result" in message:
                    result = message["result"]
                else:
                    on_progress(message["progress"])
    return result


class _Bars:
    """A progress line, one source after another."""

    def __init__(self) -> None:
        from proxy.cli.progress import Progress

        self._make = Progress
        self._source = ""
        self._bar: Progress | None = None

    def __enter__(self) -> "_Bars":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)

    def show(self, progress: dict[str, Any]) -> None:
        """What the operation says of how far it has come."""
        if progress["source"] != self._source or self._bar is None:
            self.__exit__()
            self._source = progress["source"]
            self._bar = self._make(f"learning from {safe(self._source)}", progress["total"])
        self._bar.at(progress["done"])


def _say(result: list[dict[str, Any]]) -> None:
    for one in result:
        say(f"{safe(one['source'])}: {one['read']:,} mails read, {one['new']:,} of them new.")
        if one["unreadable"]:
            tell(f"{one['unreadable']:,} could not be read and count for nothing:")
            for failure in one["failures"]:
                tell(f"  {safe(failure['where'])}: {safe(failure['why'])}")
            if one["unreadable"] > len(one["failures"]):
                tell(f"  … and {one['unreadable'] - len(one['failures']):,} more")
