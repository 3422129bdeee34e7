"""Learning beside the service: the event loop is not where letters are heard."""

import threading
from datetime import datetime
from pathlib import Path

import pytest

from classifier.hearing import Ear, shipped
from models.past import Owner
from proxy.history import genuine
from proxy.history.hermetic import START
from proxy.history.learn import learn_source
from proxy.history.sources import open_source
from proxy.store.database import Store

OWNER = Owner(addresses=frozenset({"ann@quay.example"}))
PITCH = (
    "From: max@agency.example\nTo: ann@quay.example\nSubject: Heating\nMessage-ID: <1@agency.example>\n\n{}\n"
)


@pytest.mark.parametrize(("since", "heard"), [(None, 0), (START, 1)])
async def test_letters_are_heard_in_another_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, since: datetime | None, heard: int
) -> None:
    threads: list[int] = []

    def noted() -> Ear | None:
        threads.append(threading.get_ident())
        return shipped()

    monkeypatch.setattr(genuine, "shipped", noted)
    text = "our platform cuts the heating bill of houses like yours by a third. Could we talk on Thursday?"
    (tmp_path / "1.eml").write_text(PITCH.format(text))
    async with await Store.open(None) as store:
        async for _ in learn_source(store, open_source(str(tmp_path)), OWNER, asked_since=since):
            pass
    assert len(threads) == heard and threading.get_ident() not in threads
