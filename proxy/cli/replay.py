"""`coldask replay`: a whole mailbox judged in date order, as a report or as JSON lines."""

from typing import Annotated, Any

import typer

from models.errors import UsageError
from proxy.cli.options import Config, Json, run_async

Where = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE", help="A Maildir, an mbox, or a folder of .eml files.", show_default=False
    ),
]
Owners = Annotated[list[str] | None, typer.Option("--owner", metavar="ADDR", help="An address of yours.")]
Labels = Annotated[
    str | None,
    typer.Option(
        "--labels",
        metavar="FILE",
        help='JSON lines {"message_id", "label"}: adds precision, recall, the misses.',
    ),
]
Internal = Annotated[
    list[str] | None, typer.Option("--internal", metavar="DOMAIN", help="A domain of colleagues.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay)


def replay(
    source: Where,
    owner: Owners = None,
    labels: Labels = None,
    internal: Internal = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Walk a mailbox and say what would have been filed and held. Changes nothing.

    Example: coldask replay ~/Maildir --owner ann@example.org
    """
    from proxy.cli.labels import read_labels
    from proxy.history.sources import open_source

    box = open_source(source)
    if not owner:
        raise UsageError(_whose(box))
    known = read_labels(labels) if labels is not None else {}
    run_async(_walk(box, owner, internal or [], known, json))


def _whose(box: Any) -> str:
    from proxy.history.owners import likely_owners

    seen = likely_owners(box)
    hint = f"most of its mail went to {', '.join(seen)}; " if seen else ""
    return f"Whose mailbox is {box.path}? {hint}name your own address with --owner ADDR."


async def _walk(box: Any, owner: list[str], internal: list[str], labels: dict[str, str], json: bool) -> None:
    from proxy.cli.labels import Score
    from proxy.cli.progress import Progress
    from proxy.cli.render import print_json, say, tell
    from proxy.cli.report import Report
    from proxy.history.domains import hermetic_owner
    from proxy.history.replay import replay as walk

    report, score = Report(), Score(labels)
    with Progress("judging") as progress:
        async for one in walk(box, hermetic_owner(owner, internal), lambda n: setattr(progress, "total", n)):
            report.add(one)
            score.add(one)
            if json:
                print_json(_document(one))
            progress.at(report.mails)
    if not json:
        say(report.text())
    if labels:
        (tell if json else say)(score.text())


def _document(one: Any) -> dict[str, Any]:
    from proxy.cli.batch import verdict_json

    return {
        "message_id": one.mail.message_id,
        "path": str(one.place.path),
        "date": one.mail.date.isoformat() if one.mail.date else None,
        **verdict_json(one.verdict),
    }
