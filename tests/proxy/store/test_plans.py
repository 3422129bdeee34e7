"""Questions asked once a mail walk indexes: none reads a whole table, however the history grows."""

import sqlite3

import pytest

from proxy.store import persons
from proxy.store.database import Store


@pytest.mark.parametrize("query", ["_ANSWERED_FOR", "_ANSWERED_FROM"])
async def test_the_answers_between_addresses_are_found_by_indexes(query: str) -> None:
    def plan(db: sqlite3.Connection) -> list[str]:
        return [
            row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {getattr(persons, query)}", (1, 0, 9, 10, 500))
        ]

    async with await Store.open(None) as store:
        steps = await store.run(plan)
    few = "l" if query == "_ANSWERED_FOR" else "m"  # the subquery: the newest letters of one person
    assert [step for step in steps if step.startswith("SCAN")] == [f"SCAN {few}"]
    assert any("SEARCH o USING PRIMARY KEY (person=? AND date<?)" in step for step in steps)
