"""`coldask learn`: builds the relationship history."""

from pathlib import Path
from typing import Annotated, Any

import typer

from models.errors import UsageError
from proxy.cli.options import Config, Json, run_async
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
    from proxy.cli.usual import ask, has_configuration
    from proxy.history.sources import open_source

    paths = [str(Path(s).expanduser().absolute()) for s in sources or []]
    for one in paths:
        open_source(one)  # a wrong path is told before anything is read
    args = {"sources": paths, "owner": owner or []}
    if not paths and not has_configuration(config):
        raise UsageError(
            "There is no configuration; `coldask init` writes one. Or name a mailbox to learn from, "
            "and yourself with --owner ADDR."
        )
    with _Bars() as bars:
        result = run_async(ask(config, "learn", args, bars.show))
    print_json(result) if json else _say(result)


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
    if not any(one["new"] for one in result):
        say("Nothing was new: all that is there had been learned already.")
    for one in result:
        if one["trouble"]:
            tell(f"{safe(one['source'])}: {safe(one['trouble'])}.")
            continue
        say(f"{safe(one['source'])}: {one['read']:,} mails read, {one['new']:,} of them new.")
        if one["unreadable"]:
            tell(f"{one['unreadable']:,} could not be read and count for nothing:")
            for failure in one["failures"]:
                tell(f"  {safe(failure['where'])}: {safe(failure['why'])}")
            if one["unreadable"] > len(one["failures"]):
                tell(f"  … and {one['unreadable'] - len(one['failures']):,} more")
    found = {p["address"]: p for one in result for p in one["also_yours"]}
    if found:
        seen = " and ".join(_proposed(p) for p in found.values())
        say(f"Are these yours too? {seen}; if so, add them to `addresses` (or --owner) and learn again.")


def _proposed(own: dict[str, Any]) -> str:
    mails = "1 mail" if own["mails"] == 1 else f"{own['mails']:,} mails"
    where = "in Sent" if own["why"] == "in Sent" else "under your name"
    return f"{safe(own['address'])} ({mails} {where})"
