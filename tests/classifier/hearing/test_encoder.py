"""The encoder's arithmetic, held against a plain one on small weights; and where its sentences lie."""

from math import erf, sqrt

import numpy as np
import pytest

from classifier.hearing.encoder import Encoder

WIDTH, INNER, WORDS = 24, 32, 40


class Cut:
    def __init__(self, text: str) -> None:
        words, at = text.split(), 0
        self.ids, self.offsets = [1], [(0, 0)]
        for word in words:
            at = text.index(word, at)
            self.ids.append(3 + sum(word.encode()) % (WORDS - 4))
            self.offsets.append((at, at + len(word)))
            at += len(word)
        self.ids.append(2)
        self.offsets.append((0, 0))


class Cutter:
    def encode(self, text: str) -> Cut:
        return Cut(text)


def arrays(layers: int = 2) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    draw = np.random.default_rng(11)

    def some(*shape: int) -> np.ndarray:
        return draw.normal(0, 0.3, shape).astype(np.float32)

    base = {
        "embeddings.word_embeddings.weight": some(WORDS, WIDTH),
        "embeddings.position_embeddings.weight": some(400, WIDTH),
        "embeddings.token_type_embeddings.weight": some(2, WIDTH),
        "embeddings.LayerNorm.weight": some(WIDTH), "embeddings.LayerNorm.bias": some(WIDTH),
    }  # fmt: skip
    fitted = {
        "hs.weight": some(13, WIDTH), "hs.bias": some(13), "hm.weight": some(1, WIDTH), "hm.bias": some(1),
        "hf.weight": some(5, WIDTH), "hf.bias": some(5),
        "hf.cold": np.array([1, 0, 1, 0, 0], dtype=np.float32),
        "scale": np.ones(13, dtype=np.float32), "shift": np.zeros(13, dtype=np.float32),
        "cold": np.array([1.0, 0.0], dtype=np.float32),
    }  # fmt: skip
    shapes = {
        "q": ("attention.self.query", WIDTH, WIDTH), "k": ("attention.self.key", WIDTH, WIDTH),
        "v": ("attention.self.value", WIDTH, WIDTH), "o": ("attention.output.dense", WIDTH, WIDTH),
        "f": ("intermediate.dense", INNER, WIDTH), "g": ("output.dense", WIDTH, INNER),
    }  # fmt: skip
    for n in range(layers):
        for short, (name, out, into) in shapes.items():
            base[f"encoder.layer.{n}.{name}.weight"] = some(out, into)
            base[f"encoder.layer.{n}.{name}.bias"] = some(out)
            fitted[f"L.{n}.{short}.A"], fitted[f"L.{n}.{short}.B"] = some(3, into), some(out, 3)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            base[f"encoder.layer.{n}.{name}.weight"] = some(WIDTH)
            base[f"encoder.layer.{n}.{name}.bias"] = some(WIDTH)
    return base, fitted


def plain_states(base: dict[str, np.ndarray], fitted: dict[str, np.ndarray], ids: list[int]) -> np.ndarray:
    """The same, written out word by word and head by head, in double precision."""

    def norm(x: np.ndarray, name: str) -> np.ndarray:
        x = (x - x.mean()) / sqrt(x.var() + 1e-12)
        return x * base[f"{name}.weight"] + base[f"{name}.bias"]

    def line(x: np.ndarray, n: int, short: str, name: str) -> np.ndarray:
        w = base[f"encoder.layer.{n}.{name}.weight"].astype(float)
        w = w + 2.0 * fitted[f"L.{n}.{short}.B"].astype(float) @ fitted[f"L.{n}.{short}.A"].astype(float)
        return w @ x + base[f"encoder.layer.{n}.{name}.bias"]

    x = [
        norm(
            base["embeddings.word_embeddings.weight"][one].astype(float)
            + base["embeddings.position_embeddings.weight"][place]
            + base["embeddings.token_type_embeddings.weight"][0],
            "embeddings.LayerNorm",
        )
        for place, one in enumerate(ids)
    ]
    for n in range(2):
        q = [line(t, n, "q", "attention.self.query") for t in x]
        k = [line(t, n, "k", "attention.self.key") for t in x]
        v = [line(t, n, "v", "attention.self.value") for t in x]
        new = []
        for t, state in enumerate(x):
            seen = np.zeros(WIDTH)
            for head in range(12):
                part = slice(head * 2, head * 2 + 2)
                weight = np.exp([q[t][part] @ other[part] / sqrt(2) for other in k])
                weight /= weight.sum()
                seen[part] = sum(w * other[part] for w, other in zip(weight, v, strict=True))
            state = norm(
                state + line(seen, n, "o", "attention.output.dense"),
                f"encoder.layer.{n}.attention.output.LayerNorm",
            )
            inner = line(state, n, "f", "intermediate.dense")
            inner = inner * np.array([0.5 * (1 + erf(value / sqrt(2))) for value in inner])
            state = norm(state + line(inner, n, "g", "output.dense"), f"encoder.layer.{n}.output.LayerNorm")
            new.append(state)
        x = new
    return np.array(x)


def test_the_arithmetic_is_the_one_written_out() -> None:
    base, fitted = arrays()
    encoder = Encoder(base, Cutter(), fitted)
    ids = [1, 7, 30, 12, 7, 2]
    assert encoder._states(np.array(ids)) == pytest.approx(plain_states(base, fitted, ids), abs=2e-4)


def test_scores_are_those_of_the_heads_over_each_sentences_words() -> None:
    base, fitted = arrays()
    text = "one two three. four five."
    scores = Encoder(base, Cutter(), fitted).scores("the subject", text, ((0, 14), (15, 25)))
    cut = Cut(f"the subject\n{text}")
    states = plain_states(base, fitted, cut.ids)
    straight = states.mean(0) @ fitted["hm.weight"][0] + fitted["hm.bias"][0]
    sorts = np.exp(fitted["hf.weight"] @ states.mean(0) + fitted["hf.bias"])
    by_sort = np.log((sorts[0] + sorts[2]) / (sorts[1] + sorts[3] + sorts[4]))
    assert scores.cold == pytest.approx(straight + by_sort, abs=1e-3)
    for row, (first, last) in zip(scores.sentences, ((3, 6), (6, 8)), strict=True):
        expected = fitted["hs.weight"] @ states[first:last].mean(0) + fitted["hs.bias"]
        assert row == pytest.approx(expected, abs=1e-3)


def test_what_lies_beyond_its_reach_has_no_score() -> None:
    base, fitted = arrays()
    text = "word " * 400
    scores = Encoder(base, Cutter(), fitted).scores("", text, ((0, 500), (1800, 1900)))
    assert scores.sentences[0] is not None
    assert scores.sentences[1] is None


def test_other_weights_are_refused() -> None:
    base, fitted = arrays()
    del base["encoder.layer.1.attention.self.key.weight"]
    with pytest.raises(KeyError):
        Encoder(base, Cutter(), fitted)
