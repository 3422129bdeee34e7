"""`coldask doctor`: a look at everything coldask stands on, each line ok, warn or FAIL with the fix."""

from typing import Annotated

import typer

from proxy.cli.options import Config, Json, config_file, run_async
from proxy.cli.render import print_json, safe, say, tell

Salvage = Annotated[
    str | None,
    typer.Option(
        "--salvage",
        metavar="FOLDER",
        help="Write the held mails that can be read out of a damaged store into this folder.",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(salvage: Salvage = None, config: Config = None, json: Json = False) -> None:
    """Look at configuration, files, ports, secrets, servers, folders, store and model, and say what to mend.

    It logs in once at each server, sends no mail and changes nothing. Exit 3 where anything FAILs. With
    --salvage it only takes held mail out of a damaged store, each as ID.eml with its envelope in ID.json.

    Example: coldask doctor
    """
    if salvage is not None:
        raise SystemExit(_salvage(salvage, config, json))
    raise SystemExit(run_async(_examine(config, json)))


async def _examine(config: str | None, json: bool) -> int:
    from proxy.doctor import Level, Line, examine

    lines: list[Line] = []
    async for line in examine(config_file(config)):
        lines.append(line)
        if not json:
            say(f"{line.level.value:<4}  {line.area}: {safe(line.text)}")
            if line.fix:
                say(f"      → {safe(line.fix)}")
    failed, warned = (sum(line.level is level for line in lines) for level in (Level.FAIL, Level.WARN))
    if json:
        print_json({"ok": not failed, "lines": [line._asdict() for line in lines]})
    else:
        tell(f"{failed or 'nothing'} to mend, {warned or 'nothing'} to think about.")
    return 3 if failed else 0


def _salvage(folder: str, config: str | None, json: bool) -> int:
    from base64 import b64encode

    from proxy.cli.held_files import write_mails
    from proxy.config import load_config, store_path
    from proxy.store.salvage import salvage

    path = store_path(load_config(config_file(config)))
    mails, lost = salvage(path)
    rows = [
        {**mail._asdict(), "received_at": mail.received_at.isoformat(), "raw": b64encode(mail.raw).decode()}
        for mail in mails
    ]
    files = write_mails(rows, folder)
    damaged = [mail.id for mail in mails if not mail.whole]
    if json:
        print_json({"files": files, "damaged": damaged, "lost": lost})
    else:
        for file in files:
            say(file)
        tell(f"{len(mails)} held mails were read, {lost} could not be.")
        if damaged:
            tell(f"Not as they were held, so look before you send: {safe(', '.join(damaged))}.")
    return 3 if lost or damaged else 0
