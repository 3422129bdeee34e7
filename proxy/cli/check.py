"""`coldask check`: judge one mail, or a stream of cases, and send nothing."""

import sys
from typing import Annotated, Any

import typer

from models.errors import UsageError
from proxy.cli.options import Config, Json, config_file, configured_owner, run_async
from proxy.cli.render import print_json, say, tell

File = Annotated[str, typer.Argument(help="The mail's file; - or nothing: stdin.", show_default=False)]
Rcpt = Annotated[
    list[str] | None, typer.Option("--rcpt", metavar="ADDR", help="An envelope recipient, so blind ones too.")
]
Past = Annotated[
    str | None,
    typer.Option("--past", metavar="SOURCE", help="Judge with the history in a mailbox, not the store."),
]
Owners = Annotated[
    list[str] | None,
    typer.Option("--owner", metavar="ADDR", help="An address of yours, where no configuration names it."),
]
Internal = Annotated[
    list[str] | None, typer.Option("--internal", metavar="DOMAIN", help="A domain of colleagues.")
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="TIME", help="Judge as of this moment (ISO 8601); left out: the mail's date."
    ),
]
Incoming = Annotated[bool, typer.Option("--incoming", help="It came in, whatever its From says.")]
Outgoing = Annotated[bool, typer.Option("--outgoing", help="It goes out, whatever its From says.")]
Batch = Annotated[bool, typer.Option("--batch", help="Read JSON lines on stdin, answer one each.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    file: File = "-",
    rcpt: Rcpt = None,
    past: Past = None,
    owner: Owners = None,
    internal: Internal = None,
    as_of: AsOf = None,
    incoming: Incoming = False,
    outgoing: Outgoing = False,
    batch: Batch = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """Judge a mail without sending it. Exit 1 where it would be held or filed.

    Example: coldask check draft.eml --past ~/Maildir --owner ann@example.org
    """
    if batch:
        _refuse_with_batch(file, rcpt, past, owner, as_of, incoming, outgoing)
        from proxy.cli.batch import answer_all

        raise SystemExit(2 if run_async(answer_all(internal or [])) else 0)
    if incoming and outgoing:
        raise UsageError("--incoming and --outgoing were both given; write one of them.")
    direction = "incoming" if incoming else "outgoing" if outgoing else None
    raw = sys.stdin.buffer.read() if file == "-" else _bytes(file)
    for name, addresses in (("--owner", owner), ("--rcpt", rcpt)):
        for address in addresses or []:
            if "@" not in address:
                raise UsageError(f"{name} {address!r} is no mail address; write it like 'ann@example.org'.")
    case = {"raw": raw, "rcpt": rcpt or [], "as_of": as_of, "direction": direction}
    if past is not None or owner:
        verdict = run_async(_hermetic(case, past, owner or configured_owner(config), internal or []))
    else:
        verdict = run_async(_with_store(case, config, internal or []))
    print_json(verdict) if json else _show(verdict)
    raise SystemExit(1 if verdict["disposition"] in ("hold", "file") else 0)


def _refuse_with_batch(file: str, *options: object) -> None:
    """What each line says for itself cannot stand on the command line too. Raises UsageError."""
    if file != "-":
        raise UsageError(f"--batch reads its cases from stdin; write `coldask check --batch < {file}`.")
    if any(options):
        raise UsageError(
            "--batch takes --internal alone; path, rcpt, past, owner, as_of and direction stand in each line."
        )


def _bytes(file: str) -> bytes:
    from proxy.cli.batch import read_bytes

    try:
        return read_bytes(file)
    except UsageError as e:
        sentence = str(e)
        raise UsageError(sentence[0].upper() + sentence[1:]) from None


async def _hermetic(
    case: dict[str, Any], past: str | None, own: list[str], internal: list[str]
) -> dict[str, Any]:
    """By the history in a source; where none is given by the mail alone, and nothing is stopped by tie."""
    from datetime import UTC, datetime

    from classifier.reading.read import read_mail
    from proxy.cli.batch import verdict_json
    from proxy.encoder import installed_ear
    from proxy.history.direction import envelope_of, is_outgoing
    from proxy.history.domains import hermetic_owner
    from proxy.history.hermetic import history_of, judge_with
    from proxy.history.moment import moment_of
    from proxy.history.sources import open_source

    mail = read_mail(case["raw"])
    if not own and case["direction"] == "outgoing":
        own = [m.address for m in mail.senders]
    if past is not None and not own:
        raise UsageError("Whose mailbox is it? Name your own address with --owner ADDR.")
    owner = hermetic_owner(own, internal)
    envelope = envelope_of(mail, case["rcpt"]) if is_outgoing(mail, owner, case["direction"]) else None
    now = moment_of(case["as_of"], mail.date, datetime.now(UTC))
    source = open_source(past) if past is not None else None
    only = {m.canonical for m in mail.senders} if envelope is None else None
    async with await history_of(source, owner, only) as store:
        verdict = await judge_with(
            store,
            mail,
            owner=owner,
            now=now,
            envelope=envelope,
            ready=past is not None,
            ear=installed_ear(tell),
        )
    if past is None:
        tell("No --past: judged by the mail alone, as if no history had been read.")
    if not own:
        tell("No --owner: taken as mail that came in; name your address with --owner, or say --outgoing.")
    return verdict_json(verdict)


async def _with_store(case: dict[str, Any], config: str | None, internal: list[str]) -> dict[str, Any]:
    """By the configured store; by the mail alone where there is no configuration."""
    path = config_file(config)
    if config is None and not path.exists():
        tell("There is no configuration.")
        return await _hermetic(case, None, [], internal)
    from base64 import b64encode

    from proxy.cli.door import ask

    args = {**case, "raw": b64encode(case["raw"]).decode("ascii")}
    verdict: dict[str, Any] = await ask(path, "check", args)
    return verdict


def _show(verdict: dict[str, Any]) -> None:
    """The verdict for a person."""
    from proxy.cli.render import safe
    from proxy.cli.said import Said

    said = Said()
    say(f"{verdict['direction']}: {verdict['disposition']}")
    say(said.new(safe(verdict["reason"])))
    for finding in verdict["findings"]:
        # "hold" and "warn" are words for mail that goes out; of mail that comes in the first line says it.
        effect = f"{finding['effect']}: " if verdict["direction"] == "outgoing" else ""
        say(f"\n{effect}{finding['rule']}" + (f" ({finding['ask']})" if finding["ask"] else ""))
        lines = [said.new(safe(finding["message"]))]
        if finding["quote"] and not said.quoted(safe(finding["quote"])):
            lines.append(f"“{safe(finding['quote'])}”")
        if verdict["direction"] == "outgoing":  # an incoming verdict's reason says what would change it
            lines.append(said.new(safe(finding["advice"])))
        for line in filter(None, lines):
            say(f"  {line}")
    if verdict["ties"]:
        say()
    for address, tie in verdict["ties"].items():
        say(f"{safe(address)}: {tie['tie']} ({safe('; '.join(tie['facts']))})")
