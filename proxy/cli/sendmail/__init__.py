"""`coldask sendmail`: the sendmail command of mutt, git, cron and scripts, judged like any other mail."""

import sys
from typing import Any

import typer
from typer.core import TyperCommand

from models.errors import ColdaskError, ConfigError, OutsideError, UsageError
from proxy.cli.options import config_file
from proxy.cli.render import print_json, safe

# sysexits.h: what callers of sendmail know.
SENT, USAGE, DATA, UNAVAILABLE, TEMPORARY, REFUSED, CONFIGURATION = 0, 64, 65, 69, 75, 77, 78


class _AsWritten(TyperCommand):
    """The words as written: sendmail's options are older than ours, and read by its own rules."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if "--help" in args[:1]:
            super().parse_args(ctx, ["--help"])
        super().parse_args(ctx, [])
        ctx.args = list(args)
        return args


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sendmail", cls=_AsWritten, context_settings={"allow_extra_args": True})(sendmail)


def sendmail(context: typer.Context) -> None:
    """Send the mail on stdin, as sendmail(1) does: for mutt, git send-email, cron and scripts.

    Understood: -t (recipients from To, Cc and Bcc), -i and -oi (a lone dot does not end the mail), -f ADDR
    (the envelope's sender), -F NAME, -N and -R and -V (delivery reports), -B, --, --config PATH and --json (what
    came of it, on stdout). Other flags of sendmail are ignored. A name without @ is yourself, as for cron.

    Exit: 0 sent, 64 usage, 65 the mail cannot be sent as it is, 69 the provider refused it, 75 try again later,
    77 held (the reason is on stderr), 78 configuration.

    Example: git send-email --sendmail-cmd "coldask sendmail" 0001-Fix.patch
    """
    from proxy.cli.sendmail.options import read_options

    code, words, json = USAGE, "", False
    try:
        options = read_options(context.args)
        json = options.json
        if options.nothing:
            raise SystemExit(SENT)
        code, words = _send(options)
    except ConfigError as error:
        code, words = CONFIGURATION, str(error)
    except UsageError as error:
        code, words = USAGE, str(error)
    except OutsideError as error:
        code, words = TEMPORARY, str(error)
    except ColdaskError as error:
        code, words = CONFIGURATION, str(error)
    if json:
        print_json({"exit": code, "words": words})
    if code != SENT:
        sys.stderr.write(f"coldask sendmail: {safe(words)}\n")
    raise SystemExit(code)


def _send(options: Any) -> tuple[int, str]:
    """The exit code, and what is to be said. Raises ColdaskError."""
    from proxy.cli.sendmail.letter import Letter
    from proxy.cli.sendmail.way import Parcel, submit
    from proxy.config import load_config
    from proxy.daemon import check

    path = config_file(options.config)
    settings = load_config(path)
    check(settings)
    me = next(iter(settings.accounts.values())).addresses[0]
    letter = Letter.read(sys.stdin.buffer, me, to_the_end=options.to_the_end)
    recipients = letter.recipients(options.recipients, from_header=options.from_header)
    if not recipients:
        raise UsageError(
            "Nobody is named to send to; name recipients, or write -t to take them from the mail."
        )
    sender = letter.sender(options.sender)
    raw = letter.complete(sender or me, options.full_name)
    reply = submit(path, settings, Parcel(sender, tuple(recipients), raw, options.reports))
    return _exit_code(reply), reply.text


def _exit_code(reply: Any) -> int:
    stage, code, text, status = reply
    if 200 <= code < 300:
        return SENT
    if status == "4.3.5" and "cannot log in: " in text:  # our words: the provider may use that code too
        return CONFIGURATION
    if 400 <= code < 500:
        return TEMPORARY
    if stage == "login" or "No account of coldask sends as" in text:
        return CONFIGURATION
    if stage == "data" and "coldask held show" in text:
        return REFUSED
    if stage == "data" and "5.6.0" in text:
        return DATA
    return UNAVAILABLE
