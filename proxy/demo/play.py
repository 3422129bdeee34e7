"""The play: every part of the cast through real sockets, and what came of it beside what was announced."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

from models.errors import ColdaskError
from models.word import Word
from proxy.demo import cast
from proxy.demo.cast import Part, bare
from proxy.demo.stage import Stage

PATIENCE = 15.0  # seconds a part may take


class Scene(Word):
    """One line of the story."""

    title: str
    expected: str
    came: str
    words: tuple[str, ...] = ()  # the reason, as the user meets it

    @property
    def right(self) -> bool:
        return self.came == self.expected


class Act(Word):
    """A heading of the story."""

    title: str


async def play(stage: Stage, now: datetime) -> AsyncIterator[Scene | Act]:
    """The whole morning, scene by scene."""
    yield Act(title="Mia sends mail through coldask (SMTP on localhost)")
    for part in cast.outgoing(now):
        yield await _send(stage, part)
    yield await _release(stage)
    yield Act(title="Mail arrives for Mia (coldask watches the inbox by IMAP)")
    for part in cast.incoming(now):
        yield await _arrive(stage, part)
    yield Act(title="Mia disagrees, and coldask learns")
    yield await _move_back(stage)
    yield await _arrive(stage, cast.second_letter(now))


async def _send(stage: Stage, part: Part) -> Scene:
    before = len(stage.provider.sent)
    answer = await stage.send(part.sender, part.recipients, part.mail)
    went = len(stage.provider.sent) > before and stage.provider.sent[-1][1] == part.mail
    came = (
        "passed"
        if answer.startswith("250") and went
        else "held"
        if answer.startswith("554") and not went
        else answer
    )
    words = tuple(answer.splitlines()) if came == "held" else ()
    return Scene(title=part.title, expected=part.expected, came=came, words=words)


async def _release(stage: Stage) -> Scene:
    """The blast again: this time only to the one who knows Mia."""
    joe = bare(cast.JOE)
    (blast,) = [row for row in await stage.ask("held.list") if row["subject"] == "My new studio"]
    before = len(stage.provider.sent)
    outcome = await stage.ask("held.release", id=blast["id"], only=[joe])
    gone = stage.provider.sent[before:]
    came = "released" if [to for to, _ in gone] == [(joe,)] and outcome["sent"] == [joe] else str(outcome)
    words = (f"coldask held release {blast['id']} --only {joe}",)
    return Scene(title="Mia releases the held news to Joe alone", expected="released", came=came, words=words)


async def _arrive(stage: Stage, part: Part) -> Scene:
    """Deliver, wait until the watcher has judged it, see where it lies."""
    await stage.provider.deliver(part.mail)
    verdict = await _until(lambda: _judged(stage, part.message_id))
    if verdict is None:
        return Scene(title=part.title, expected=part.expected, came="not seen")
    await _until(lambda: _settled(stage, part))
    folder = await stage.folder_of(part.message_id)
    came = {"INBOX": "kept", "Cold Asks": "filed"}.get(folder, "lost")
    return Scene(title=part.title, expected=part.expected, came=came, words=(verdict["reason"],))


async def _judged(stage: Stage, message_id: str) -> Any:
    try:
        return await stage.ask("why", key=message_id)
    except ColdaskError:  # not judged yet
        return None


async def _settled(stage: Stage, part: Part) -> bool:
    return await stage.folder_of(part.message_id) == ("Cold Asks" if part.expected == "filed" else "INBOX")


async def _move_back(stage: Stage) -> Scene:
    first = cast.message_id("seeker")
    await stage.move_back(first)

    async def released() -> bool:
        verdict = await stage.ask("why", key=first)
        return bool(verdict) and verdict.get("state") == "returned"

    came = (
        "released" if await _until(released) and await stage.folder_of(first) == "INBOX" else "not released"
    )
    words = ("It stays where she put it, and Priya is not filed again.",)
    return Scene(
        title="Mia moves Priya's letter back into the inbox", expected="released", came=came, words=words
    )


async def _until(look: Callable[[], Awaitable[Any]]) -> Any:
    """The first answer that is not empty, or None when patience ends."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if answer := await look():
            return answer
        await asyncio.sleep(0.05)
    return None
