"""Letters said in other words: neighbours are words of like meaning, and a variant's sentences keep their places."""

import random

import numpy as np
import pytest

pytest.importorskip("torch")

from fitting.letters import Document
from fitting.variants import neighbours, replaced, variants
from fitting.vectors import Vectors, words_in

COMMON = [f"common{n}" for n in range(150)]
RARE = ["kiln", "oven", "kilns", "ballad", "song", *(f"far{n}" for n in range(60))]


def vectors() -> Vectors:
    draw = np.random.default_rng(1)
    rows = draw.normal(size=(len(COMMON) + len(RARE), 32))
    own = {word: len(COMMON) + n for n, word in enumerate(RARE)}
    for word, like in (("oven", "kiln"), ("kilns", "kiln"), ("song", "ballad")):
        rows[own[word]] = rows[own[like]] + draw.normal(size=32) * 0.1
    return Vectors([*COMMON, *RARE], np.arange(len(rows), 0, -1.0), rows)


def test_the_neighbours_of_a_word_are_like_it_but_not_its_own_forms() -> None:
    found = neighbours(vectors(), {"kiln", "ballad", "common3", "unheard"})
    assert set(found) == {"kiln", "ballad"}
    assert "oven" in found["kiln"]
    assert "song" in found["ballad"]
    assert "kilns" not in found["kiln"]


def test_the_share_that_is_replaced_goes_from_nothing_to_all() -> None:
    near = {"kiln": ["oven"]}
    assert replaced("The Kiln, the kiln.", near, 0.0, random.Random(1)) == "The Kiln, the kiln."
    assert replaced("The Kiln, the kiln.", near, 1.0, random.Random(1)) == "The oven, the oven."


def test_variants_are_drawn_by_seed_and_their_sentences_lie_where_they_say() -> None:
    text = "Buy a kiln. Sing a ballad. Go home."
    one = Document("1", "a", "kiln", text, ((0, 12), (12, 27), (27, 35)), None)
    made = list(variants([one], vectors(), 20, random.Random(1)))
    assert made == list(variants([one], vectors(), 20, random.Random(1)))
    assert len(made) == 20
    assert {len(v.places) for v in made} > {3}
    assert all(v.text[slice(*place)].strip().endswith(".") for v in made for place in v.places)


def test_words_are_counted_as_the_core_knows_them() -> None:
    assert words_in(["A kiln. A kiln 12", "a Kiln"], 2, 2) == [("a", 3), ("kiln", 3)]
    assert ("12", 1) not in words_in(["A kiln 12"], 9, 1)


def test_narrowed_vectors_have_the_spread_that_is_asked_for() -> None:
    rows = vectors().narrowed(8, 0.1)
    assert rows.shape == (len(COMMON) + len(RARE), 8)
    assert rows.std() == pytest.approx(0.1, rel=1e-3)
