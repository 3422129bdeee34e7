"""The queue of held mail: listed, shown, handed out, dropped, taken back."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from classifier.reading.read import read_mail
from models.errors import UsageError
from models.held import HeldMail, Move, State, WarnedMail
from models.mail import Mail
from proxy.config import owner_of
from proxy.desk import Desk, operation
from proxy.desk.amend import offered
from proxy.store.held import find_held, list_held, load, raw_of
from proxy.store.moves import move_all
from proxy.store.warned import find_warned, list_warned

PASSED = "passed"  # the state of a mail that went out with a warning


@operation("held.list", looks=True)
async def held_list(desk: Desk, warnings: bool = False, closed: bool = False) -> list[dict[str, Any]]:
    """What waits (with `closed` everything), or what passed with a warning; oldest first."""
    if warnings:
        return [_warned_row(warned) for warned in await list_warned(desk.store)]
    return [_row(mail) for mail in await list_held(desk.store, closed=closed)]


def _row(mail: HeldMail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "account": mail.account,
        "state": mail.state,
        "received_at": mail.received_at.isoformat(),
        "from": mail.sender,
        "recipients": [r.address for r in mail.recipients],
        "blind": [r.address for r in mail.recipients if r.blind],
        "subject": mail.subject,
        "rules": list(mail.verdict.rules),
    }


def _warned_row(warned: WarnedMail) -> dict[str, Any]:
    return {
        "id": warned.id,
        "account": warned.account,
        "state": PASSED,
        "received_at": warned.at.isoformat(),
        "from": warned.sender,
        "recipients": list(warned.recipients),
        "blind": list(warned.blind),
        "subject": "",  # the text of mail that went out is not kept
        "disposition": warned.verdict.disposition.value,  # "hold": what guard would have held
        "rules": list(warned.verdict.rules),
    }


@operation("held.show", looks=True)
async def held_show(desk: Desk, id: str, text: bool = False) -> dict[str, Any]:
    """The judgement with the mail's standing; with `text` also its head and text, for a person to read."""
    found = await find_outgoing(desk, id)
    if found is None:
        raise UsageError(f"There is no held mail {id!r}; `coldask held list --all` shows them all.")
    if text and found["state"] != PASSED:
        raw, _ = await raw_of(desk.store, found["id"])
        found["mail"] = _readable(read_mail(raw))
    if found["state"] != PASSED:
        found["edits"] = await offered(desk, await load(desk.store, found["id"]))
    return found


async def describe(desk: Desk, id: str) -> dict[str, Any]:
    """The judgement of a held mail with its standing, as it is now. Raises UsageError."""
    return _document(desk, await load(desk.store, id))


async def find_outgoing(desk: Desk, key: str) -> dict[str, Any] | None:
    """The judgement of a held or warned mail, by id or Message-ID; None where there is none."""
    held = await find_held(desk.store, key)
    if held is not None:
        return _document(desk, held)
    warned = await find_warned(desk.store, key)
    if warned is None:
        return None
    owner = owner_of(desk.settings)
    recipients = [
        {"address": a, "state": PASSED, "blind": a in warned.blind, "reply": "", "own": owner.is_own(a)}
        for a in warned.recipients
    ]
    return {**_warned_row(warned), "recipients": recipients, **warned.verdict.model_dump(mode="json")}


def _document(desk: Desk, mail: HeldMail) -> dict[str, Any]:
    owner = owner_of(desk.settings)
    times = {
        name: at.isoformat()
        for name in ("released_at", "resent_at", "superseded_at", "expired_at")
        if (at := getattr(mail, name))
    }
    return {
        **_row(mail),
        "message_id": mail.message_id,
        "submitted": mail.submitted,
        **times,
        "recipients": [
            {**r.model_dump(mode="json"), "own": owner.is_own(r.address)} for r in mail.recipients
        ],
        **mail.verdict.model_dump(mode="json"),
    }


def _readable(mail: Mail) -> dict[str, Any]:
    def people(mailboxes: Sequence[Any]) -> list[str]:
        return [f"{m.name} <{m.address}>" if m.name else m.address for m in mailboxes]

    return {
        "from": people(mail.senders),
        "to": people(mail.to),
        "cc": people(mail.cc),
        "date": mail.date.isoformat() if mail.date else None,
        "subject": mail.subject,
        "text": mail.text,
        "attachments": [a.name or a.content_type for a in mail.attachments],
        "unreadable": mail.unreadable,
    }


@operation("held.raw")
async def held_raw(desk: Desk, id: str) -> dict[str, Any]:
    """The bytes as they would be sent (base64), and the envelope."""
    mail = await load(desk.store, id)
    raw, _ = await raw_of(desk.store, mail.id)
    return {**_row(mail), "raw": b64encode(raw).decode("ascii")}


@operation("held.drop")
async def held_drop(desk: Desk, id: str) -> dict[str, Any]:
    """Not to be sent to whoever has not got it. Can be taken back."""
    mail = await load(desk.store, id)
    if not await move_all(desk.store, mail.id, Move.DROP, desk.clock()):
        raise UsageError(why_not(mail, "dropped"))
    return await describe(desk, mail.id)


@operation("held.undo")
async def held_undo(desk: Desk, id: str) -> dict[str, Any]:
    """Take a drop back: held again."""
    mail = await load(desk.store, id)
    if not await move_all(desk.store, mail.id, Move.UNDO, desk.clock()):
        raise UsageError(f"{mail.id} was not dropped, it is {mail.state}; there is nothing to take back.")
    return await describe(desk, mail.id)


def why_not(mail: HeldMail, what: str) -> str:
    """Why this mail, as a whole, can be neither released nor dropped now."""
    reasons = {
        State.RELEASED: "it has been sent to all its recipients",
        State.RELEASING: "it is being sent right now",
        State.DROPPED: f"it was dropped (`coldask held undo {mail.id}` takes that back)",
        State.EXPIRED: f"it has expired (`coldask held export {mail.id} FOLDER` takes it out)",
    }
    return f"{mail.id} cannot be {what}: {reasons.get(mail.state, f'it is {mail.state}')}."
