"""`coldask asks` and `coldask why`: what was filed as a cold ask, and the reason for any one mail."""

from typing import Annotated, Any

import typer

from models.errors import UsageError
from proxy.cli.options import Config, Json, config_file, run_async
from proxy.cli.render import print_json, safe, say, share, tell
from proxy.cli.said import Said

Unsure = Annotated[bool, typer.Option("--unsure", help="What stayed in the inbox, not being cold for sure.")]
Digest = Annotated[bool, typer.Option("--digest", help="The last day's in one screen.")]
Week = Annotated[bool, typer.Option("--week", help="With --digest: the last week's.")]
Key = Annotated[str, typer.Argument(metavar="ID", help="A Message-ID, or an id of `asks` or `held list`.")]

# What a state says to a person.
STATES = {
    "stayed": "in the inbox",
    "moving": "on its way",
    "filed": "filed",
    "returned": "moved back by you",
    "gone": "gone",
}

LIKELY = {  # by the verdict, how probable a cold ask is
    "file": "{} sure that it is a cold ask.",
    "unsure": "Perhaps a cold ask: {} likely.",
    "keep": "{} likely to be a cold ask.",
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("asks")(asks)
    app.command("why")(why)


def asks(
    unsure: Unsure = False,
    digest: Digest = False,
    week: Week = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """What was filed as a cold ask, newest first.

    Example: coldask asks --digest --week
    """
    if digest or week:
        _digest(config, digest=digest, week=week, unsure=unsure, json=json)
        return
    rows = _ask(config, "asks", unsure=unsure)
    if json:
        print_json(rows)
        return
    for row in rows:
        say(_line(row))
    if not rows:
        tell("Nothing was left in doubt." if unsure else "No cold ask was filed.")
    else:
        tell("`coldask why ID` gives the whole reason.")


def _digest(config: str | None, *, digest: bool, week: bool, unsure: bool, json: bool) -> None:
    if not digest:
        raise UsageError("--week belongs to --digest; write `coldask asks --digest --week`.")
    if unsure:
        raise UsageError("--digest counts the unsure ones too; leave --unsure out.")
    found = _ask(config, "asks.digest", days=7 if week else 1)
    if json:
        print_json(found)
    else:
        from proxy.cli.digest import digest_text

        say(digest_text(found, "week" if week else "day"))


def why(key: Key, config: Config = None, json: Json = False) -> None:
    """The whole reason for one mail, incoming or outgoing.

    Example: coldask why i12
    """
    found = _ask(config, "why", key=key)
    if json:
        print_json(found)
    elif found["direction"] == "outgoing":
        from proxy.cli.held_page import show_page

        show_page(found)
    else:
        _show(found)


def _ask(config: str | None, op: str, **args: Any) -> Any:
    from proxy.cli.door import ask

    return run_async(ask(config_file(config), op, args))


def _line(row: dict[str, Any]) -> str:
    from proxy.cli.held_page import strong, when

    kinds = ", ".join(dict.fromkeys(a["ask"] for a in row["asks"])) or "no ask named"
    subject = f'  "{safe(row["subject"])[:50]}"' if row["subject"] else ""
    state = STATES.get(row["state"], row["state"])
    return f"{strong(row['id'])}  {when(row['filed_at'])}  {state:<17}  {safe(row['from'])}{subject}  {kinds}"


def _show(row: dict[str, Any]) -> None:
    from proxy.cli.held_page import strong, when

    by_you = row["state"] == "filed" and row["disposition"] != "file"
    where = "moved to Cold Asks by you" if by_you else STATES.get(row["state"], row["state"])
    say(
        strong(f"{row['id']}  {row['disposition']}, {where}")
        + f"  account {row['account']}, {when(row['filed_at'])}"
    )
    for name, value in (
        ("From", row["from"]),
        ("Subject", row["subject"]),
        ("Message-ID", row["message_id"]),
    ):
        if value:
            say(f"{name + ':':<12}{safe(value)[:200]}")
    say()
    said = Said()
    say(f"Why: {said.new(safe(row['reason']))}")
    say(f"     {LIKELY[row['disposition']].format(share(row['probability']))}")
    for one in row["asks"]:
        say(f'     {one["ask"]}: "{safe(one["quote"])}"')
    for reason in row.get("because", ()):
        say(f"     The letter {safe(reason)}.")
    for finding in row["findings"]:
        message = said.new(safe(finding["message"]))
        say(f"     {strong(finding['rule'])}" + (f": {message}" if message else ""))
    for person, tie in row["ties"].items():
        say(f"     {safe(person)}  {tie['tie']}: {safe('; '.join(tie['facts']))}")
    say()
    say("What would change it:")
    for sentence in row["changes"]:
        say(f"     {safe(sentence)}")
