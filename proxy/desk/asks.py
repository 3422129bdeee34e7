"""What was filed as a cold ask, and why: any mail that was judged, either direction."""

from collections import Counter
from datetime import timedelta
from typing import Any

from models.correction import FiledMail, FiledState
from models.errors import UsageError
from models.verdict import Disposition
from proxy.desk import Desk, operation
from proxy.desk.held import find_outgoing
from proxy.store import filed


@operation("asks", looks=True)
async def asks(desk: Desk, unsure: bool = False) -> list[dict[str, Any]]:
    """What was filed as a cold ask, or what stayed in the inbox as unsure, with the reason; newest first."""
    return [_document(mail) for mail in await filed.filed(desk.store, unsure=unsure)]


@operation("asks.digest", looks=True)
async def digest(desk: Desk, days: int) -> dict[str, Any]:
    """What was filed and left unsure in the last `days` days, the least sure first, and where it is now."""
    since = desk.clock() - timedelta(days=days)
    filed_ones = await filed.filed(desk.store, since=since)
    unsure = await filed.filed(desk.store, unsure=True, since=since)
    kinds = Counter(mail.verdict.asks[0].ask.value if mail.verdict.asks else "" for mail in filed_ones)
    return {
        "since": since.isoformat(),
        "filed": [_document(m) for m in sorted(filed_ones, key=lambda m: m.verdict.probability)],
        "unsure": [_document(m) for m in unsure],
        "kinds": dict(kinds.most_common()),
        "states": dict(Counter(mail.state.value for mail in filed_ones).most_common()),
    }


@operation("why", looks=True)
async def why(desk: Desk, key: str) -> dict[str, Any]:
    """The whole judgement of one mail, by id or Message-ID. Raises UsageError where none is known."""
    entries = await filed.find(desk.store, key)
    if entries:
        mail = entries[0].mail
        return {**_document(mail), "changes": _changes(mail)}
    held = await find_outgoing(desk, key)
    if held is not None:
        return held
    raise UsageError(
        f"No mail {key!r} was judged; give a Message-ID, or an id of `coldask asks` or `coldask held list`."
    )


def _changes(mail: FiledMail) -> list[str]:
    """What the user can do so that this sender's mail is judged otherwise, a sentence each."""
    who, disposition = mail.sender or "them", mail.verdict.disposition
    if mail.state is FiledState.RETURNED:
        return [f"Nothing is to be done: you moved it back, and mail of {who} stays in the inbox."]
    if mail.state is FiledState.FILED and disposition is not Disposition.FILE:
        return [
            f"Nothing is to be done: you moved it to Cold Asks, and mail of {who} is cold from then on.",
            "Move it back if that was a mistake: the later word counts.",
        ]
    if disposition is Disposition.FILE:
        return [
            f"Write to {who}, and their mail stays in the inbox from then on.",
            "Move it to another folder than Trash or Junk: that is final, and teaches coldask.",
            f"`coldask allow {who}` says the same without moving anything.",
        ]
    if disposition is Disposition.UNSURE:
        return [
            "Move it to Cold Asks if it does not belong in the inbox; that teaches coldask.",
            f"Write to {who}, or `coldask allow {who}`, if their mail is welcome.",
        ]
    return ["Move it to Cold Asks if it does not belong in the inbox: their mail is cold from then on."]


def _document(mail: FiledMail) -> dict[str, Any]:
    verdict = mail.verdict.model_dump(mode="json")
    return {
        "id": f"{filed.ID_LETTER}{mail.id}",
        "account": mail.account,
        "state": mail.state.value,
        "filed_at": mail.filed_at.isoformat(),
        "message_id": mail.message_id,
        "from": mail.sender,
        "subject": mail.subject,
        "direction": verdict.pop("direction"),
        **verdict,
    }
