"""Introductions of one's own and their look-alikes: floors under what is found and what is not.

tests/data/introductions.jsonl and introductions-more.jsonl were written for this project, all people invented,
each voice a writer of its own; the second before the words were widened, in harder and more oblique letters.
Words and points were chosen on all voices but those of the second file that are "held".
"""

import json
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from classifier.reading.read import read_mail
from classifier.signals.introductions import find_introduction
from models.address import canonical

FILES = ("introductions", "introductions-more")


@cache
def letters() -> tuple[dict[str, Any], ...]:
    folder = Path(__file__).parents[2] / "data"
    found = []
    for name in FILES:
        for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines():
            found.append({**json.loads(line), "file": name})
    return tuple(found)


def introduced(letter: dict[str, Any]) -> frozenset[str]:
    message = EmailMessage()
    message["From"] = letter["from"]
    for field in ("to", "cc"):
        if letter[field]:
            message[field.title()] = ", ".join(letter[field])
    message["Subject"] = letter["subject"]
    if letter["subject"].startswith("Re:"):
        message["In-Reply-To"] = "<before@thread.example>"
    message.set_content(letter["body"])
    found = find_introduction(read_mail(message.as_bytes()), {canonical(letter["owner"])})
    return frozenset(m.canonical for m in found.people) if found else frozenset()


@pytest.mark.parametrize(
    ("file", "held", "least", "precision", "recall"),
    [
        ("introductions", False, 50, 0.97, 0.96),
        ("introductions", True, 50, 0.97, 0.9),
        ("introductions-more", False, 70, 0.95, 0.84),
        ("introductions-more", True, 20, 0.93, 0.78),
    ],
)
def test_introductions_are_found_and_look_alikes_are_not(
    file: str, held: bool, least: int, precision: float, recall: float
) -> None:
    mine = [x for x in letters() if x["file"] == file and x["held"] is held]
    introductions = [x for x in mine if x["kind"] == "introduction"]
    assert len(introductions) >= least and len(mine) - len(introductions) >= min(least, 19)
    right = sum(introduced(x) == frozenset(map(canonical, x["introduced"])) for x in introductions)
    found = sum(bool(introduced(x)) for x in mine)
    assert right >= recall * len(introductions)
    assert right >= precision * found


def test_no_two_letters_share_their_words() -> None:
    """No templates: no two letters share more than a fifth of their runs of three words."""
    runs = []
    for letter in letters():
        words = letter["body"].partition("\n-----")[0].lower().split()  # not the header of what is sent on
        runs.append({tuple(words[i : i + 3]) for i in range(len(words) - 2)})
    for i, one in enumerate(runs):
        for other in runs[:i]:
            assert len(one & other) <= 0.2 * max(1, min(len(one), len(other)))
