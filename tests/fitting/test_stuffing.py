"""A letter stuffed with words that are none: its own words stay in their order, and its sentences where they were."""

import random

import pytest

pytest.importorskip("torch", reason="needs torch (the extra `fit`)")

from fitting.core_network import Words
from fitting.stuffing import stuffed

OWN = ["^s", "tea", "$s", "could", "you", "help", "$", "i", "wait", "$"]
SPANS = [(3, 7), (7, 10)]


@pytest.mark.parametrize("seed", range(40))
def test_what_was_written_is_still_there_and_each_sentence_covers_its_words(seed: int) -> None:
    found = stuffed(Words(list(OWN), list(SPANS)), random.Random(seed))
    (one, two), (three, four) = found.spans
    assert len(found.words) > len(OWN)
    assert [w for w in found.words[one:two] if w in OWN] == OWN[3:7]
    assert [w for w in found.words[three:four] if w in OWN] == OWN[7:10]
    assert (two, four) == (three, len(found.words))


def test_the_same_seed_stuffs_in_the_same_words() -> None:
    first, second = (stuffed(Words(list(OWN), list(SPANS)), random.Random(3)) for _ in range(2))
    assert first == second
