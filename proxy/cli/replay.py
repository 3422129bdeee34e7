"""`coldask replay`: a whole mailbox judged in date order, as a report or as JSON lines."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from models.errors import UsageError
from proxy.cli.options import Json, configured_owner, run_async

if TYPE_CHECKING:
    from proxy.cli.labels import Score
    from proxy.history.replay import Replayed
    from proxy.history.sources import Source
    from proxy.history.summary import Summary

Where = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE", help="A Maildir, an mbox, or a folder of .eml files.", show_default=False
    ),
]
Owners = Annotated[
    list[str] | None,
    typer.Option("--owner", metavar="ADDR", help="An address of yours; left out: those of your accounts."),
]
OwnersFrom = Annotated[
    str | None,
    typer.Option(
        "--config",
        metavar="PATH",
        help="The configuration file. Only your addresses are read, and only without --owner.",
        show_default=False,
    ),
]
Labels = Annotated[
    str | None,
    typer.Option(
        "--labels",
        metavar="FILE",
        help='JSON lines {"message_id", "label"}: adds precision, recall, F1, average precision, the misses.',
    ),
]
Internal = Annotated[
    list[str] | None, typer.Option("--internal", metavar="DOMAIN", help="A domain of colleagues.")
]
Page = Annotated[
    str | None,
    typer.Option("--html", metavar="FILE", help="Write the report, with plots, as one page for a browser."),
]
Force = Annotated[bool, typer.Option("--force", help="Let --html write over a file that is there.")]


class Wanted(NamedTuple):
    """What the walk is to give beside the verdicts."""

    labels: dict[str, str]
    json: bool
    page: Path | None
    force: bool


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay)


def replay(
    source: Where,
    owner: Owners = None,
    labels: Labels = None,
    internal: Internal = None,
    html: Page = None,
    force: Force = False,
    config: OwnersFrom = None,
    json: Json = False,
) -> None:
    """Walk a mailbox and say what would have been filed and held. Changes nothing.

    Example: coldask replay ~/Maildir --owner ann@example.org --html report.html
    """
    from proxy.cli.labels import read_labels
    from proxy.cli.page.file import place_of
    from proxy.history.sources import open_source

    box = open_source(source)
    owner = owner or configured_owner(config)
    if not owner:
        raise UsageError(_whose(box))
    if odd := [address for address in owner if "@" not in address]:
        raise UsageError(f"--owner {odd[0]!r} is no mail address; write it like 'ann@example.org'.")
    page = place_of(html, force=force)
    known = read_labels(labels) if labels is not None else {}
    run_async(_walk(box, owner, internal or [], Wanted(known, json, page, force)))


def _whose(box: "Source") -> str:
    from proxy.history.owners import likely_owners

    seen = likely_owners(box)
    hint = f"most of its mail went to {', '.join(seen)}; " if seen else ""
    return f"Whose mailbox is {box.path}? {hint}name your own address with --owner ADDR."


async def _walk(box: "Source", owner: list[str], internal: list[str], wanted: Wanted) -> None:
    import time

    from proxy.cli.labels import Score
    from proxy.cli.progress import Progress
    from proxy.cli.render import print_json, tell
    from proxy.encoder import installed_ear
    from proxy.history.domains import hermetic_owner
    from proxy.history.replay import replay as walk
    from proxy.history.standing import people_by_tie
    from proxy.history.summary import Summary
    from proxy.store.database import Store

    ear = installed_ear(tell)
    whose = hermetic_owner(owner, internal)
    found, score, started = Summary(whose), Score(wanted.labels), time.monotonic()
    async with await Store.open(None) as store:
        with Progress("judging") as progress:
            async for one in walk(box, whose, store, lambda n: setattr(progress, "total", n), ear=ear):
                found.add(one)
                score.add(one)
                if wanted.json:
                    print_json(_document(one))
                progress.at(found.mails)
        seconds = time.monotonic() - started
        people = await people_by_tie(store, whose, found.end) if wanted.page else None
    _tell(found, score, seconds, wanted)
    if wanted.page is not None and people is not None:
        _write(str(box.path), found, people, score, seconds, wanted)


def _tell(found: "Summary", score: "Score", seconds: float, wanted: Wanted) -> None:
    from proxy.cli.labels import quality_text
    from proxy.cli.render import say, tell
    from proxy.cli.report import report_text

    if not wanted.json:
        say(report_text(found, seconds))
    if wanted.labels:
        (tell if wanted.json else say)(("" if wanted.json else "\n") + quality_text(score.quality))


def _write(
    name: str, found: "Summary", people: Counter[str], score: "Score", seconds: float, wanted: Wanted
) -> None:
    from proxy.cli.page.document import Walk, document
    from proxy.cli.page.file import write_page
    from proxy.cli.render import tell

    assert wanted.page is not None
    quality = score.quality if wanted.labels else None
    write_page(wanted.page, document(Walk(name, found, people, seconds, quality)), force=wanted.force)
    tell(f"The page is in {wanted.page}; open it in a browser.")


def _document(one: "Replayed") -> dict[str, Any]:
    from proxy.cli.batch import verdict_json

    return {
        "message_id": one.mail.message_id,
        "path": str(one.place.path),
        "date": one.mail.date.isoformat() if one.mail.date else None,
        **verdict_json(one.verdict),
    }
