"""`coldask evaluate`: how good the verdicts are on mail that somebody has labelled."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.errors import UsageError
from proxy.cli.options import Json, Unread, run_async

if TYPE_CHECKING:
    from proxy.cli.labelled import Line
    from proxy.history.evaluation import Evaluation, Graded

Labels = Annotated[
    str, typer.Argument(metavar="LABELS", help="A file of JSON lines, one labelled mail each.")
]
Internal = Annotated[
    list[str] | None,
    typer.Option("--internal", metavar="DOMAIN", help="An internal domain (again for more)."),
]
Page = Annotated[
    str | None,
    typer.Option("--html", metavar="FILE", help="Write the report as one page too.", show_default=False),
]
Force = Annotated[bool, typer.Option("--force", help="Write over a page that is there.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evaluate")(evaluate)


def evaluate(
    labels: Labels,
    internal: Internal = None,
    html: Page = None,
    force: Force = False,
    config: Unread = None,
    json: Json = False,
) -> None:
    """Judge labelled mail and say how often the verdict was right, what the mistakes cost, and which they were.

    Shipped policy and model, no store. A line is a letter with its history, as in the project's corpus, or
    {"path": "letter.eml", "label": "cold_ask", "past": "mailbox", "owner": ["ann@example.org"]}; any other label
    than cold_ask (file, hold, warn) is mail that should go by. "kind" groups the figures.

    Example: coldask evaluate labels.jsonl --html quality.html
    """
    from proxy.cli.labelled import read_lines
    from proxy.cli.page.file import place_of

    page = place_of(html, force=force)
    lines = read_lines(labels)
    bad = run_async(_evaluate(labels, lines, internal or [], page, force=force, json=json))
    raise SystemExit(2 if bad else 0)


async def _evaluate(
    path: str, lines: "list[Line]", internal: list[str], page: Path | None, *, force: bool, json: bool
) -> int:
    """Judge, print, write the page; how many lines could not be judged."""
    from proxy.cli.labelled import graded
    from proxy.cli.page.evaluation import evaluation_page
    from proxy.cli.page.file import write_page
    from proxy.cli.progress import Progress
    from proxy.cli.render import print_json, say, tell
    from proxy.encoder import installed_ear
    from proxy.history.evaluation import evaluations

    mails: list[Graded] = []
    bad: list[str] = []
    with Progress("judging") as progress:
        progress.total = len(lines)
        async for one in graded(path, lines, internal, installed_ear(tell), bad.append):
            mails.append(one)
            progress.at(len(mails))
    for sentence in bad:
        tell(sentence)
    if not mails:
        raise UsageError(f"No mail of {path} could be judged; see above.")
    found = evaluations(mails)
    if json:
        print_json({name: evaluation_json(one) for name, one in found.items()})
    else:
        say("\n\n".join(evaluation_text(name, one) for name, one in found.items()))
    if page is not None:
        write_page(page, evaluation_page(Path(path).name, found), force=force)
        tell(f"The report is in {page}.")
    return len(bad)


def evaluation_json(found: "Evaluation") -> dict[str, Any]:
    """The figures of one direction as JSON carries them; shares are rounded to four places."""
    right, named = found.rules_right
    return {
        "mails": len(found.mails),
        "wanted": found.wanted,
        "stopped": found.stopped,
        "hits": found.hits,
        **{
            name: None if value is None else round(value, 4)
            for name, value in (
                ("precision", found.precision),
                ("recall", found.recall),
                ("f1", found.f1),
                ("average_precision", found.average_precision),
                ("cost", found.cost),
                ("calibration_error", found.calibration_error),
            )
        },
        "rules": {"right": right, "of": named},
        "confusion": {label: {d.value: n for d, n in row.items()} for label, row in found.confusion.items()},
        "kinds": [
            {"kind": k.name, "mails": k.mails, "wanted": k.wanted, "right": k.right,
             "became": {d.value: n for d, n in k.became.items()}}
            for k in found.kinds()
        ],
        "reliability": [
            {"from": b.low, "to": b.high, "mails": b.mails, "mean": round(b.mean, 4), "share": round(b.share, 4)}
            for b in found.reliability
        ],
        "misses": [_miss(m, "wrongly stopped") for m in found.wrong] + [_miss(m, "missed") for m in found.missed],
    }  # fmt: skip


def _miss(mail: "Graded", what: str) -> dict[str, Any]:
    return {
        "id": mail.id, "miss": what, "label": mail.label, "kind": mail.kind, "disposition": mail.disposition.value,
        "probability": mail.probability, "from": mail.sender, "subject": mail.subject, "reason": mail.reason,
        "text": mail.text,
    }  # fmt: skip


def evaluation_text(name: str, found: "Evaluation") -> str:
    """The report on one direction, for a person."""
    from proxy.cli.labels import confusion_lines, figure

    right, named = found.rules_right
    verb = "filed" if name == "incoming" else "held or warned of"
    lines = [
        f"{name}: {len(found.mails):,} mails, {found.wanted:,} of them to be {verb}",
        f"precision {figure(found.precision)} ({found.hits:,} of {found.stopped:,} {verb})",
        f"recall    {figure(found.recall)} ({found.hits:,} of {found.wanted:,})",
        f"F1        {figure(found.f1)}",
        f"average precision {figure(found.average_precision)}",
        f"cost      {figure(found.cost)} a mail (10 wrongly {verb}, 1 missed, 0.2 unsure)",
        f"calibration error {figure(found.calibration_error)}",
        *([f"the right rules in {right} of {named}"] if named else []),
        "",
        *confusion_lines(found),
        "",
        *_reliability(found),
        *_kinds(found),
        *_misses(f"wrongly {verb}", found.wrong),
        *_misses("missed", found.missed),
    ]
    return "\n".join(lines)


def _reliability(found: "Evaluation") -> list[str]:
    lines = [f"{'certainty':12}{'mails':>8}{'mean':>8}{'true':>8}"]
    lines += [
        f"{b.low:.1f} to {b.high:.1f}  {b.mails:>8,}{b.mean:>8.2f}{b.share:>8.2f}" for b in found.reliability
    ]
    return lines


def _kinds(found: "Evaluation") -> list[str]:
    from proxy.cli.render import safe

    kinds = found.kinds()
    if not kinds:
        return []
    lines = ["", f"{'kind':28}{'mails':>8}{'right':>8}  became"]
    for kind in kinds:
        became = ", ".join(f"{n} {d.value}" for d, n in kind.became.most_common())
        lines.append(f"{safe(kind.name)[:27]:28}{kind.mails:>8,}{kind.right:>8,}  {became}")
    return lines


def _misses(title: str, mails: "list[Graded]") -> list[str]:
    from proxy.cli.labels import MISSES
    from proxy.cli.render import safe, share

    if not mails:
        return []
    lines = ["", f"{title}: {len(mails):,}"]
    for m in mails[:MISSES]:
        lines.append(
            f"  {safe(m.id)} {safe(m.sender)} “{safe(m.subject)}” [{safe(m.kind or m.label)}] {share(m.probability)}"
        )
        lines.append(f"      {safe(m.reason)}")
        lines += [f"      | {safe(line)}" for line in m.text.strip().splitlines()]
    return [*lines, f"  … and {len(mails) - MISSES:,} more"] if len(mails) > MISSES else lines
