"""`coldask password`: what the mail client needs to log in here."""

import typer

from proxy.cli import render
from proxy.cli.options import Config, Json, config_file


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(password)


def password(config: Config = None, json: Json = False) -> None:
    """Print the password of the local login; it is made at the first start, or here.

    Put it into your mail client's outgoing server, with the login of `[listen]`. It is no account's password
    and works on this machine only.

    Example: coldask password
    """
    from proxy.config import load_config, store_path
    from proxy.secrets import local_password

    settings = load_config(config_file(config))
    found = local_password(store_path(settings))
    if json:
        listen = settings.listen
        render.print_json(
            {"login": listen.login, "password": found, "host": listen.host, "port": listen.port}
        )
    else:
        render.say(found)
