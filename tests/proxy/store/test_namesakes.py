"""The people a letter names: found by whole words of their names, the owner's own acquaintances first."""

import sqlite3
from pathlib import Path

from proxy.store import namesakes
from proxy.store.database import Store
from proxy.store.letters import remember
from proxy.store.namesakes import named
from proxy.store.purge import purge_person
from tests.proxy.store.test_letters import NOW, letter

MOMENT = int(NOW.timestamp())


async def _named(store: Store, *words: str, most: int = 10) -> list[str]:
    return await store.run(named, words, MOMENT, most)


async def test_found_by_name_else_by_address() -> None:
    letters = [
        letter(9, "mj@x.example", names={"mj@x.example": "Mark Jones"}),
        letter(8, "jo.fox@x.example"),
        letter(7, "markus@x.example"),
        letter(6, "desk@x.example", names={"desk@x.example": "Marketing"}),
    ]
    async with await Store.open(None) as store:
        await remember(store, letters)
        assert await _named(store, "mark") == ["mj@x.example"]
        assert await _named(store, "jones", "mark") == ["mj@x.example"]
        assert await _named(store, "mark", "fox") == []
        assert await _named(store, "jo", "fox") == ["jo.fox@x.example"]
        assert await _named(store) == []
        await remember(
            store, [letter(5, "jo.fox@x.example", names={"jo.fox@x.example": "Josephine Reynard"})]
        )
        assert await _named(store, "fox") == [], "the name is known now"
        assert await _named(store, "reynard", "josephine") == ["jo.fox@x.example"]
        await purge_person(store, ["jo.fox@x.example"], trial=False)
        [(left,)] = await store.db.execute_fetchall("SELECT count(*) FROM name_word WHERE word = 'reynard'")
        assert left == 0


async def test_of_many_who_the_owner_wrote_to_comes_first() -> None:
    letters = [letter(9, f"m{i}@x.example", names={f"m{i}@x.example": f"Mark {i}"}) for i in range(30)]
    friend = {"friend@x.example": "Mark Ott"}
    letters.append(letter(20, "ann@quay.example", "friend@x.example", names=friend))
    later = letter(-1, "ann@quay.example", "m7@x.example", names={"m7@x.example": "Mark 7"})
    async with await Store.open(None) as store:
        await remember(store, [*letters, later])
        found = await _named(store, "mark")
        assert len(found) == 10
        assert found[0] == "friend@x.example"
        assert "m7@x.example" not in found[:1], "what is sent later is not known yet"


async def test_no_look_up_reads_all_people() -> None:
    def plan(db: sqlite3.Connection) -> list[str]:
        values = ("mark", '["mark"]', 1, MOMENT, 10)
        return [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {namesakes._NAMED}", values)]

    async with await Store.open(None) as store:
        steps = await store.run(plan)
    assert "SEARCH w USING PRIMARY KEY (word=?)" in steps
    assert not [step for step in steps if step.startswith(("SCAN p", "SCAN w", "SCAN also"))]


async def test_a_store_from_before_learns_the_names_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    async with await Store.open(path) as store:
        await remember(store, [letter(9, "mj@x.example", names={"mj@x.example": "Mark Jones"})])
    db = sqlite3.connect(path)
    db.executescript(
        "DROP TRIGGER name_of_person; DROP TRIGGER name_of_new_person; DROP TRIGGER name_of_gone_person; DROP TABLE name_word;"
        "DELETE FROM migration WHERE name = '0010_names.sql'"
    )
    db.close()
    async with await Store.open(path) as store:
        assert await _named(store, "jones") == ["mj@x.example"]
