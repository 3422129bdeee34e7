"""Fitting: the same data give the same bytes, and a damaged file is refused with words."""

import json
from pathlib import Path

import pytest

from classifier.signals.grams import TRAITS
from classifier.signals.learned import probabilities
from classifier.training.corpus import Example, examples
from classifier.training.fit import choose, fit
from classifier.training.measure import figures
from classifier.weights import parsed, written
from models.finding import Ask

KINDS = list(Ask)


@pytest.fixture
def few(tmp_path: Path) -> tuple[Example, ...]:
    """A small corpus in which every kind is asked for under every topic."""
    rows = [
        {"text": f"could you please {kind.value} me {word} ?", "asks": [kind.value], "topic": word}
        for kind in KINDS
        for word in ("wool", "ships", "bread", "clocks", "salt", "glass")
    ]
    rows += [{"text": f"the {kind.value} of {r['topic']} was late", "asks": [], "topic": r["topic"]}
             for r in rows[:6] for kind in KINDS]  # fmt: skip
    rows[0]["held"] = True
    (tmp_path / "sentences-one.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    return examples(tmp_path)


def test_the_same_data_give_the_same_bytes_that_tell_asks_apart(few: tuple[Example, ...]) -> None:
    chosen = choose(few, strengths=(4.0,))
    outputs = fit(few, chosen)
    data = written(outputs, TRAITS)
    assert written(fit(few, chosen), TRAITS) == data
    again = parsed(data, TRAITS)
    for one in few:
        asks, kinds = probabilities(again, one.plain)
        assert (asks > 0.5) == bool(one.asks), one
        assert not one.asks or max(kinds, key=lambda k: kinds[k]) in one.asks, one
    assert "| any | 72 |" in figures(again, few)


def test_the_corpus_knows_its_author_topic_and_held_part(few: tuple[Example, ...]) -> None:
    assert few[0].held and few[0].author == "one" and few[0].topic == "one: wool"
    assert not few[1].held


@pytest.mark.parametrize("data", [b"", b"CAW1", b"PICKLE", b"CAW1\x01\x02", b"CAW1\x00more"])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"weights"):
        parsed(data, TRAITS)
