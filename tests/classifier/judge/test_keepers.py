"""Letters that belong in the inbox and ask much: customers, answers to calls, authorities, holes, introductions.

The cases in tests/data/keepers.jsonl were written for this project, all people invented. Those of part
"held" were written after the code that judges them; four of the thirty were filed at first.
"""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.classifier.judge.test_own_cases import judged

CASES = Path(__file__).parents[2] / "data" / "keepers.jsonl"


@cache
def cases() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(line) for line in CASES.read_text("utf-8").splitlines())


@pytest.mark.parametrize("part", ["seen", "held"])
async def test_who_belongs_is_never_filed(part: str) -> None:
    mine = [c for c in cases() if c["part"] == part]
    assert len(mine) >= 30
    count = Counter([await judged(c) for c in mine])
    assert count["file"] == 0, count
    assert count["unsure"] <= 0.06 * len(mine), count


async def test_without_the_call_an_answer_to_it_is_an_ask_like_any_other() -> None:
    """It is the owner's own call that keeps an applicant, not the words."""
    called = next(c for c in cases() if c["family"] == "call")
    body = (
        "Dear all, I am looking for work as an apprentice and would be glad if you hired me from March. "
        "Please find my CV attached; I can come for an interview any day.\n\nJoost"
    )
    alone = {**called, "past": [], "mail": {**called["mail"], "subject": "apprentice", "body": body}}
    assert await judged(alone) != "keep"
