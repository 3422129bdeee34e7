"""`coldask rules`: what each rule catches, why, and what to do instead."""

from typing import Annotated

import typer

from proxy.cli.options import Config, Json, config_file
from proxy.cli.render import print_json, say, tell

Name = Annotated[
    str | None, typer.Argument(metavar="NAME", help="One rule; left out: all of them.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rules")(rules)


def rules(name: Name = None, config: Config = None, json: Json = False) -> None:
    """The rules, or the page of one.

    Example: coldask rules premature-ask
    """
    from classifier.policy import DEFAULTS
    from classifier.rulebook import rule
    from classifier.rulebook import rules as all_rules

    wishes = _wishes(config)
    shown = [rule(name)] if name else list(all_rules())
    rows = [
        {
            "name": one.name,
            "summary": one.summary,
            "default": str(DEFAULTS.get(one.name, "note")),
            "effect": wishes.get(one.name, str(DEFAULTS.get(one.name, "note"))),
            **({"page": one.page} if name else {}),
        }
        for one in shown
    ]
    if json:
        print_json(rows[0] if name else rows)
    elif name:
        say(f"{rows[0]['name']} ({rows[0]['effect']})\n\n{shown[0].page}")
        if DEFAULTS.get(name) == "matrix":
            say(f"\n## Asks and ties\n{_table()}")
    else:
        width = max((len(row["name"]) for row in rows), default=0)
        for row in rows:
            say(f"{row['name']:<{width}}  {row['effect']:<6}  {row['summary']}")
        tell("`coldask rules NAME` prints a rule's page; [rules] in the configuration sets what it does.")


def _table() -> str:
    """What an ask of a kind to a person of a tie comes to."""
    from classifier.policy import MATRIX
    from models.past import Tie

    lines = [f"{'':<13}" + "".join(f"{tie.value:<13}" for tie in Tie)]
    lines += [
        f"{ask.value:<13}" + "".join(f"{row[tie].value:<13}" for tie in Tie) for ask, row in MATRIX.items()
    ]
    return "\n".join(line.rstrip() for line in lines)


def _wishes(config: str | None) -> dict[str, str]:
    """What the configuration says of the rules. Where there is none and none was named, nothing."""
    from proxy.config import load_config

    path = config_file(config)
    if config is None and not path.exists():
        return {}
    return {name: effect.value for name, effect in load_config(path).rules.items()}
