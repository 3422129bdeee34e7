"""What the commands on held mail share: asking the desk, asking the person, telling what became of a release."""

import sys
from typing import Any

from proxy.cli.allow import offer_line
from proxy.cli.options import config_file, run_async
from proxy.cli.render import safe, say, tell


def ask_desk(config: str | None, op: str, **args: Any) -> Any:
    """The answer of the service, or of the work done here."""
    from proxy.cli.door import ask

    return run_async(ask(config_file(config), op, args))


def confirm(question: str) -> bool:
    """Ask on the terminal; anything but yes is no."""
    sys.stderr.write(f"{safe(question)} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


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
