"""The encoder's ear: all-MiniLM-L6-v2 with what was fitted for this project laid over its weights.

The base weights (Apache-2.0; Wang et al. 2020, MiniLM; Reimers, Gurevych 2019, Sentence-BERT) are not
shipped: `coldask encoder install` fetches them. Shipped are low-rank changes to them (Hu et al. 2021, LoRA)
and the heads that read sentences and letters. See docs/model-card.md.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import numpy as np

from classifier.hearing.arrays import Array, norm, shipped
from classifier.hearing.ear import Place, Scores

_LONGEST: Final = 320  # pieces of words of a letter that are read
HEADS: Final = 12  # of attention
STRENGTH: Final = 2.0  # of the low-rank changes
LEAST: Final = 1e-12  # of the layer norms
MATRICES: Final = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "o": "attention.output.dense",
    "f": "intermediate.dense",
    "g": "output.dense",
}
_NORMS: Final = ("attention.output.LayerNorm", "output.LayerNorm")


class Pieces(Protocol):
    """A text cut into pieces of words: their numbers, and where each stands in the text."""

    @property
    def ids(self) -> Sequence[int]: ...

    @property
    def offsets(self) -> Sequence[Place]: ...


class Cutter(Protocol):
    """What cuts a text into pieces (`tokenizers.Tokenizer`)."""

    def encode(self, text: str) -> Pieces: ...


class Encoder:
    """The sentence encoder with the fitted changes laid over it once."""

    name = "encoder"

    def __init__(self, base: Mapping[str, Array], cutter: Cutter, fitted: Mapping[str, Array] | None = None):
        """`base` are the arrays of model.safetensors. Raises KeyError or ValueError where they are others."""
        self._fitted = shipped("encoder") if fitted is None else fitted
        self._cutter = cutter
        self._words = _floats(base["embeddings.word_embeddings.weight"])
        self._places = _floats(
            base["embeddings.position_embeddings.weight"] + base["embeddings.token_type_embeddings.weight"][0]
        )
        self._first = _pair(base, "embeddings.LayerNorm")
        count = sum(1 for name in base if name.endswith("attention.self.query.weight"))
        self._layers = [self._layer(base, number) for number in range(count)]

    def _layer(self, base: Mapping[str, Array], number: int) -> dict[str, tuple[Array, Array]]:
        layer = {}
        for short, name in MATRICES.items():
            weight, bias = _pair(base, f"encoder.layer.{number}.{name}")
            up, down = self._fitted[f"L.{number}.{short}.B"], self._fitted[f"L.{number}.{short}.A"]
            layer[short] = (np.ascontiguousarray((weight + STRENGTH * (up @ down)).T, dtype=np.float32), bias)
        for short, name in zip(("n1", "n2"), _NORMS, strict=True):
            layer[short] = _pair(base, f"encoder.layer.{number}.{name}")
        return layer

    def scores(self, subject: str, text: str, sentences: Sequence[Place]) -> Scores:
        ids, spans = laid_out(self._cutter, subject, text, sentences)
        states = self._states(np.array(ids))
        w = self._fitted
        cold = self._cold(states.mean(0))
        read = [states[s:e].mean(0) for s, e in filter(None, spans)]
        rows = iter(
            (np.stack(read) @ w["hs.weight"].T + w["hs.bias"]) * w["scale"] + w["shift"] if read else ()
        )
        return Scores(self.name, cold, [None if span is None else next(rows).tolist() for span in spans])

    def _cold(self, letter: Array) -> float:
        """Log-odds that the letter is cold: asked straight out, and by which sort of letter it is likest to."""
        w = self._fitted
        straight = float(letter @ w["hm.weight"][0] + w["hm.bias"][0])
        sorts = letter @ w["hf.weight"].T + w["hf.bias"]
        is_cold = w["hf.cold"] > 0
        by_sort = np.logaddexp.reduce(sorts[is_cold]) - np.logaddexp.reduce(sorts[~is_cold])
        return (straight + float(by_sort)) * float(w["cold"][0]) + float(w["cold"][1])

    def _states(self, ids: np.ndarray) -> Array:
        length = len(ids)
        x = norm(self._words[ids] + self._places[:length], *self._first, LEAST)
        width = x.shape[1] // HEADS
        for layer in self._layers:
            q, k, v = (
                (x @ layer[m][0] + layer[m][1]).reshape(length, HEADS, width).transpose(1, 0, 2)
                for m in ("q", "k", "v")
            )
            weights = q @ k.transpose(0, 2, 1) / np.float32(width**0.5)
            weights = np.exp(weights - weights.max(-1, keepdims=True))
            weights /= weights.sum(-1, keepdims=True)
            seen = (weights @ v).transpose(1, 0, 2).reshape(length, -1)
            x = norm(x + seen @ layer["o"][0] + layer["o"][1], *layer["n1"], LEAST)
            inner = _gelu(x @ layer["f"][0] + layer["f"][1])
            x = norm(x + inner @ layer["g"][0] + layer["g"][1], *layer["n2"], LEAST)
        return x


def laid_out(
    cutter: Cutter, subject: str, text: str, sentences: Sequence[Place], longest: int = _LONGEST
) -> tuple[list[int], list[Place | None]]:
    """The pieces the encoder reads of a letter, and where each sentence lies among them; None: beyond its reach."""
    head = f"{subject.strip()}\n" if subject.strip() else ""
    cut = cutter.encode(head + text)
    ids = list(cut.ids)
    if len(ids) > longest:
        ids = [*ids[: longest - 1], ids[-1]]
    return ids, _spans(cut.offsets[: len(ids)], len(head), sentences)


def _spans(offsets: Sequence[Place], head: int, sentences: Sequence[Place]) -> list[Place | None]:
    """For each sentence the pieces that lie in it, as a half-open span; None where none was read."""
    spans: list[Place | None] = []
    piece = 1  # the first piece begins every text
    for start, end in sentences:
        while piece < len(offsets) - 1 and offsets[piece][0] < start + head:
            piece += 1
        first = piece
        while piece < len(offsets) - 1 and offsets[piece][1] <= end + head and offsets[piece][1] > 0:
            piece += 1
        spans.append((first, piece) if piece > first else None)
    return spans


def _pair(base: Mapping[str, Array], name: str) -> tuple[Array, Array]:
    return _floats(base[f"{name}.weight"]), _floats(base[f"{name}.bias"])


def _floats(array: Array) -> Array:
    return np.asarray(array, dtype=np.float32)


def _gelu(x: Array) -> Array:
    """x times the normal distribution's mass below it; the error function after Abramowitz, Stegun 7.1.26."""
    size = np.abs(x) * np.float32(0.70710678)
    t = 1 / (1 + np.float32(0.3275911) * size)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(x) * (1 - series * np.exp(-size * size))
    return np.asarray(np.float32(0.5) * x * (1 + erf), dtype=np.float32)
