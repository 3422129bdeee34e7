"""`coldask run`: the service in the foreground."""

import typer

from proxy.cli.options import Config, config_file, run_async


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(run)


def run(config: Config = None) -> None:
    """Run the service: the SMTP proxy for your mail client, and the watcher of your inboxes.

    It prints one line `ready smtp=…` when it listens, and `watching ACCOUNT INBOX` for each inbox once it
    knows what was there before. What happens is logged on stderr. SIGTERM or Ctrl-C ends it: no more mail is
    taken, what is in flight is finished.

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
        run_async(serve(settings, path.absolute().parent, lambda line: print(line, flush=True)))
    except ConfigError as e:
        raise ConfigError(f"{path}: {e}") from None
