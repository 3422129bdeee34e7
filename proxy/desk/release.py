"""Releasing a held mail: to whom, what the user must decide first, and what is kept of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from classifier.reading.read import read_mail
from models.address import canonical
from models.errors import ColdaskError, UsageError
from models.held import HeldMail, HeldRecipient, State
from proxy.config import owner_of
from proxy.desk import Desk, operation
from proxy.desk.held import why_not
from proxy.desk.offers import offers_for
from proxy.outgoing.release import Outcome, release
from proxy.outgoing.sent import copy_to_sent, remember_sent
from proxy.store.held import load, raw_of
from proxy.store.moves import RELEASABLE, claim_copy, give_copy_back


@operation("held.release")
async def held_release(
    desk: Desk, id: str, only: Sequence[str] = (), leave_out: Sequence[str] = (), yes: bool = False
) -> dict[str, Any]:
    """Send it to all who wait, or to some. `{"ask": question}`: the user decides first, nothing is sent."""
    mail = await load(desk.store, id)
    positions = choose(mail, only, leave_out)
    if not yes and (question := _question(mail, positions)):
        return {"ask": question}
    account = desk.settings.accounts.get(mail.account)
    if account is None:
        raise UsageError(
            f"{mail.id} belongs to account {mail.account}, which the configuration has no more; "
            f"`coldask held export {mail.id} FOLDER` takes it out."
        )
    narrowed = any(r.state in RELEASABLE for i, r in enumerate(mail.recipients) if i not in positions)
    outcome = await release(desk.store, mail, positions, account=account, clock=desk.clock, narrowed=narrowed)
    return await _after(desk, outcome)


async def _after(desk: Desk, outcome: Outcome) -> dict[str, Any]:
    """History and Sent, then what to tell. The mail is out: nothing in here may fail the release."""
    mail = outcome.mail
    copy = await _keep(desk, mail, outcome.sent) if outcome.sent else ""
    desk.journal.released(mail.id, len(outcome.sent), len(outcome.refused), len(outcome.unsure))
    return {
        "id": mail.id,
        "state": mail.state,
        "sent": outcome.sent,
        "refused": outcome.refused,
        "unsure": outcome.unsure,
        "trouble": outcome.trouble,
        "copy": copy,
        "offers": await _offers(desk, outcome.sent),
    }


async def _offers(desk: Desk, sent: Sequence[str]) -> list[dict[str, Any]]:
    """Permissions the user may want, having released the like again and again."""
    try:
        return await offers_for(desk, sent) if sent else []
    except ColdaskError as error:
        desk.journal.trouble("after a release", str(error))
        return []


async def _keep(desk: Desk, mail: HeldMail, sent: Sequence[str]) -> str:
    """History and Sent. A sentence where one of them could not be done."""
    try:
        raw, _ = await raw_of(desk.store, mail.id)
        read, now = read_mail(raw), desk.clock()
        await remember_sent(desk.store, read, sent, owner=owner_of(desk.settings), now=now, ear=desk.ear)
        if not await claim_copy(desk.store, mail.id, now):
            return ""  # an earlier release to others made it
        account = desk.settings.accounts[mail.account]
        trouble = await copy_to_sent(mail.account, account, raw, read, desk.settings.outgoing.sent_copy, now)
        if trouble:
            await give_copy_back(desk.store, mail.id)
    except ColdaskError as error:
        trouble = f"The mail is sent, but it could not be recorded: {error}"
    if trouble:
        desk.journal.trouble("after a release", trouble)
    return trouble


def choose(mail: HeldMail, only: Sequence[str], leave_out: Sequence[str]) -> list[int]:
    """The positions a release is about. Raises UsageError: nobody, or no recipient."""
    wanted, unwanted = {canonical(a) for a in only}, {canonical(a) for a in leave_out}
    known = {canonical(r.address) for r in mail.recipients}
    for address in (*only, *leave_out):
        if canonical(address) not in known:
            raise UsageError(
                f"{address} is no recipient of {mail.id}; `coldask held show {mail.id}` names them."
            )

    def meant(recipient: HeldRecipient) -> bool:
        who = canonical(recipient.address)
        return (not wanted or who in wanted) and who not in unwanted

    positions = [i for i, r in enumerate(mail.recipients) if meant(r)]
    able = [i for i in positions if mail.recipients[i].state in RELEASABLE]
    if able:
        return able
    if not positions:
        raise UsageError(f"Nobody is left to send {mail.id} to.")
    if len(positions) < len(mail.recipients):
        states = ", ".join(f"{mail.recipients[i].address} ({mail.recipients[i].state})" for i in positions)
        raise UsageError(f"{mail.id} cannot be released to {states}.")
    raise UsageError(why_not(mail, "released"))


def _question(mail: HeldMail, positions: Sequence[int]) -> str:
    """What the user must decide before a release; nothing where it is plain."""
    chosen = [mail.recipients[i] for i in positions]
    doubtful = [r.address for r in chosen if r.maybe_sent or r.state is State.UNSURE]
    if doubtful:
        named = _named(doubtful)
        return f"{mail.id} may have reached {named} already: the provider's answer was lost. Send it again?"
    replaced = [r.address for r in chosen if r.state is State.SUPERSEDED]
    if not replaced:
        return ""
    if len(replaced) == len(mail.recipients):
        return f"{replaced_by(mail)}. Send this one too?"
    others = (
        ""
        if len(replaced) == len(chosen)
        else f" (`--except {' '.join(replaced[:5])}` sends it to the others)"
    )
    return f"{replaced_by(mail)} for {_named(replaced)}. Send them this one too?{others}"


def replaced_by(mail: HeldMail) -> str:
    """That a corrected mail went, and when."""
    day = f" on {_day(mail.superseded_at)}" if mail.superseded_at else ""
    return f"A later mail took the place of {mail.id}{day}"


def _named(people: Sequence[str]) -> str:
    return ", ".join(people[:5]) + (f" and {len(people) - 5} more" if len(people) > 5 else "")


def _day(at: datetime) -> str:
    return at.astimezone().strftime("%d %b %Y at %H:%M")
