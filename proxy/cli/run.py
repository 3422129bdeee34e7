"""`coldask run`: the service in the foreground."""

from typing import Any

import typer

from proxy.cli.options import Config, Json, config_file, run_async


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(run)


def run(config: Config = None, json: Json = False) -> None:
    """Run the service: the SMTP proxy for your mail client, and the watcher of your inboxes.

    It prints one line `ready smtp=…` when it listens, and `watching ACCOUNT INBOX` for each inbox once it
    knows what was there before; with --json, the same as one JSON document a line. What happens is logged on
    stderr. SIGTERM or Ctrl-C ends it: no more mail is taken, what is in flight is finished.

    Example: coldask run --config ~/.config/coldask/config.toml
    """
    from models.errors import ConfigError
    from proxy import journal
    from proxy.config import load_config
    from proxy.daemon import serve

    path = config_file(config)
    settings = load_config(path)
    journal.start()
    try:
        run_async(serve(settings, path.absolute().parent, _say_json if json else _say))
    except ConfigError as e:
        raise ConfigError(f"{path}: {e}") from None


def _say(event: str, **facts: Any) -> None:
    named = event == "ready"  # what is watched stands there bare
    print(event, *(f"{key}={value}" if named else value for key, value in facts.items()), flush=True)


def _say_json(event: str, **facts: Any) -> None:
    from proxy.cli.render import print_json

    print_json({"event": event, **facts})
