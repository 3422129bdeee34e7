"""`coldask doctor`: a look at everything coldask stands on, each line ok, warn or FAIL with the fix."""

import typer

from proxy.cli.options import Config, Json, config_file, run_async
from proxy.cli.render import print_json, safe, say, tell


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(config: Config = None, json: Json = False) -> None:
    """Look at configuration, files, ports, secrets, servers, folders, store and model, and say what to mend.

    It logs in once at each server, sends no mail and changes nothing. Exit 3 where anything FAILs.

    Example: coldask doctor
    """
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
