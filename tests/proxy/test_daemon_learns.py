"""The service reads its history by itself, and says once what hinders it."""

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from proxy import daemon
from proxy.desk import Desk
from proxy.journal import Journal
from proxy.store.database import Store
from tests.proxy.watched_inbox import settings_for
from tests.servers.dovecot import PASSWORD, Dovecot, User

ANN = User("learner@example.org")
SECRET = "COLDASK_TEST_PASSWORD"


@pytest.fixture
async def desk(dovecot: Dovecot, tmp_path: Path) -> AsyncIterator[Desk]:
    async with await Store.open(None) as store:
        yield Desk(settings_for(dovecot, ANN), tmp_path, store, lambda: datetime.now(UTC), Journal())


async def test_what_hinders_it_is_told_once_and_that_it_is_over_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "coldask")
    monkeypatch.setattr(logging.getLogger("coldask"), "propagate", True)
    monkeypatch.delenv(SECRET, raising=False)
    monkeypatch.setattr(daemon, "RELEARN_SECONDS", 0.01)
    tries, real = [], daemon.result_of

    async def counted(*args: Any) -> Any:
        tries.append(args)
        if len(tries) == 4:
            monkeypatch.setenv(SECRET, PASSWORD)
        return await real(*args)

    monkeypatch.setattr(daemon, "result_of", counted)
    await daemon._learn_once(desk)
    assert len(tries) == 4
    begun, ended = (r.message for r in caplog.records if r.message.startswith("learn"))
    assert SECRET in begun and ended == "learn: the history is read now"
    assert await desk.store.fact("learned") is not None
