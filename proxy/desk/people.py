"""The relationships as shown: tie, facts, figures, introductions."""

from datetime import datetime
from typing import Any

from models.address import canonical, domain_of
from models.errors import UsageError
from models.mail import Mail
from models.past import Introduction, Past, Relation
from proxy.config import mailing_lists, owner_of, trusted_of
from proxy.desk import Desk, operation
from proxy.store.corrections import Said, said_of
from proxy.store.letters import known_people, past_for
from proxy.store.splits import apart_of, join, split

CHUNK = 200  # people a look-up, so that the service's own questions come in between
SOURCE = "coldask people"


@operation("people", looks=True)
async def people(desk: Desk, address: str | None) -> list[dict[str, Any]]:
    """One person, or everybody known, each once: the closest first, then by address."""
    wanted = [_address(address)] if address else await known_people(desk.store)
    owner = owner_of(desk.settings)
    lists = mailing_lists(desk.settings, desk.config_dir)
    shown: list[tuple[int, dict[str, Any]]] = []
    seen: set[str] = set()  # addresses of somebody shown already
    for start in range(0, len(wanted), CHUNK):
        chunk = [who for who in wanted[start : start + CHUNK] if who not in owner.addresses | seen]
        past = await past_for(
            desk.store,
            Mail(),
            chunk,
            owner=owner,
            now=desk.clock(),
            trusted=trusted_of(desk.settings),
            lists=lists,
            vouched_days=desk.settings.people.vouched_days,
        )
        said = await said_of(desk.store, chunk, own=owner.addresses, now=desk.clock())
        apart = await apart_of(desk.store)
        for who in chunk:
            if who not in seen:
                relation = past.relation(who)
                seen.update(other.address for other in relation.also)
                shown.append((-relation.tie.rank, _person(who, past, said, apart.get(who))))
    return [person for _, person in sorted(shown, key=lambda s: (s[0], s[1]["address"]))]


@operation("people.join")
async def join_addresses(desk: Desk, address: str, other: str) -> list[dict[str, Any]]:
    """The user's word: these two addresses are one person's. Answers with the person."""
    one, two = _address(address), _address(other)
    if one == two:
        raise UsageError(f"{address} and {other} are the same address already.")
    await join(desk.store, one, two, at=desk.clock(), source=SOURCE)
    return await people(desk, address)


@operation("people.split")
async def split_address(desk: Desk, address: str) -> list[dict[str, Any]]:
    """The user's word: this address is a person of its own. Answers with that person."""
    await split(desk.store, _address(address), at=desk.clock(), source=SOURCE)
    return await people(desk, address)


def _address(text: str) -> str:
    if not domain_of(text):
        raise UsageError(f"{text!r} is no address; write it like joe@friend.example.")
    return canonical(text)


def _person(who: str, past: Past, said: Said, apart: datetime | None) -> dict[str, Any]:
    relation: Relation = past.relation(who)
    introductions = [i for i in past.introductions if who in (i.introduced, i.introducer)]
    figures = relation.model_dump(mode="json", exclude={"tie", "facts", "name", "also"})
    return {
        "address": who,
        "name": relation.name,
        "tie": relation.tie.value,
        "facts": list(relation.facts),
        **figures,
        "you_said": "cold" if who in said.cold else "not-cold" if who in said.released else None,
        "internal": past.owner.is_internal(who),
        "also": [other.model_dump(mode="json") for other in relation.also],
        "set_apart": apart.isoformat() if apart else None,
        "help": [d.model_dump(mode="json", exclude={"who"}) for d in past.debts if d.who == who],
        "introductions": [_introduction(i) for i in introductions],
    }


def _introduction(made: Introduction) -> dict[str, Any]:
    return {
        "introducer": made.introducer,
        "introduced": made.introduced,
        "date": made.date.isoformat(),
        "message_id": made.message_id,
        "by_you": made.by_owner,
    }
