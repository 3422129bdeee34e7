"""The registry of operations: found by name, called with checked arguments."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from models.errors import UsageError
from models.settings import Settings
from proxy.desk import Desk, find_operation, operation, run_operation
from proxy.journal import Journal
from proxy.store.database import Store
from tests.proxy.held_samples import NOW


@pytest.fixture
async def desk():
    async with await Store.open(None) as store:
        yield Desk(Settings(), Path(), store, lambda: NOW, Journal())


@operation("test.desk.count")
async def count(desk: Desk, to: int) -> AsyncIterator[dict[str, Any]]:
    for i in range(to):
        yield {"progress": i}
    yield {"result": desk.clock().year}


async def test_progress_comes_first_and_then_the_result(desk: Desk) -> None:
    assert [m async for m in run_operation(desk, "test.desk.count", {"to": 2})] == [
        {"progress": 0},
        {"progress": 1},
        {"result": 2026},
    ]


async def test_a_plain_operation_gives_its_result(desk: Desk) -> None:
    assert [m async for m in run_operation(desk, "held.list", {})] == [{"result": []}]


@pytest.mark.parametrize(
    "name", ["held.list", "held.show", "held.raw", "held.release", "held.drop", "held.undo"]
)
def test_the_queue_is_found_by_name(name: str) -> None:
    assert callable(find_operation(name))


@pytest.mark.parametrize(
    ("name", "args", "words"),
    [
        ("held.lost", {}, "knows no operation 'held.lost'"),
        ("held.show", {}, "missing a required argument: 'id'"),
        ("held.show", {"id": "k7qm", "colour": 1}, "unexpected keyword argument 'colour'"),
    ],
)
async def test_a_wrong_question_is_told_so(desk: Desk, name: str, args: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        [m async for m in run_operation(desk, name, args)]


def test_two_operations_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match=r"test\.desk\.count"):
        operation("test.desk.count")(test_two_operations_cannot_share_a_name)
