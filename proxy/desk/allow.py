"""The user's permissions, and with them all they said about people: given, listed, and taken back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from classifier.policy import COLD_ASK
from classifier.reading.read import read_mail
from classifier.rulebook import rule as rule_of
from classifier.signals.copies import sketch_of
from models.address import canonical, domain_of
from models.correction import Opinion
from models.errors import UsageError
from models.letter import short_hash
from models.permission import PERSON_RULES, Grant, Permission
from proxy.config import mailing_lists, owner_of
from proxy.desk import Desk, operation
from proxy.store import permissions as kept
from proxy.store.corrections import corrections_of, undo_corrections
from proxy.store.held import find_held, raw_of
from proxy.store.permissions import keys_of
from proxy.store.persons import addresses_of

SOURCE = "coldask allow"
CAMPAIGN = timedelta(days=14)  # what is kept of a campaign's letter is kept no longer (interface, promise 8)
CONFIGURATION = "[people] trusted in the configuration"


@operation("allow.list", looks=True)
async def allow_list(desk: Desk, every: bool = False) -> list[dict[str, Any]]:
    """What the user allowed, and what they said of people by moving mail; with `every` also what has ended."""
    now = desk.clock()
    rows = [
        _row(one.permission, _state(one, now))
        for one in await kept.permissions(desk.store, undone=every)
        if every or _state(one, now) == "active"
    ]
    for address in desk.settings.people.trusted:
        rows.append({"id": None, "kind": "trusted", "what": address, "source": CONFIGURATION})
    said: dict[str, dict[str, Any]] = {}
    for word in await corrections_of(desk.store):
        opinion = "released" if word.opinion is Opinion.NOT_COLD else "cold"
        row = {"id": None, "kind": opinion, "what": word.person, "at": word.at.isoformat()}
        said.setdefault(word.person, {**row, "source": word.source})
    return [_whole(row) for row in (*rows, *reversed(said.values()))]


@operation("allow.give")
async def allow_give(
    desk: Desk,
    what: str | None = None,
    rule: str = "",
    list_: str | None = None,
    campaign: str | None = None,
    until: str | None = None,
    reason: str = "",
) -> dict[str, Any]:
    """Allow a person, a mail (held id or Message-ID), a list, a campaign; for one rule or all; or a rule alone."""
    _check_rule(rule, alone=not (what or list_ or campaign))
    grant, name, keys, sketch = await _meant(desk, what, list_, campaign, rule)
    now = desk.clock()
    end = None if until is None else datetime.fromisoformat(until)
    if end is not None and end <= now:
        raise UsageError(
            f"{end.astimezone():%d %b %Y %H:%M} has passed already; a permission ends later than now."
        )
    if grant is Grant.CAMPAIGN:
        end = end or now + CAMPAIGN
        if end > now + CAMPAIGN:
            raise UsageError(
                "A campaign ends after 14 days at the latest, as what its letters are known by is kept no longer; "
                "allow it again then."
            )
    permission = Permission(
        id=0, grant=grant, what=name, rule=rule, at=now, until=end, source=SOURCE, reason=reason
    )
    return _whole(_row(await kept.give(desk.store, permission, keys=keys, sketch=sketch), "active"))


@operation("allow.undo")
async def allow_undo(
    desk: Desk,
    what: str | None = None,
    rule: str = "",
    list_: str | None = None,
    campaign: str | None = None,
) -> dict[str, Any]:
    """Take back what was allowed in the same words or under this number, and what was said of that person."""
    given = [one.permission for one in await kept.permissions(desk.store)]
    people: tuple[str, ...] = ()
    number = what.lower().removeprefix("p") if what else ""
    chosen = [p for p in given if number.isdigit() and p.id == int(number)]
    if not chosen:
        if what and "@" in what and not what.startswith("<"):
            people = await _addresses(desk, what)
        held = await find_held(desk.store, what or campaign or "")
        wanted = _named(what, list_, campaign, people) | ({(Grant.MAIL, held.id)} if held and what else set())
        chosen = [p for p in given if (p.grant, p.what) in wanted and rule in ("", p.rule)]
    now = desk.clock()
    undone = await kept.undo(desk.store, [p.id for p in chosen], at=now)
    words = 0 if rule else await undo_corrections(desk.store, people, at=now)
    if not undone and not words:
        raise UsageError(_nothing(desk, what or list_ or campaign or rule))
    return {"undone": [_whole(_row(p, "undone")) for p in chosen], "words": words}


def _named(
    what: str | None, list_: str | None, campaign: str | None, people: Sequence[str]
) -> set[tuple[Grant, str]]:
    """The kinds and names that these words may have been given as."""
    if people:
        return {(Grant.PERSON, who) for who in people}
    if list_ is not None:
        return {(Grant.LIST, list_)}
    if campaign is not None:
        return {(Grant.CAMPAIGN, campaign.lower())}
    return {(Grant.MAIL, what.lower()), (Grant.MAIL, what)} if what else {(Grant.RULE, "")}


def _nothing(desk: Desk, named: str) -> str:
    if canonical(named) in {canonical(a) for a in desk.settings.people.trusted}:
        return f"{named} is trusted by the configuration; take it out of [people] trusted there."
    return f"Nothing was allowed for {named!r}; `coldask allow` lists what was."


def _check_rule(rule: str, *, alone: bool) -> None:
    if rule == COLD_ASK:
        if alone:
            raise UsageError(
                'To have no cold ask filed at all, write mode = "observe" under [incoming]; '
                "or name whom you allow: coldask allow ADDR --rule cold-ask."
            )
    elif rule:
        rule_of(rule)
    elif alone:
        raise UsageError("Name what you allow: an address, a held mail's id, --list, --campaign or --rule.")


async def _meant(
    desk: Desk, what: str | None, list_: str | None, campaign: str | None, rule: str
) -> tuple[Grant, str, tuple[int, ...], bytes]:
    """The kind of permission, its name, and what knows its mail or letter again. Raises UsageError."""
    if sum(given is not None for given in (what, list_, campaign)) > 1:
        raise UsageError("Allow one thing at a time: an address, a mail, --list or --campaign.")
    if list_ is not None:
        return Grant.LIST, _list(desk, list_), (), b""
    if campaign is not None:
        return Grant.CAMPAIGN, *await _campaign(desk, campaign)
    if what is None:
        return Grant.RULE, "", (), b""
    if "@" in what and not what.strip().startswith("<"):
        return Grant.PERSON, _person(desk, what), (), b""
    name, keys = await _mail(desk, what)
    return Grant.MAIL, name, keys, b""


def _person(desk: Desk, what: str) -> str:
    local, _, _ = what.rpartition("@")
    if not local or not domain_of(what) or any(c.isspace() for c in what):
        raise UsageError(f"{what!r} is no address; write it like joe@friend.example.")
    if owner_of(desk.settings).is_own(what):
        raise UsageError(f"{what} is an address of your own; mail to yourself is never judged.")
    return canonical(what)


def _list(desk: Desk, name: str) -> str:
    known = mailing_lists(desk.settings, desk.config_dir)
    if name not in known:
        there = ", ".join(sorted(known)) or "none yet"
        raise UsageError(f"There is no list {name!r} under [people.lists]; there are: {there}.")
    return name


async def _mail(desk: Desk, what: str) -> tuple[str, tuple[int, ...]]:
    """A held mail by id or Message-ID; a Message-ID in angle brackets may be one that comes yet."""
    held = await find_held(desk.store, what)
    if held is not None:
        raw, _ = await raw_of(desk.store, held.id)
        return held.id, tuple(keys_of(read_mail(raw)))
    message_id = what.strip()
    if message_id.startswith("<") and message_id.endswith(">") and "@" in message_id:
        return message_id, (short_hash(message_id),)
    raise UsageError(
        f"{what!r} is neither an address, nor the id of a held mail, nor a Message-ID in angle brackets."
    )


async def _campaign(desk: Desk, what: str) -> tuple[str, tuple[int, ...], bytes]:
    held = await find_held(desk.store, what)
    if held is None:
        raise UsageError(
            f"There is no held mail {what!r}; a campaign is allowed by one of its letters that is held."
        )
    raw, _ = await raw_of(desk.store, held.id)
    sketch = sketch_of(read_mail(raw))
    if not sketch:
        raise UsageError(f"{held.id} has too few words to know its near-copies by; allow it alone.")
    return held.id, (), sketch


async def _addresses(desk: Desk, address: str) -> tuple[str, ...]:
    return await addresses_of(
        desk.store, canonical(address), own=owner_of(desk.settings).addresses, now=desk.clock()
    )


def _state(one: kept.Given, now: datetime) -> str:
    if one.undone_at is not None:
        return "undone"
    return "expired" if one.permission.until is not None and one.permission.until <= now else "active"


def _row(p: Permission, state: str) -> dict[str, Any]:
    return {
        "id": f"p{p.id}", "kind": p.grant.value, "what": p.what, "rule": p.rule, "at": p.at.isoformat(),
        "until": p.until.isoformat() if p.until else None, "source": p.source, "reason": p.reason, "state": state,
        "incoming": p.grant is Grant.PERSON and p.rule in PERSON_RULES,
    }  # fmt: skip


def _whole(row: dict[str, Any]) -> dict[str, Any]:
    """Every row with the same keys."""
    empty = {"id": None, "kind": "", "what": "", "rule": "", "at": None, "until": None, "source": ""}
    incoming = row["kind"] in ("trusted", "released")
    return {**empty, "reason": "", "state": "active", "incoming": incoming, **row}
