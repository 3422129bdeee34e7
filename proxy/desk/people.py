"""The relationships as shown: tie, facts, figures, introductions."""

from typing import Any

from models.address import canonical
from models.mail import Mail
from models.past import Introduction, Past, Relation
from proxy.config import owner_of
from proxy.desk import Desk, operation
from proxy.store.corrections import Said, said_of
from proxy.store.letters import known_people, past_for

CHUNK = 200  # people a look-up, so that the service's own questions come in between


@operation("people")
async def people(desk: Desk, address: str | None) -> list[dict[str, Any]]:
    """One person, or everybody known: the closest first, then by address."""
    wanted = [canonical(address)] if address else await known_people(desk.store)
    owner = owner_of(desk.settings)
    shown: list[tuple[int, dict[str, Any]]] = []
    for start in range(0, len(wanted), CHUNK):
        chunk = [who for who in wanted[start : start + CHUNK] if who not in owner.addresses]
        past = await past_for(
            desk.store,
            Mail(),
            chunk,
            owner=owner,
            now=desk.clock(),
            trusted=frozenset(canonical(a) for a in desk.settings.people.trusted),
            vouched_days=desk.settings.people.vouched_days,
        )
        said = await said_of(desk.store, chunk)
        shown.extend((-past.relation(who).tie.rank, _person(who, past, said)) for who in chunk)
    return [person for _, person in sorted(shown, key=lambda s: (s[0], s[1]["address"]))]


def _person(who: str, past: Past, said: Said) -> dict[str, Any]:
    relation: Relation = past.relation(who)
    introductions = [i for i in past.introductions if who in (i.introduced, i.introducer)]
    figures = relation.model_dump(mode="json", exclude={"tie", "facts", "name"})
    return {
        "address": who,
        "name": relation.name,
        "tie": relation.tie.value,
        "facts": list(relation.facts),
        **figures,
        "you_said": "cold" if who in said.cold else "not-cold" if who in said.released else None,
        "internal": past.owner.is_internal(who),
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
