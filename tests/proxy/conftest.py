"""A watched mailbox for whoever asks for one."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from proxy.store.database import Store
from tests.proxy.watched_inbox import Inbox, MakeInbox, settings_for
from tests.servers.dovecot import Dovecot


@pytest.fixture
async def make_inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MakeInbox]:
    """Make a watched mailbox of a new user: `await make_inbox(dovecot, mode="mark")`."""
    monkeypatch.setenv("COLDASK_TEST_PASSWORD", "open-sesame")
    logging.getLogger("coldask").setLevel(logging.INFO)
    made: list[Inbox] = []

    async def make(
        server: Dovecot, *, port: int = 0, learn: bool = True, start: bool = True, **incoming: Any
    ) -> Inbox:
        ann = server.user()
        store = await Store.open(tmp_path / f"{len(made)}.db")
        inbox = Inbox(server, ann, settings_for(server, ann, port, **incoming), store)
        made.append(inbox)
        if learn:
            await inbox.learn()
        if start:
            await inbox.start()
        return inbox

    yield make
    for inbox in made:
        await inbox.stop()
        await inbox.store.close()
