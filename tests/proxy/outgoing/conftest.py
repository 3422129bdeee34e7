"""What the tests of outgoing mail ask for."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.proxy.outgoing.house import House, build
from tests.proxy.outgoing.scripted import Scripted

Build = Callable[..., Awaitable[House]]


@pytest.fixture
def scripted() -> Scripted:
    """A provider, not yet started."""
    return Scripted()


@pytest.fixture
async def make_house(tmp_path: Path, scripted: Scripted) -> AsyncIterator[Build]:
    """Start listener and provider: `await make_house(outgoing={…})`."""
    made: list[House] = []

    async def make(**options: Any) -> House:
        made.append(await build(tmp_path, scripted, **options))
        return made[-1]

    yield make
    for house in made:
        await house.close()
