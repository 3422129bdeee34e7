"""`coldask people`: the relationships, with the facts behind them."""

from typing import Annotated, Any

import typer

from models.errors import UsageError
from proxy.cli.options import Config, Json, run_async
from proxy.cli.render import print_json, safe, say, tell

SHOWN = 100  # people listed at most
Address = Annotated[
    str | None,
    typer.Argument(metavar="[ADDR]", help="One person; nobody: all, the closest first.", show_default=False),
]

Joined = Annotated[
    tuple[str, str] | None,
    typer.Option(
        "--join", metavar="ADDR ADDR", help="These two addresses are one person's.", show_default=False
    ),
]
Split = Annotated[
    str | None,
    typer.Option("--split", metavar="ADDR", help="This address is a person of its own.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("people")(people)


def people(
    address: Address = None,
    join: Joined = None,
    split: Split = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Show how you stand to people, and why; say which addresses are one person's.

    Example: coldask people joe@friend.example
    """
    from proxy.cli.usual import ask

    found = run_async(ask(config, *_asked(address, join, split)))
    if json:
        print_json(found)
        return
    known = run_async(ask(config, "history", {}))
    if known["ties"] and not known["texts"]:
        tell("The texts are still being read: introductions, help and noes may be missing here.")
    elif found and not known["texts"]:
        tell("The history is still being read: who wrote to whom may be missing here.")
    for person in found[:SHOWN]:
        _say(person)
    if not found:
        say("Nobody is known yet; `coldask learn` reads the mail that is there.")
    if len(found) > SHOWN:
        say(f"… and {len(found) - SHOWN:,} more; --json shows them all, ADDR shows one")


def _asked(
    address: str | None, join: tuple[str, str] | None, split: str | None
) -> tuple[str, dict[str, Any]]:
    """The operation and its arguments."""
    if sum(given is not None for given in (address, join, split)) > 1:
        raise UsageError("Give one of ADDR, --join and --split at a time.")
    if join is not None:
        return "people.join", {"address": join[0], "other": join[1]}
    if split is not None:
        return "people.split", {"address": split}
    return "people", {"address": address}


def _say(person: dict[str, Any]) -> None:
    name = f"{person['name']} <{person['address']}>" if person["name"] else person["address"]
    colleague = ", a colleague" if person["internal"] else ""
    say(f"{safe(name)}: {person['tie']}{colleague}")
    for fact in person["facts"]:
        say(f"  {safe(fact)}")
    for other in person["also"]:
        say(f"  also {safe(other['address'])}: {safe(other['why'])}")
    if person["set_apart"]:
        say(f"  you set this address apart on {person['set_apart'][:10]}")
    if person["you_said"]:
        say(f"  you said: {person['you_said']}")
    for made in person["introductions"]:
        by = "you" if made["by_you"] else made["introducer"]
        say(f"  {safe(by)} introduced {safe(made['introduced'])} on {made['date'][:10]}")
    for given in person["help"]:
        say(f"  {_help(given)}: “{safe(given['quote'])}”")


def _help(given: dict[str, Any]) -> str:
    """Whether the owner has thanked, and told what became of it."""
    what = {"lead": "a lead", "introduction": "an introduction", "referral": "a referral"}
    words = f"they gave you {what.get(given['kind'], given['kind'])} on {given['date'][:10]}"
    if given["settled"]:
        return f"{words}; you thanked them and told what became of it by {given['settled'][:10]}"
    if given["thanked"]:
        return f"{words}; you thanked them, and have not told yet what became of it"
    return f"{words}; you have not thanked them yet"
