"""`coldask people`: the relationships, with the facts behind them."""

from typing import Annotated, Any

import typer

from proxy.cli.options import Config, Json, run_async
from proxy.cli.render import print_json, safe, say

SHOWN = 100  # people listed at most
Address = Annotated[
    str | None,
    typer.Argument(metavar="[ADDR]", help="One person; nobody: all, the closest first.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("people")(people)


def people(address: Address = None, config: Config = None, json: Json = False) -> None:
    """Show how you stand to people, and why.

    Example: coldask people joe@friend.example
    """
    from proxy.cli.usual import ask

    found = run_async(ask(config, "people", {"address": address}))
    if json:
        print_json(found)
        return
    for person in found[:SHOWN]:
        _say(person)
    if not found:
        say("Nobody is known yet; `coldask learn` reads the mail that is there.")
    if len(found) > SHOWN:
        say(f"… and {len(found) - SHOWN:,} more; --json shows them all, ADDR shows one")


def _say(person: dict[str, Any]) -> None:
    name = f"{person['name']} <{person['address']}>" if person["name"] else person["address"]
    colleague = ", a colleague" if person["internal"] else ""
    say(f"{safe(name)}: {person['tie']}{colleague}")
    for fact in person["facts"]:
        say(f"  {safe(fact)}")
    if person["you_said"]:
        say(f"  you said: {person['you_said']}")
    for made in person["introductions"]:
        by = "you" if made["by_you"] else made["introducer"]
        say(f"  {safe(by)} introduced {safe(made['introduced'])} on {made['date'][:10]}")
