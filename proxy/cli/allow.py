"""`coldask allow`: what may be sent all the same, listed and taken back in the same words."""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any

import typer

from models.errors import UsageError
from proxy.cli.options import Config, Json, config_file, run_async
from proxy.cli.render import print_json, safe, say, tell

What = Annotated[
    str | None,
    typer.Argument(
        metavar="[WHAT]",
        help="An address, a held mail's id, or a Message-ID; nothing: list what is allowed.",
        show_default=False,
    ),
]
Rule = Annotated[
    str | None, typer.Option("--rule", metavar="NAME", help="This rule alone.", show_default=False)
]
List_ = Annotated[
    str | None,
    typer.Option("--list", metavar="NAME", help="A mailing of [people.lists].", show_default=False),
]
Campaign = Annotated[
    str | None,
    typer.Option(
        "--campaign", metavar="ID", help="Near-copies of this held mail, to anybody.", show_default=False
    ),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="DATE", help="A date, a time, or 30d (days).", show_default=False),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; shown with what it covers.")]
Undo = Annotated[bool, typer.Option("--undo", help="Take it back; by the same words or the number.")]
Offers = Annotated[bool, typer.Option("--offers", help="What you release unedited again and again.")]
All = Annotated[bool, typer.Option("--all", help="List what has ended too.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("allow")(allow)


def allow(
    what: What = None,
    rule: Rule = None,
    list_: List_ = None,
    campaign: Campaign = None,
    until: Until = None,
    reason: Reason = "",
    undo: Undo = False,
    offers: Offers = False,
    all: All = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """Allow a person, a rule, a mail, a list or a campaign; list what is allowed; take it back with --undo.

    A person allowed whole is released for incoming mail too. A campaign ends after 14 days.

    Example: coldask allow sue@corp.example --rule premature-ask --until 2027-01-31
    """
    from proxy.cli.door import ask

    named = {"what": what, "rule": rule or "", "list_": list_, "campaign": campaign}
    any_named = any(named.values())
    if undo and (offers or all or until or reason):
        raise UsageError("--undo takes back what was allowed; it goes with no other option but whom or what.")
    if (offers or all) and any_named:
        raise UsageError("--offers and --all list; write them without what is to be allowed.")
    path = config_file(config)
    if undo:
        if not any_named:
            raise UsageError("Name what to take back: its number, or the words it was allowed in.")
        _undone(run_async(ask(path, "allow.undo", named)), json)
    elif offers:
        _offered(run_async(ask(path, "allow.offers")), json)
    elif any_named:
        args = {**named, "until": _end(until) if until else None, "reason": " ".join(reason.split())}
        _given(run_async(ask(path, "allow.give", args)), json)
    elif until or reason:
        raise UsageError("Name what you allow: an address, a held mail's id, --list, --campaign or --rule.")
    else:
        _listed(run_async(ask(path, "allow.list", {"every": all})), json)


def _end(text: str) -> str:
    """The moment a permission ends. A date ends with its day, in this machine's time. Raises UsageError."""
    word = text.strip().lower()
    if word[:-1].isascii() and word[:-1].isdigit() and word[-1] == "d":
        if not 1 <= int(word[:-1][:6]) <= 36500:
            raise UsageError(f"--until {text!r}: write 1d to 36500d.")
        return (datetime.now(UTC) + timedelta(days=int(word[:-1]))).isoformat()
    try:
        given = datetime.fromisoformat(text.strip())
        if len(text.strip()) <= 10:
            given = datetime.combine(given.date(), time(23, 59, 59))
        return given.astimezone(UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"--until {text!r} is no time; write 2027-01-31, 2027-01-31T18:00 or 30d.") from None


def _given(row: dict[str, Any], json: bool) -> None:
    if json:
        print_json(row)
        return
    say(f"Allowed: {_line(row)}.")
    if row["incoming"]:
        say("Their mail to you is no cold ask either.")
    tell(f"`coldask allow {row['id']} --undo` takes it back.")


def _undone(answer: dict[str, Any], json: bool) -> None:
    if json:
        print_json(answer)
        return
    for row in answer["undone"]:
        say(f"Taken back: {_line(row)}.")
    if answer["words"]:
        say("What you said of this person by moving mail or writing to them is taken back too.")


def _listed(rows: list[dict[str, Any]], json: bool) -> None:
    if json:
        print_json(rows)
        return
    for row in rows:
        state = "" if row["state"] == "active" else f"  [{row['state']}]"
        say(f"{row['id'] or '-':<4}{_line(row)}{state}")
    if not rows:
        tell("Nothing is allowed, and nothing was said of anybody.")


def _offered(rows: list[dict[str, Any]], json: bool) -> None:
    if json:
        print_json(rows)
        return
    for row in rows:
        say(offer_line(row))
    if not rows:
        tell("Nothing is offered: nothing was released unedited three times for the same rule and person.")


def offer_line(row: dict[str, Any]) -> str:
    """An offer in a sentence, with the command that takes it."""
    return (
        f"You released {row['times']} mails to {safe(row['person'])} that {row['rule']} had stopped; "
        f"to allow that for good: {safe(row['command'])}"
    )


def _line(row: dict[str, Any]) -> str:
    whom = {
        "person": row["what"],
        "trusted": f"{row['what']}, trusted",
        "released": f"{row['what']}, not cold",
        "cold": f"{row['what']}, cold",
        "mail": f"the mail {row['what']}",
        "list": f"the list {row['what']}",
        "campaign": f"near-copies of {row['what']}",
        "rule": "",
    }[row["kind"]]
    parts = [whom, f"rule {row['rule']}" if row["rule"] else ""]
    words = ", ".join(safe(p) for p in parts if p)
    if row["until"]:
        words += f", until {datetime.fromisoformat(row['until']).astimezone():%d %b %Y %H:%M}"
    if row["reason"]:
        words += f" ({safe(row['reason'])})"
    when = f"{datetime.fromisoformat(row['at']).astimezone():%d %b %Y}, " if row["at"] else ""
    return f"{words}  [{when}{safe(row['source'])}]"
