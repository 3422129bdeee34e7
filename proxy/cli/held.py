"""`coldask held …`: the queue of held mail."""

import sys
from typing import Annotated, Any

import typer

from models.errors import UsageError
from proxy.cli.held_desk import amended, ask_deciding, ask_desk, in_editor, tell_edited, tell_release
from proxy.cli.options import Config, Json
from proxy.cli.render import print_json, say, tell

app = typer.Typer(
    help="The queue of held mail: look, send, drop, take back.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Id = Annotated[str, typer.Argument(metavar="ID", help="The short id, as `held list` shows it.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Warnings = Annotated[
    bool, typer.Option("--warnings", help="What passed with a warning, or was only observed.")
]
All = Annotated[bool, typer.Option("--all", help="Also what was sent, replaced, dropped or has expired.")]
Raw = Annotated[bool, typer.Option("--raw", help="The mail's bytes, as they would be sent.")]
Only = Annotated[
    list[str] | None, typer.Option("--only", metavar="ADDR…", help="Send to these alone.", show_default=False)
]
Except = Annotated[
    list[str] | None,
    typer.Option("--except", metavar="ADDR…", help="Send to all but these.", show_default=False),
]
NoResume = Annotated[bool, typer.Option("--without-resume", help="Leave the résumé out.")]
Introducer = Annotated[bool, typer.Option("--add-introducer", help="Put who introduced you in copy.")]
Known = Annotated[bool, typer.Option("--known-only", help="Leave out who does not know you.")]
Words = Annotated[
    list[str], typer.Argument(metavar="ID", help="The short id; addresses of --only and --except.")
]


@app.command("list")
def list_(warnings: Warnings = False, all: All = False, config: Config = None, json: Json = False) -> None:
    """What is held, oldest first.

    Example: coldask held list --json
    """
    rows = ask_desk(config, "held.list", warnings=warnings, closed=all)
    if json:  # whatever is listed, the keys are the same
        print_json([{key: value for key, value in row.items() if key != "disposition"} for row in rows])
        return
    from proxy.cli.held_page import list_line

    for row in rows:
        say(list_line(row))
    if not rows:
        tell("Nothing passed with a warning." if warnings else "Nothing is held.")
        if not warnings and not all:
            _tell_replaced(ask_desk(config, "held.list", closed=True))
    elif not warnings:
        tell("`coldask held show ID` says why, `coldask held review` walks through them.")
    elif any(row.get("disposition") == "hold" for row in rows):
        tell('"would hold": sent, for coldask only observed; with mode = "guard" it is held.')


def _tell_replaced(rows: list[dict[str, Any]]) -> None:
    """What waits no more without the user's doing."""
    number = sum(row["state"] == "superseded" for row in rows)
    if number:
        were = "1 mail was" if number == 1 else f"{number} mails were"
        tell(f"{were} replaced by a later one: `coldask held list --all`.")


@app.command()
def show(id: Id, raw: Raw = False, config: Config = None, json: Json = False) -> None:
    """One held mail: why it is held, whom it is for, what to do.

    Example: coldask held show k7qm
    """
    if raw:
        from base64 import b64decode

        sys.stdout.buffer.write(b64decode(ask_desk(config, "held.raw", id=id)["raw"]))
        sys.stdout.buffer.flush()
    elif json:
        print_json(ask_desk(config, "held.show", id=id))
    else:
        from proxy.cli.held_page import show_page

        show_page(ask_desk(config, "held.show", id=id, text=True))


@app.command()
def release(
    words: Words,
    only: Only = None,
    leave_out: Except = None,
    yes: Yes = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """Send a held mail, to all its recipients or to some.

    Example: coldask held release k7qm --only sue@corp.example max@firm.example
    """
    id, only, leave_out = sort_words(words, only or [], leave_out or [])
    answer = send(config, id, only, leave_out, yes=yes)
    if json:
        print_json(answer)
    else:
        tell_release(answer)
    raise SystemExit(3 if answer["refused"] or answer["unsure"] else 0)


def sort_words(words: list[str], only: list[str], leave_out: list[str]) -> tuple[str, list[str], list[str]]:
    """The id, and the addresses: `--only a b` gives the option one of them, the rest arrive as arguments."""
    ids = [word for word in words if "@" not in word]
    loose = [word for word in words if "@" in word]
    if len(ids) != 1:
        raise UsageError("Name one held mail: coldask held release ID [--only ADDR…] [--except ADDR…].")
    if only and leave_out:
        raise UsageError(
            "--only and --except were both given: --only names whom it goes to, --except whom it does not; "
            "write one of them."
        )
    if loose and not only and not leave_out:
        raise UsageError(
            f"It is not clear what {loose[0]} is for; write --only or --except before each address."
        )
    only, leave_out = (only + loose, []) if only else ([], leave_out + loose)
    return ids[0], _split(only), _split(leave_out)


def _split(addresses: list[str]) -> list[str]:
    return [part for address in addresses for part in address.replace(",", " ").split()]


def send(config: str | None, id: str, only: list[str], leave_out: list[str], *, yes: bool = False) -> Any:
    """Release, asking where the user must decide. Raises UsageError where nobody is there to ask."""
    args = {"id": id, "only": only, "leave_out": leave_out}
    return ask_deciding(config, "held.release", **args, yes=yes, undone="nothing was sent")


@app.command()
def drop(id: Id, config: Config = None, json: Json = False) -> None:
    """Not to be sent. `undo` takes it back.

    Example: coldask held drop k7qm
    """
    answer = ask_desk(config, "held.drop", id=id)
    if json:
        print_json(answer)
    else:
        say(f"{answer['id']} is dropped; `coldask held undo {answer['id']}` takes that back.")


@app.command()
def undo(id: Id, config: Config = None, json: Json = False) -> None:
    """Take a drop back: the mail is held again.

    Example: coldask held undo k7qm
    """
    answer = ask_desk(config, "held.undo", id=id)
    if json:
        print_json(answer)
    else:
        say(f"{answer['id']} is held again.")


@app.command()
def review(config: Config = None, json: Json = False) -> None:
    """Walk through what is held, one by one.

    Example: coldask held review
    """
    if json:
        raise UsageError("A review is a talk with a person; `coldask held list --json` is for programs.")
    from proxy.cli.held_review import walk

    walk(config)


@app.command()
def export(
    words: Annotated[list[str], typer.Argument(metavar="ID FOLDER", help="With --all the folder alone.")],
    all: Annotated[bool, typer.Option("--all", help="Every mail that is kept.")] = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """Write held mail into a folder, as .eml files with the envelope beside.

    Example: coldask held export k7qm ~/held
    """
    from proxy.cli.held_files import write_mails

    if len(words) != (1 if all else 2):
        raise UsageError("Write `coldask held export ID FOLDER`, or `coldask held export --all FOLDER`.")
    ids = [row["id"] for row in ask_desk(config, "held.list", closed=True)] if all else words[:1]
    files = write_mails((ask_desk(config, "held.raw", id=id) for id in ids), words[-1])
    if json:
        print_json(files)
    else:
        for file in files:
            say(file)


@app.command()
def edit(
    id: Id,
    without_resume: NoResume = False,
    add_introducer: Introducer = False,
    known_only: Known = False,
    yes: Yes = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """Change a held mail in $EDITOR, or by one of the offered edits; then it is judged again, and sent or held.

    In $EDITOR its recipients stay as they are. `held show` says which edits a mail can have.

    Example: coldask held edit k7qm --without-resume
    """
    wished = {"without-resume": without_resume, "add-introducer": add_introducer, "known-only": known_only}
    chosen = [name for name, given in wished.items() if given]
    if len(chosen) > 1:
        raise UsageError("Make one edit at a time: the mail is judged again after each.")
    answer = amended(config, id, chosen[0], yes=yes) if chosen else in_editor(config, id, yes=yes)
    if json:
        print_json(answer)
    else:
        tell_edited(answer)
    raise SystemExit(3 if answer.get("refused") or answer.get("unsure") else 0)
