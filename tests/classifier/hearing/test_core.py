"""The small network: what it computes, on weights small enough to follow, and what it never does."""

import numpy as np
import pytest

from classifier.hearing.core import LOOKS, Core, core
from classifier.hearing.ear import heard, listen
from classifier.hearing.words import words_of
from models.finding import Ask
from models.mail import Mail, Zone, ZoneKind

D = 8


def weights(seed: int = 3, layers: int = 2) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)

    def some(*shape: int) -> np.ndarray:
        return draw.normal(0, 0.5, shape).astype(np.float32)

    found = {
        "w.weight": some(65, D), "g.weight": some(33, D),
        "an.weight": some(D), "an.bias": some(D),
        "aq.weight": some(3 * D, D), "aq.bias": some(3 * D), "ao.weight": some(D, D), "ao.bias": some(D),
        "hs.weight": some(13, 3 * D), "hs.bias": some(13),
        "hm1.weight": some(2 * D, 3 * D), "hm1.bias": some(2 * D),
        "hm.weight": some(1, 2 * D), "hm.bias": some(1),
        "scale": np.ones(13, dtype=np.float32), "shift": np.zeros(13, dtype=np.float32),
        "cold": np.array([1.0, 0.0], dtype=np.float32), "nothing": np.array([-2.0], dtype=np.float32),
    }  # fmt: skip
    for layer in range(layers):
        found |= {
            f"dw.{layer}.weight": some(D, 1, 5), f"dw.{layer}.bias": some(D),
            f"n.{layer}.weight": some(D), f"n.{layer}.bias": some(D),
            f"f.{layer}.weight": some(2 * D, D), f"f.{layer}.bias": some(2 * D),
            f"o.{layer}.weight": some(D, 2 * D), f"o.{layer}.bias": some(D),
        }  # fmt: skip
    return found


TEXT = "Could you put in a word for us? We are four people and a kiln."
PLACES = ((0, 31), (32, 62))


def test_each_sentence_has_thirteen_scores_and_the_letter_one() -> None:
    scores = Core(weights()).scores("the kiln", TEXT, PLACES)
    assert [len(row or ()) for row in scores.sentences] == [13, 13]
    assert np.isfinite(scores.cold)


def test_a_neighbour_mixing_layer_is_the_sum_it_says_it_is() -> None:
    w = weights(layers=1)
    core = Core(w)
    x = np.random.default_rng(1).normal(0, 1, (6, D)).astype(np.float32)
    mixed = np.zeros_like(x)
    for t in range(6):
        for place in range(5):
            if 0 <= t + place - 2 < 6:
                mixed[t] += x[t + place - 2] * w["dw.0.weight"][:, 0, place]
    mixed += w["dw.0.bias"]
    normal = (mixed - mixed.mean(-1, keepdims=True)) / mixed.std(-1, keepdims=True)
    inner = (normal * w["n.0.weight"] + w["n.0.bias"]) @ w["f.0.weight"].T + w["f.0.bias"]
    inner = 0.5 * inner * (1 + np.tanh(0.7978845608 * (inner + 0.044715 * inner**3)))
    assert core._states(x) == pytest.approx(x + inner @ w["o.0.weight"].T + w["o.0.bias"], abs=1e-3)


def test_a_word_takes_from_every_word_by_its_likeness() -> None:
    w = weights()
    x = np.random.default_rng(1).normal(0, 1, (5, D)).astype(np.float32)
    normal = (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True) * w["an.weight"] + w["an.bias"]
    query, key, value = np.split(normal @ w["aq.weight"].T + w["aq.bias"], 3, axis=1)
    taken = np.zeros_like(x)
    for way in range(LOOKS):
        own = slice(way * D // LOOKS, (way + 1) * D // LOOKS)
        for t in range(5):
            likeness = np.exp(key[:, own] @ query[t, own] / np.sqrt(D / LOOKS))
            taken[t, own] = (likeness / likeness.sum()) @ value[:, own]
    assert Core(w)._looked(x) == pytest.approx(taken @ w["ao.weight"].T + w["ao.bias"], abs=1e-3)


def test_the_same_letter_has_the_same_scores_and_another_word_changes_them() -> None:
    core = Core(weights())
    assert core.scores("a", TEXT, PLACES) == core.scores("a", TEXT, PLACES)
    assert core.scores("a", TEXT, PLACES).cold != core.scores("a", TEXT.replace("kiln", "boat"), PLACES).cold


def test_a_text_without_words_says_nothing() -> None:
    assert Core(weights()).scores("", "¡¿", ((0, 2),)).sentences == [None]
    assert Core(weights()).scores("", "", ()).cold == -2.0


def test_only_the_first_pages_are_read() -> None:
    text = "word " * 60 + ". "
    places = tuple((i * 302, i * 302 + 301) for i in range(30))
    rows = Core(weights()).scores("", text * 30, places).sentences
    assert len(rows) == 30
    assert rows[0] is not None
    assert rows[-1] is None


def test_words_are_read_by_their_form() -> None:
    assert words_of("Don’t see https://x.example/a?b=1, ask ann@b.example by 2024!") == [
        "don't", "see", "<url>", "ask", "<addr>", "by", "<num4>", "!",
    ]  # fmt: skip


def letter(text: str) -> Mail:
    return Mail(text=text, zones=(Zone(kind=ZoneKind.OWN, start=0, end=len(text)),))


def test_listening_gives_each_sentence_its_place_and_likely_kinds() -> None:
    heard = listen(letter(TEXT), Core(weights())).heard
    assert heard is not None
    assert heard.ear == "core"
    assert [TEXT[s.start : s.end].strip() for s in heard.sentences] == [
        "Could you put in a word for us?",
        "We are four people and a kiln.",
    ]
    for said in heard.sentences:
        chances = [chance for _, chance in said.kinds]
        assert chances == sorted(chances, reverse=True)
        assert all(isinstance(kind, Ask) and chance <= said.asks + 1e-4 for kind, chance in said.kinds)


def test_a_mail_without_text_is_not_listened_to() -> None:
    mail = letter(" \n ")
    assert listen(mail, Core(weights())) is mail


def test_lines_that_are_no_words_drown_no_letter() -> None:
    """Else a few lines of one letter would have any pitch kept."""
    text = "Our platform cuts the heating bill of houses like yours by a third. Could we talk on Thursday?"
    drowned = f"{text}\n" + ("x" * 998 + "\n") * 20
    assert heard(core(), "Heating", drowned).cold == pytest.approx(heard(core(), "Heating", text).cold)
    assert words_of("a " + "x" * 41) == ["a"]
