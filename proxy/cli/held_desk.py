"""What the commands on held mail share: asking the desk, asking the person, telling what became of a release."""

import sys
from typing import Any

from models.errors import UsageError
from proxy.cli.allow import offer_line
from proxy.cli.options import config_file, run_async
from proxy.cli.render import safe, say, tell

_UNCHANGED = "nothing was changed"


def ask_desk(config: str | None, op: str, **args: Any) -> Any:
    """The answer of the service, or of the work done here."""
    from proxy.cli.door import ask

    return run_async(ask(config_file(config), op, args))


def confirm(question: str) -> bool:
    """Ask on the terminal; anything but yes is no."""
    sys.stderr.write(f"{safe(question)} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def ask_deciding(config: str | None, op: str, *, yes: bool, undone: str, **args: Any) -> Any:
    """The answer, the person asked first where they must decide. Raises UsageError where nobody is there to ask.

    `undone`: what to say where it is not done.
    """
    answer = ask_desk(config, op, **args, yes=yes)
    if "ask" in answer:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError(f"{answer['ask']} Say --yes to do it; {undone}.")
        if not confirm(answer["ask"]):
            raise UsageError(f"{undone.capitalize()}.")
        answer = ask_desk(config, op, **args, yes=True)
    return answer


def tell_release(answer: dict[str, Any]) -> None:
    """What became of a release, in sentences."""
    id, sent = answer["id"], answer["sent"]
    if sent:
        say(f"{id} was sent to {safe(', '.join(sent)) if len(sent) <= 5 else f'{len(sent)} people'}.")
    for address, words in answer["refused"].items():
        tell(f"Not sent to {safe(address)}, held again: {safe(words)}")
    if answer["unsure"]:
        tell(
            f"{safe(answer['trouble'])} {id} is unsure now and is not sent again by itself: "
            f"`coldask held release {id}` sends it again, `coldask held drop {id}` lets it be."
        )
    if answer["copy"]:
        tell(safe(answer["copy"]))
    for offer in answer["offers"]:
        tell(offer_line(offer))


def tell_edited(answer: dict[str, Any]) -> None:
    """What became of an edited mail: sent, or held again and why."""
    if "refused" in answer:
        tell_release(answer)
    else:
        say(f"Held again, as {answer['id']}: {safe(answer['reason'])}")


def in_editor(config: str | None, id: str, *, yes: bool = False) -> Any:
    """The mail as changed in the user's editor, judged again. Raises UsageError where nothing was changed."""
    from base64 import b64decode, b64encode

    from proxy.cli.held_files import edit_mail

    held = ask_deciding(config, "held.draft", id=id, yes=yes, undone=_UNCHANGED)
    raw = b64decode(held["raw"])
    changed = edit_mail(raw)
    if changed == raw:
        raise UsageError(f"{held['id']} was not changed; it stays as it is.")
    encoded = b64encode(changed).decode("ascii")
    return ask_desk(config, "held.edit", id=held["id"], raw=encoded, yes=held["state"] == "superseded")


def amended(config: str | None, id: str, edit: str, *, yes: bool = False) -> Any:
    """The mail with one of the offered changes made, judged again."""
    return ask_deciding(config, "held.edit", id=id, edit=edit, yes=yes, undone=_UNCHANGED)
