"""What was filed as a cold ask, and why: any mail that was judged, either direction."""

from typing import Any

from models.correction import FiledMail
from models.errors import UsageError
from proxy.desk import Desk, operation
from proxy.desk.held import find_outgoing
from proxy.store import filed


@operation("asks")
async def asks(desk: Desk, unsure: bool = False) -> list[dict[str, Any]]:
    """What was filed as a cold ask, or what stayed in the inbox as unsure, with the reason; newest first."""
    return [_document(mail) for mail in await filed.filed(desk.store, unsure=unsure)]


@operation("why")
async def why(desk: Desk, key: str) -> dict[str, Any]:
    """The whole judgement of one mail, by id or Message-ID. Raises UsageError where none is known."""
    entries = await filed.find(desk.store, key)
    if entries:
        return _document(entries[0].mail)
    held = await find_outgoing(desk, key)
    if held is not None:
        return held
    raise UsageError(
        f"No mail {key!r} was judged; give a Message-ID, or an id of `coldask asks` or `coldask held list`."
    )


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
