"""Permissions offered: what the user releases unedited again and again. Never taken by coldask itself."""

from collections.abc import Collection, Iterable
from typing import Any

from models.address import canonical
from models.finding import Effect, Finding
from models.held import HeldMail, State
from models.permission import Grant
from proxy.config import owner_of
from proxy.desk import Desk, operation
from proxy.store.held import edited, list_held
from proxy.store.permissions import permissions
from proxy.store.persons import addresses_of

AGAIN = 3  # mails released for the same rule and person


@operation("allow.offers")
async def allow_offers(desk: Desk) -> list[dict[str, Any]]:
    """Rule and person of what was released unedited three times or more, the most often first."""
    return await offers_for(desk, None)


async def offers_for(desk: Desk, people: Collection[str] | None) -> list[dict[str, Any]]:
    """What is to be offered about these people (any spelling); None: about everybody."""
    counts: dict[tuple[str, str], set[str]] = {}
    names: dict[str, str] = {}
    changed = await edited(desk.store)
    for mail in await list_held(desk.store, closed=True):
        if mail.id in changed:
            continue
        for rule, person in _released(mail):
            if person not in names:
                names[person] = await _one_of(desk, person)
            counts.setdefault((rule, names[person]), set()).add(mail.id)
    wanted = None if people is None else {names.get(canonical(p)) for p in people}
    given = [one.permission for one in await permissions(desk.store)]
    given = [p for p in given if p.until is None or p.until > desk.clock()]
    allowed = {(await _one_of(desk, p.what), p.rule) for p in given if p.grant is Grant.PERSON}
    allowed |= {("", p.rule) for p in given if p.grant is Grant.RULE}
    rows = [
        {"rule": rule, "person": who, "times": len(mails), "command": f"coldask allow {who} --rule {rule}"}
        for (rule, who), mails in counts.items()
        if len(mails) >= AGAIN
        and (wanted is None or who in wanted)
        and allowed.isdisjoint({(who, rule), (who, ""), ("", rule)})
    ]
    return sorted(rows, key=lambda row: (-int(str(row["times"])), str(row["person"]), str(row["rule"])))


def _released(mail: HeldMail) -> Iterable[tuple[str, str]]:
    """Each rule that stopped the mail, with each person who got it all the same."""
    got = {canonical(r.address) for r in mail.recipients if r.state is State.RELEASED}
    for finding in mail.verdict.findings:
        if finding.effect.rank >= Effect.WARN.rank:
            for person in _concerned(finding, got):
                yield finding.rule, person


def _concerned(finding: Finding, got: set[str]) -> set[str]:
    return got & {canonical(p) for p in finding.people} if finding.people else got


async def _one_of(desk: Desk, address: str) -> str:
    """One address to stand for a person: the same whichever of theirs is asked for."""
    own = owner_of(desk.settings).addresses
    return min(await addresses_of(desk.store, address, own=own, now=desk.clock()))
