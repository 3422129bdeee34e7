"""`coldask purge`: removes what is stored about a person, about old mail, or everything; asks first."""

import sys
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from models.errors import UsageError
from proxy.cli.options import Config, Json, config_file, run_async
from proxy.cli.render import print_json, safe, say, tell

Person = Annotated[
    str | None, typer.Argument(metavar="[ADDR]", help="A person, at all their addresses.", show_default=False)
]
Before = Annotated[
    str | None,
    typer.Option("--before", metavar="DATE", help="Mail from before this day.", show_default=False),
]
Everything = Annotated[bool, typer.Option("--everything", help="All there is.")]
WithHeld = Annotated[bool, typer.Option("--with-held", help="With --everything: held mail that waits too.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("purge")(purge)


def purge(
    person: Person = None,
    before: Before = None,
    everything: Everything = False,
    with_held: WithHeld = False,
    yes: Yes = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """Remove what is stored about a person, from before a day, or everything. Says what it is, and asks first.

    Held mail that waits stays, but for --everything --with-held. Your mailbox is not touched.

    Example: coldask purge sue@corp.example
    """
    from proxy.cli.door import ask

    if with_held and not everything:
        raise UsageError("--with-held goes with --everything.")
    path = config_file(config)
    args = {"person": person, "before": _day(before), "everything": everything, "with_held": with_held}
    if not yes:
        found = run_async(ask(path, "purge", {**args, "trial": True}))
        if not found["gone"]:
            print_json(found) if json else say("Nothing of that is stored.")
            return
        _confirm(found)
    done = run_async(ask(path, "purge", {**args, "trial": False}))
    print_json(done) if json else _say(done, everything)


def _day(text: str | None) -> str | None:
    """The first moment of that day, in this machine's time. Raises UsageError."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"--before {text!r} is no day; write it like 2020-12-31.") from None


def _confirm(found: dict[str, Any]) -> None:
    """Raises UsageError where the answer is no, or nobody is there to ask."""
    from proxy.cli.held_desk import confirm

    question = f"{_of(found)}This removes {_kinds(found)}. Nothing brings it back. Remove it?"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"{safe(question)} Say --yes to do it; nothing was removed.")
    if not confirm(question):
        raise UsageError("Nothing was removed.")


def _say(done: dict[str, Any], everything: bool) -> None:
    say(f"Removed: {_kinds(done)}.")
    if done["waiting"]:
        tell("Held mail that waits was left; `coldask held list` shows it.")
    if done["addresses"]:
        tell(
            "Your mailbox still holds their mail: what is written from now on counts anew, and `coldask learn MAILBOX` "
            "would bring back what that mailbox holds."
        )
    if done["again"]:
        tell(
            "The service reads your mail anew; until it has, nothing is held or filed that depends on whom you know."
        )
    elif everything:
        tell(
            "No history is left, so nothing is held or filed that depends on whom you know "
            "until `coldask learn`, or the next start of the service, has read your mail."
        )


def _of(found: dict[str, Any]) -> str:
    return f"{', '.join(found['addresses'])}: " if found["addresses"] else ""


def _kinds(found: dict[str, Any]) -> str:
    return (
        ", ".join(f"{n:,} {_ONE[kind] if n == 1 else kind}" for kind, n in found["gone"].items()) or "nothing"
    )


_ONE = {
    "mails of history": "mail of history",
    "people": "person",
    "judgements of incoming mail": "judgement of incoming mail",
    "your words about people": "of your words about people",
    "your words on whose address is whose": "of your words on whose address is whose",
    "permissions": "permission",
    "held mails": "held mail",
    "warnings": "warning",
}
