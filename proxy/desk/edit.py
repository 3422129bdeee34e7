"""Editing a held mail: the changed copy is judged anew, and sent or held in place of the first."""

from base64 import b64decode
from typing import Any

from models.errors import UsageError
from models.held import HeldMail, State
from models.mail import Envelope
from models.verdict import Disposition, OutgoingVerdict
from proxy.desk import Desk, operation
from proxy.desk.amend import amended
from proxy.desk.held import describe, held_raw, why_not
from proxy.desk.release import held_release, replaced_by
from proxy.outgoing.content import Unsendable, for_provider, with_crlf
from proxy.outgoing.judging import Judging
from proxy.store.held import hold, load, mark_edited, raw_of
from proxy.store.moves import supersede


@operation("held.draft")
async def held_draft(desk: Desk, id: str, yes: bool = False) -> dict[str, Any]:
    """Like `held.raw`, for changing it. `{"ask": question}`: the user decides first. Raises UsageError."""
    question = _question(await load(desk.store, id))
    return {"ask": question} if question and not yes else await held_raw(desk, id)


@operation("held.edit")
async def held_edit(desk: Desk, id: str, raw: str = "", edit: str = "", yes: bool = False) -> dict[str, Any]:
    """Take the changed bytes (base64) in place of the mail, for the recipients that still wait.

    `edit`: make one of the offered changes instead (`desk.amend`).

    Answers like `held.release` where it was sent or the user decides first, like `held.show` where it is held again.
    """
    old = await load(desk.store, id)
    question = _question(old)
    if question and not yes:
        return {"ask": question}
    envelope = Envelope(sender=old.sender, recipients=old.yet_to_get)
    changed = b64decode(raw)
    if edit:
        changed, envelope, _ = await amended(desk, old, edit)
    try:
        whole = with_crlf(changed)
    except Unsendable as error:
        raise UsageError(str(error)) from None
    judging = Judging(desk)
    mail = await judging.read(whole)
    if mail.unreadable:  # an emptied file is how people leave an editor in doubt: never a mail to send
        raise UsageError(
            f"The changed mail is no mail any more ({mail.unreadable}); {old.id} stays as it is."
        )
    judged = await judging.judge(mail, envelope)
    _, options = await raw_of(desk.store, old.id)
    new = await hold(
        desk.store,
        account=old.account,
        envelope=envelope,
        raw=for_provider(whole),
        mail=mail,
        verdict=judged.verdict,
        now=desk.clock(),
        options=options,
    )
    if new.id == old.id:
        raise UsageError(f"Nothing a reader of {old.id} would see was changed; it stays as it is.")
    await mark_edited(desk.store, new.id)
    await supersede(desk.store, old.id, desk.clock())
    if judged.ready and _stops(desk, judged.verdict):
        return await describe(desk, new.id)
    return await held_release(desk, new.id)


def _question(old: HeldMail) -> str:
    """What the user must decide before it is changed; nothing where it is plain. Raises UsageError."""
    if not old.yet_to_get:
        raise UsageError(why_not(old, "edited"))
    if any(r.maybe_sent or r.state is State.UNSURE for r in old.recipients):
        raise UsageError(f"{old.id} may have gone out as it is; release or drop it, then write a new mail.")
    if old.state is State.SUPERSEDED:
        return f"{replaced_by(old)}. Change this one all the same?"
    return ""


def _stops(desk: Desk, verdict: OutgoingVerdict) -> bool:
    """Is it held again? An edit is the user's own act: observe mode does not send what would be held."""
    if verdict.disposition is Disposition.WARN:
        return desk.settings.outgoing.on_warn == "hold"
    return verdict.disposition is Disposition.HOLD
