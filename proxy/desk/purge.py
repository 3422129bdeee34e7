"""Removing what is stored, on the user's wish: counted first, then done."""

from datetime import datetime
from typing import Any

from models.address import canonical, domain_of
from models.errors import UsageError
from proxy.config import owner_of
from proxy.desk import Desk, operation
from proxy.store import purge as store_purge
from proxy.store.persons import addresses_of


@operation("purge")
async def purge(
    desk: Desk,
    person: str | None = None,
    before: str | None = None,
    everything: bool = False,
    with_held: bool = False,
    trial: bool = True,
) -> dict[str, Any]:
    """Remove, or with `trial` only count, what is stored of a person, from before a moment, or everything.

    Answers `{"gone": {kind: number}, "addresses": […], "waiting": number, "again": bool}`; held mail that waits is
    never removed but with everything and `with_held`. `again`: all was removed, and the service begins to learn anew.
    """
    if sum(bool(given) for given in (person, before, everything)) != 1:
        raise UsageError("Name one thing to remove: an address, --before DATE, or --everything.")
    waiting, addresses = await store_purge.waiting(desk.store), tuple[str, ...]()
    if everything:
        if waiting and not with_held:
            raise UsageError(
                f"{waiting} held {'mail waits' if waiting == 1 else 'mails wait'} still; release, drop or export "
                "first (`coldask held export --all FOLDER`), or add --with-held."
            )
        gone = await store_purge.purge_all(desk.store, trial=trial)
    elif before:
        gone = await store_purge.purge_before(desk.store, _moment(desk, before), trial=trial)
    else:
        addresses = await _addresses(desk, person or "")
        gone = await store_purge.purge_person(desk.store, addresses, trial=trial)
    again = everything and not trial and _learn_again(desk)
    return {
        "gone": gone, "addresses": list(addresses), "waiting": 0 if everything else waiting, "again": again,
    }  # fmt: skip


def _learn_again(desk: Desk) -> bool:
    """Have the running service read the accounts' mail anew; False where none runs, or no account has an inbox."""
    if desk.forgotten is None or not any(account.imap for account in desk.settings.accounts.values()):
        return False
    desk.forgotten.set()
    return True


def _moment(desk: Desk, text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment > desk.clock():
        raise UsageError(f"{text} is yet to come; name a day that has passed, or write --everything.")
    return moment


async def _addresses(desk: Desk, person: str) -> tuple[str, ...]:
    own = owner_of(desk.settings)
    if not domain_of(person) or not person.rpartition("@")[0]:
        raise UsageError(f"{person!r} is no address; write it like joe@friend.example.")
    if own.is_own(person):
        raise UsageError(f"{person} is an address of your own; --everything removes all there is.")
    return await addresses_of(desk.store, canonical(person), own=own.addresses, now=desk.clock())
