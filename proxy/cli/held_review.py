"""`coldask held review`: one held mail after the other, one letter each."""

import sys
from typing import Any

from models.errors import ColdaskError
from proxy.cli.held_desk import amended, ask_desk, confirm, in_editor, tell_edited, tell_release
from proxy.cli.held_page import show_page
from proxy.cli.render import safe, say, tell

_KNOWN = ("vouched", "answered", "established", "trusted")
_KEYS = {
    "s": "send it",
    "o": "send it only to those who know you",
    "e": "change it in your editor, and have it judged again",
    "1": "make the first of the edits offered (2 the second, …), and have it judged again",
    "d": "drop it",
    "v": "show it once more",
    "k": "keep it and go on (also n, or nothing)",
    "q": "stop here",
}
_WORDS = {
    "send": "s",
    "only": "o",
    "edit": "e",
    "drop": "d",
    "view": "v",
    "keep": "k",
    "n": "k",
    "": "k",
    "quit": "q",
}


def walk(config: str | None) -> None:
    """Show each mail that waits and do what the user types, until the end or `q`."""
    rows = ask_desk(config, "held.list")
    if not rows:
        tell("Nothing is held.")
    for number, row in enumerate(rows, 1):
        held = ask_desk(config, "held.show", id=row["id"], text=True)
        show_page(held)
        if not _decide(config, held, f"({number}/{len(rows)})"):
            return


def _decide(config: str | None, held: dict[str, Any], place: str) -> bool:
    """Ask until the mail is dealt with. False: stop the walk."""
    id = held["id"]
    only = ("send, only to those who know you", "s,o") if _some_know(held) else ("send", "s")
    while True:
        sys.stderr.write(f"{place} {id}: {only[0]}, edit, drop, view, keep, quit [{only[1]},e,d,v,k,q,?] ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        typed = line.strip().lower()
        key = _WORDS.get(typed, typed)
        if not line or key == "q":
            return False
        if key == "k":
            return True
        try:
            if _do(config, held, key):
                return True
        except ColdaskError as error:
            tell(safe(str(error)))


def _offered(held: dict[str, Any]) -> dict[str, str]:
    """The keys that do something with this mail, and what."""
    without = {"o": not _some_know(held), "1": not held.get("edits")}
    return {key: words for key, words in _KEYS.items() if not without.get(key)}


def _do(config: str | None, held: dict[str, Any], key: str) -> bool:
    """One key's work. True where the mail is dealt with."""
    id, offered = held["id"], _offered(held)
    if key == "e" or (len(key) == 1 and key in "123456789"):
        return _edit(config, id, key)
    if key not in offered:
        if key != "?":
            tell(f"{safe(key)[:20]!r} is none of the keys offered.")
        tell("\n".join(f"{one}  {words}" for one, words in offered.items()))
    elif key == "s":
        return _send(config, id, [])
    elif key == "o":
        return _send(config, id, _who_know(held))
    elif key == "d":
        ask_desk(config, "held.drop", id=id)
        say(f"{id} is dropped; `coldask held undo {id}` takes that back.")
        return True
    else:
        show_page(ask_desk(config, "held.show", id=id, text=True))
    return False


def _edit(config: str | None, id: str, key: str) -> bool:
    """In the editor, or by the offered edit of this number. True where the mail is dealt with."""
    if key == "e":
        tell_edited(in_editor(config, id))
        return True
    offers = ask_desk(config, "held.show", id=id)["edits"]
    if not 1 <= int(key) <= len(offers):
        tell(
            f"{len(offers)} edits are offered."
            if offers
            else "No edit is offered for it; e opens your editor."
        )
        return False
    tell_edited(amended(config, id, offers[int(key) - 1]["edit"]))
    return True


def _send(config: str | None, id: str, only: list[str]) -> bool:
    answer = ask_desk(config, "held.release", id=id, only=only)
    if "ask" in answer:
        if not confirm(answer["ask"]):
            return False
        answer = ask_desk(config, "held.release", id=id, only=only, yes=True)
    tell_release(answer)
    return True


def _some_know(held: dict[str, Any]) -> bool:
    """Whether sending to those who know the user is something else than sending to all, or to nobody."""
    waiting = [p["address"] for p in held["recipients"] if p["state"] == "held"]
    return 0 < len(_who_know(held)) < len(waiting)


def _who_know(held: dict[str, Any]) -> list[str]:
    """The recipients still waiting who are no strangers."""
    return [
        person["address"]
        for person in held["recipients"]
        if person["state"] == "held"
        and held["ties"].get(person["address"].lower(), {"tie": ""})["tie"] in _KNOWN
    ]
