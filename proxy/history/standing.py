"""How everybody in a history stands to the owner in the end: persons counted by tie."""

from collections import Counter
from datetime import datetime

from models.mail import Mail
from models.past import Owner
from proxy.history.summary import COLLEAGUE, MACHINE
from proxy.store.database import Store
from proxy.store.letters import known_people, past_for

CHUNK = 200  # people a look-up


async def people_by_tie(store: Store, owner: Owner, now: datetime) -> Counter[str]:
    """Persons, each once whatever their addresses, by tie as of `now`; colleagues and mailings apart."""
    waiting = [who for who in await known_people(store) if who not in owner.addresses]
    seen: set[str] = set()
    found: Counter[str] = Counter()
    for start in range(0, len(waiting), CHUNK):
        chunk = waiting[start : start + CHUNK]
        past = await past_for(store, Mail(), chunk, owner=owner, now=now)
        for who in chunk:
            relation = past.relation(who)
            if who not in seen:
                seen.update(other.address for other in relation.also)
                machine = relation.bulk_only and not relation.sent
                kind = COLLEAGUE if owner.is_internal(who) else MACHINE if machine else relation.tie.value
                found[kind] += 1
    return found
