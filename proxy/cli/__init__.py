"""The command line: one file a command. Heavy imports stay inside the commands, so that `check` starts fast."""

from typing import Annotated

import typer

from proxy.cli import (
    allow,
    check,
    demo,
    doctor,
    encoder,
    evaluate,
    held,
    incoming,
    init,
    learn,
    password,
    people,
    purge,
    replay,
    rules,
    run,
    sendmail,
    train,
)

app = typer.Typer(
    name="coldask",
    help="An e-mail etiquette guard between your mail client and your provider.",
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,  # plain text: no frames, no escapes, the same in a pipe
    context_settings={"help_option_names": ["-h", "--help"]},
)

Version = Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)]


@app.callback(invoke_without_command=True)
def coldask(context: typer.Context, version: Version = False) -> None:
    """An e-mail etiquette guard between your mail client and your provider."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"coldask {installed('coldask')}")
        raise typer.Exit()
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)


for module in (
    demo,
    init,
    run,
    learn,
    check,
    replay,
    evaluate,
    train,
    incoming,
    people,
    allow,
    rules,
    password,
    sendmail,
    purge,
    doctor,
):
    module.register(app)
app.add_typer(held.app, name="held")
app.add_typer(encoder.app, name="encoder")
