"""Building the relationship history, from local mailboxes or from the accounts' own folders."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any

from models.address import canonical, domain_of
from models.errors import OutsideError, StoreError, UsageError
from models.past import Owner
from models.settings import ImapTable
from proxy.config import owner_of
from proxy.desk import Desk, operation
from proxy.history.genuine import ASKS_MATTER
from proxy.history.imap import Reader, Step
from proxy.history.learn import Tally, learn_source
from proxy.history.own import by_name, proposals
from proxy.history.owners import likely_owners
from proxy.history.sources import Source, open_source
from proxy.mailbox import Mailbox
from proxy.store.positions import BEING_READ, PASS, Purpose, start_over
from proxy.store.quotes import forget_runs
from proxy.store.sends import KEPT

Message = dict[str, Any]

_TEXTS = " (texts)"  # of a source's name: the second pass over it
_FOLDERS_SHOWN = 12


@operation("learn")
async def learn(desk: Desk, sources: list[str], owner: list[str]) -> AsyncIterator[Message]:
    """Read these mailboxes; where none is named, the accounts' folders. `owner`: more own addresses.

    Progress: {"source", "done", "total"}. Result: a tally a source; each names, in "also_yours", addresses
    that seem to be the owner's and are not configured.
    """
    if odd := [address for address in owner if not domain_of(address)]:
        raise UsageError(f"{odd[0]!r} is no address; write --owner like ann@example.org.")
    configured = owner_of(desk.settings)
    own = configured.addresses | {canonical(a) for a in owner}
    known = Owner(addresses=own, internal_domains=configured.internal_domains)
    filed_in = [account.imap.cold_asks for account in desk.settings.accounts.values() if account.imap]
    boxes = [open_source(path, filed_in) for path in sources]
    if not own:
        raise UsageError(_whose(boxes))
    results: list[dict[str, Any]] = []
    async with _known_till_now(desk):
        reading = _from_disk(desk, boxes, known) if boxes else _from_accounts(desk, known)
        async for message in reading:
            if "tally" in message:
                results.append(message["tally"])
            else:
                yield message
        await _still_there(desk)
    await _finish(desk, own)
    if results:
        in_sent = results[-1]["also_yours"]
        named = await by_name(desk.store, known)
        results[-1]["also_yours"] = proposals({p["address"]: p["mails"] for p in in_sent}, named)
    yield {"result": results}


async def check_history(desk: Desk) -> None:
    """When the service starts: is there a history still, or nothing that one could be read from?

    Without an inbox learning has finished, with nothing found. An inbox that was added since is to be read
    before anything is held or filed by what is known.
    """
    inboxes = {name for name, account in desk.settings.accounts.items() if account.imap}
    own, learned = owner_of(desk.settings).addresses, await desk.store.fact("learned")
    if learned is None:
        if own and not inboxes:
            await _finish(desk, own)
        return
    await desk.store.set_fact(PASS, None)  # a reading that was killed is not under way
    if isinstance(learned, dict) and inboxes - set(learned.get("accounts", inboxes)):
        if set(learned["own"]) != own:
            await start_over(desk.store)
        await desk.store.set_fact("learned", None)


@contextlib.asynccontextmanager
async def _known_till_now(desk: Desk) -> AsyncIterator[None]:
    """A reading that fails takes nothing from what was learned before; the next one goes on where it stopped."""
    before = await desk.store.fact(PASS)
    try:
        yield
    except BaseException:
        with contextlib.suppress(StoreError):  # told by what failed
            if await desk.store.fact("learned") is not None and await desk.store.fact(PASS) is not None:
                await desk.store.set_fact(PASS, before)
        raise


async def _still_there(desk: Desk) -> None:
    """Raises OutsideError where what was read so far is gone."""
    if await desk.store.fact(PASS) is None:
        raise OutsideError(
            "What is stored was removed (`coldask purge`) while the mail was being read; it has to be read once more."
        )


async def _finish(desk: Desk, own: Collection[str]) -> None:
    """From now on there is a history."""
    inboxes = sorted(name for name, account in desk.settings.accounts.items() if account.imap)
    done = {"at": desk.clock().isoformat(), "own": sorted(own), "accounts": inboxes}
    await desk.store.set_fact("learned", done)
    await desk.store.set_fact(PASS, None)
    await forget_runs(desk.store, desk.clock())


@operation("history", looks=True)
async def history(desk: Desk) -> dict[str, Any]:
    """How far it is known: "ties" by the headers, "texts" too; and whether mail may be held or filed by it."""
    reading = await desk.store.run(lambda db: db.execute(BEING_READ).fetchall())
    facts = [json.loads(value) for (value,) in reading]
    learned = await desk.store.fact("learned") is not None
    return {
        "ties": (learned and not facts) or (bool(facts) and all(fact["texts"] for fact in facts)),
        "texts": learned and not facts,
        "learned": learned,
    }


async def _from_disk(desk: Desk, boxes: list[Source], owner: Owner) -> AsyncIterator[Message]:
    """Headers of every mailbox first, as with accounts."""
    totals = [box.count() for box in boxes]
    await desk.store.set_fact(PASS, {"texts": False})
    for box, total in zip(boxes, totals, strict=True):
        async for tally in learn_source(desk.store, box, owner, headers_only=True):
            if not tally.texts:
                yield _progress(str(box.path), tally.read, total)
    await _still_there(desk)
    await desk.store.set_fact(PASS, {"texts": True})
    for box, total in zip(boxes, totals, strict=True):
        source, tally = str(box.path), Tally()
        now = desk.clock()
        async for tally in learn_source(
            desk.store, box, owner, since=now - KEPT, asked_since=now - ASKS_MATTER
        ):
            texts = _TEXTS if tally.texts else ""
            yield _progress(source + texts, tally.texts_read if tally.texts else tally.read, total)
        failures = [{"where": where, "why": why} for where, why in tally.named]
        done = _tally(source, tally.read, tally.new, tally.unreadable, failures)
        yield {"tally": {**done, "also_yours": proposals(tally.in_sent, {})}}


async def _from_accounts(desk: Desk, owner: Owner) -> AsyncIterator[Message]:
    """Headers of every account first (history is usable after that), then the texts that can hold events."""
    servers = {name: account.imap for name, account in desk.settings.accounts.items() if account.imap}
    if not servers:
        raise UsageError("No account has an [imap] table; name a mailbox to learn from, or add one.")
    learned = await desk.store.fact("learned") or {}
    if learned and set(learned.get("own", ())) != owner.addresses:
        await start_over(desk.store)  # whose mail it is has changed: what was read says something else now
    for purpose in (Purpose.LEARN, Purpose.TEXTS):
        if purpose is Purpose.TEXTS:
            await _still_there(desk)
        await desk.store.set_fact(PASS, {"texts": purpose is Purpose.TEXTS})
        for name, server in servers.items():
            async for message in _account(desk, name, server, owner, purpose):
                yield message


async def _account(
    desk: Desk, name: str, server: ImapTable, owner: Owner, purpose: Purpose
) -> AsyncIterator[Message]:
    steps: asyncio.Queue[Step | None] = asyncio.Queue()
    async with await Mailbox.open(name, server) as box:
        reader = Reader(name, box, desk.store, owner, desk.clock)
        missing = await reader.missing() if purpose is Purpose.LEARN else {}
        work = asyncio.create_task(reader.learn(purpose, steps.put_nowait))
        work.add_done_callback(lambda _: steps.put_nowait(None))
        folders: dict[str, Step] = {}
        try:
            while (step := await steps.get()) is not None:
                folders[step.folder] = step
                texts = _TEXTS if purpose is Purpose.TEXTS else ""
                yield _progress(f"{name} {step.folder}{texts}", step.done, step.total)
        finally:
            work.cancel()
        await work
    if purpose is Purpose.LEARN:
        for folder, there in missing.items():
            done = _tally(f"{name} {folder}", 0, 0, 0, [])
            yield {"tally": {**done, "trouble": _not_there(name, there), "also_yours": []}}
        for folder, step in folders.items():
            failures = [{"where": one.where, "why": one.why} for one in step.named]
            done = _tally(f"{name} {folder}", step.done, step.new, step.unread, failures)
            yield {"tally": {**done, "also_yours": proposals(reader.seen.mails, {})}}


def _progress(source: str, done: int, total: int) -> Message:
    return {"progress": {"source": source, "done": done, "total": total}}


def _tally(
    source: str, read: int, new: int, unreadable: int, failures: list[dict[str, str]]
) -> dict[str, Any]:
    return {
        "source": source, "read": read, "new": new, "unreadable": unreadable, "failures": failures, "trouble": "",
    }  # fmt: skip


def _not_there(account: str, there: Sequence[str]) -> str:
    more = " …" if len(there) > _FOLDERS_SHOWN else ""
    return (
        f"there is no such folder, so nothing was read from it; change [accounts.{account}.imap], where there are "
        f"{', '.join(map(repr, there[:_FOLDERS_SHOWN]))}{more}"
    )


def _whose(boxes: list[Source]) -> str:
    seen = [address for box in boxes for address in likely_owners(box)]
    hint = f"Most of the mail went to {', '.join(dict.fromkeys(seen))}; " if seen else "Whose mail is it? "
    return f"{hint}{'n' if seen else 'N'}ame your own addresses with --owner ADDR, or in the configuration."
