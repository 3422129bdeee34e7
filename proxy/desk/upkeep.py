"""Upkeep of the queue: what a crash left open is settled, what was held too long expires."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.held import HeldMail, State
from proxy.desk import Desk
from proxy.notices import Notice, Occasion, tell
from proxy.store.moves import expire, recover
from proxy.store.permissions import forget_sketches
from proxy.store.quotes import forget_runs
from proxy.store.sends import forget_sends

_LOOKED = "upkeep.looked"  # fact: when it was last looked for what expires


async def recover_held(desk: Desk) -> list[HeldMail]:
    """After a crash: settle what a release left open. Call it first, under the store's lock.

    Telling the user is another step (`tell_recovered`): a mailbox that hangs keeps nothing from starting.
    """
    found = await recover(desk.store, desk.clock())
    for mail in found:
        desk.journal.recovered(mail.id, mail.state)
    return found


async def tell_recovered(desk: Desk, mails: Sequence[HeldMail]) -> None:
    """Tell the user of what may have gone when coldask was cut off."""
    for mail in mails:
        if mail.state is State.UNSURE:
            sentence = f"coldask was stopped while sending {mail.id}; it was not sent again by itself."
            await _tell(desk, Occasion.UNSURE, mail, sentence)


async def expire_held(desk: Desk) -> None:
    """Expire what was held too long, each with a notice. Once a day, and at start.

    Not at once where so much time seems to have passed since the last look that all would expire together:
    the clock may be wrong. The next look believes it.
    """
    days, now = desk.settings.outgoing.keep_held_days, desk.clock()
    last = await desk.store.fact(_LOOKED)
    await desk.store.set_fact(_LOOKED, now.isoformat())
    if last is not None and now - datetime.fromisoformat(last) >= timedelta(days=days):
        desk.journal.trouble("upkeep", "much time has passed since the last look; nothing expires today")
        return
    for mail in await expire(desk.store, days, now):
        sentence = f"{mail.id} was held for {days} days; it can still be exported for as long again."
        await _tell(desk, Occasion.EXPIRED, mail, sentence)


async def forget_old_sends(desk: Desk) -> None:
    """What was sent more than 14 days ago leaves no hash of its words (interface, promise 8), nor a campaign."""
    await forget_sends(desk.store, desk.clock())
    await forget_sketches(desk.store, desk.clock())
    await forget_runs(desk.store, desk.clock())


async def _tell(desk: Desk, occasion: Occasion, mail: HeldMail, sentence: str) -> None:
    people = tuple(r.address for r in mail.recipients)
    notice = Notice(occasion, mail.account, sentence, people, mail.id)
    await tell(notice, settings=desk.settings, store=desk.store, journal=desk.journal, now=desk.clock())
