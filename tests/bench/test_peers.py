"""The comparison with other filters: coldask's own row is what it says it is."""

import asyncio
import importlib.util
import itertools
from pathlib import Path
from types import ModuleType

import pytest

from classifier.training.corpus import letters

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def peers() -> ModuleType:
    found = importlib.util.spec_from_file_location("bench_peers", ROOT / "bench" / "peers.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_signs_alone_are_weighed_without_the_ear_that_was_fitted_to_these_letters(
    peers: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked() -> None:
        raise AssertionError("the core was asked")

    monkeypatch.setattr("classifier.judge.incoming.shipped", asked)
    some = list(itertools.islice((s for s in letters(ROOT / "classifier" / "corpus") if not s.outgoing), 12))
    own, strangers = asyncio.run(peers.coldask(some))
    assert own.name == "coldask, signs alone" and strangers.name == "file every stranger"
    assert len(own.graded) == len(strangers.graded) == 12
    assert any(0.1 < one.probability < 0.9 for one in own.graded), "their text was weighed"
