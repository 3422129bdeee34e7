"""The command line: one file a command. Heavy imports stay inside the commands, so that `check` starts fast."""

import typer

from proxy.cli import check, demo, held, incoming, later, learn, password, people, replay, rules, run

app = typer.Typer(
    name="coldask",
    help="An e-mail etiquette guard between your mail client and your provider.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for module in (demo, run, learn, check, replay, incoming, people, rules, password, later):
    module.register(app)
app.add_typer(held.app, name="held")
