"""`coldask init`: a first configuration, by options or by questions."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import UsageError
from proxy.cli.options import Config, Json, config_file

if TYPE_CHECKING:
    from proxy.cli.init.answers import Answers

Address = Annotated[
    list[str] | None,
    typer.Option("--address", metavar="ADDR", help="Your address; more of the account's too."),
]
Name = Annotated[str, typer.Option("--account", metavar="NAME", help="What to call the account.")]
Preset = Annotated[
    str | None,
    typer.Option(
        "--provider", metavar="NAME", help="Whose servers, where the address's domain does not tell."
    ),
]
Smtp = Annotated[
    str | None, typer.Option("--smtp", metavar="HOST[:PORT][/tls|/starttls]", help="The server for sending.")
]
Imap = Annotated[
    str | None,
    typer.Option("--imap", metavar="HOST[:PORT][/tls|/starttls]", help="The server for reading, or none."),
]
User = Annotated[
    str | None,
    typer.Option("--username", metavar="NAME", help="Login at the provider; left out: the address."),
]
Command = Annotated[
    str | None, typer.Option("--password-command", metavar="CMD", help="A command that prints the password.")
]
File = Annotated[
    str | None, typer.Option("--password-file", metavar="FILE", help="A file (mode 0600) that holds it.")
]
Env = Annotated[str | None, typer.Option("--password-env", metavar="VAR", help="A variable that holds it.")]
Keyring = Annotated[bool, typer.Option("--keyring", help="The desktop's keyring has it.")]
Token = Annotated[
    str | None,
    typer.Option(
        "--token-command", metavar="CMD", help="A command that prints an OAuth access token instead."
    ),
]
Authority = Annotated[
    str, typer.Option("--ca-file", metavar="FILE", help="A certificate authority of your own to trust.")
]
Guard = Annotated[
    bool, typer.Option("--guard", help="Hold and file from the first day, without a week of watching.")
]
Force = Annotated[
    bool, typer.Option("--force", help="Write over a configuration; the old one is kept as .old.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(init)


def init(
    address: Address = None,
    account: Name = "work",
    provider: Preset = None,
    smtp: Smtp = None,
    imap: Imap = None,
    username: User = None,
    password_command: Command = None,
    password_file: File = None,
    password_env: Env = None,
    keyring: Keyring = False,
    token_command: Token = None,
    ca_file: Authority = "",
    guard: Guard = False,
    force: Force = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """Write a first configuration. On a terminal it asks for what the options leave out.

    The servers of well-known providers are known by the address; nothing is looked up in the network. The
    first week only watches, unless --guard says otherwise.

    Example: coldask init --address ann@example.org --password-command "pass mail/work"
    """
    from proxy.cli.init.answers import Given, answers
    from proxy.cli.init.writing import write

    path = config_file(config)
    asking = sys.stdin.isatty() and sys.stderr.isatty() and not json
    over = _may_write(path, force=force, asking=asking)
    sources = {
        "password_command": password_command,
        "password_file": password_file,
        "password_env": password_env,
        "keyring": "true" if keyring else None,
        "token_command": token_command,
    }
    given = Given(
        addresses=tuple(address or ()),
        name=_account(account),
        provider=provider,
        smtp=smtp,
        imap=imap,
        username=username,
        secrets=tuple((key, value) for key, value in sources.items() if value is not None),
        ca_file=ca_file,
        guard=guard,
    )
    known = answers(given, str(path.absolute().parent / f"{account}.password"), asking=asking)
    write(path, known, over=over)
    _show(path, known, json=json)


def _may_write(path: Path, *, force: bool, asking: bool) -> bool:
    """Whether a configuration that is there may be replaced. Raises UsageError where it may not."""
    from proxy.cli.held_desk import confirm
    from proxy.cli.init.writing import taken

    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file with --config.")
    if force or not (path.exists() or path.is_symlink()):
        return force
    if not asking or not confirm(
        f"{path} is there already. Write a new one, and keep it as {path.name}.old?"
    ):
        raise UsageError(taken(path))
    return True


def _account(name: str) -> str:
    if not name or not all(c.isascii() and (c.isalnum() or c in "-_") for c in name):
        raise UsageError(
            f"--account {name!r} is no name for an account; write letters and digits, like 'work'."
        )
    return name


def _show(path: Path, known: "Answers", *, json: bool) -> None:
    from proxy.cli.render import print_json, say, tell

    servers = {"smtp": known.smtp, "imap": known.imap}
    if json:
        shown = {
            name: {"host": s.host, "port": s.port, "security": s.security.value} if s else None
            for name, s in servers.items()
        }
        print_json(
            {"path": str(path), "account": known.name, "provider": known.provider.name or None, **shown}
        )
        return
    say(f"Written: {path}")
    for name, server in servers.items():
        say(f"  {name}: {f'{server.host}:{server.port} ({server.security.value})' if server else 'none'}")
    key, value = known.secret
    if key == "keyring":
        tell(f"Put the password into the keyring: `keyring set coldask {known.username}`.")
    elif key == "password_file" and not known.typed and not Path(str(value)).expanduser().exists():
        tell(f"Write the password into {value}, and run `chmod 600 {value}`.")
    tell("Next: `coldask doctor` tries all of it, `coldask learn` reads whom you know, `coldask run` starts.")
