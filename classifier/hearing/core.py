"""The core ear: a small network over words and parts of words, shipped with coldask; no download needed.

Three layers that each mix a word with its neighbours, and one in which every word looks at all; fitted on
letters and sentences written for this project, and on how the encoder hears a large number of ordinary mails
(distillation: Hinton, Vinyals, Dean 2015). See docs/model-card.md.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final
from zlib import crc32

import numpy as np

from classifier.hearing.arrays import Array, norm, shipped
from classifier.hearing.ear import Place, Scores
from classifier.hearing.words import words_of

_SUBJECT: Final = 30  # words of it that are read
_SENTENCE: Final = 80  # words of each
_LETTER: Final = 320  # words and ends of sentences together
_PARTS: Final = 10  # parts of a word at most
LOOKING: Final = 1  # the layer after which the words look at each other …
LOOKS: Final = 4  # … in so many ways
_KNOWN: Final = 20_000  # words whose vector is remembered


class Core:
    """The shipped small network."""

    name = "core"

    def __init__(self, weights: dict[str, Array]) -> None:
        self._w = weights
        self._layers = sum(1 for key in weights if re.fullmatch(r"n\.\d+\.weight", key))
        self._words = weights["w.weight"]
        self._parts = weights["g.weight"]
        self._vectors: dict[str, Array] = {}

    def scores(self, subject: str, text: str, sentences: Sequence[Place]) -> Scores:
        words, spans = laid_out(subject, text, sentences)
        vectors = np.concatenate([self._vector(word) for word in words])
        states = self._states(vectors.reshape(len(words), -1))
        read = [span for span in spans if span is not None]
        if not read:
            return Scores(self.name, float(self._w["nothing"][0]), [None] * len(spans))
        return self._heads(states, read, spans)

    def _heads(self, states: Array, read: Sequence[Place], spans: Sequence[Place | None]) -> Scores:
        w, starts = self._w, [start for start, _ in read]  # the sentences follow one another, to the end
        lengths = np.array([end - start for start, end in read], dtype=np.float32)
        means = np.add.reduceat(states, starts) / lengths[:, None]
        whole = np.broadcast_to(states.mean(0), means.shape)
        seen = np.concatenate([means, np.maximum.reduceat(states, starts), whole], axis=1)
        rows = iter(((seen @ w["hs.weight"].T + w["hs.bias"]) * w["scale"] + w["shift"]).tolist())
        letter = _gelu(seen @ w["hm1.weight"].T + w["hm1.bias"]).max(0)
        cold = float(letter @ w["hm.weight"][0] + w["hm.bias"][0])
        cold = cold * float(w["cold"][0]) + float(w["cold"][1])
        return Scores(self.name, cold, [None if span is None else next(rows) for span in spans])

    def _states(self, x: Array) -> Array:
        w = self._w
        for layer in range(self._layers):
            mixed = _mixed(x, w[f"dw.{layer}.weight"])
            mixed += w[f"dw.{layer}.bias"]
            mixed = norm(mixed, w[f"n.{layer}.weight"], w[f"n.{layer}.bias"], 1e-5)
            inner = mixed @ w[f"f.{layer}.weight"].T
            inner += w[f"f.{layer}.bias"]
            inner = _gelu(inner) @ w[f"o.{layer}.weight"].T
            inner += w[f"o.{layer}.bias"]
            x = inner + x
            if layer == LOOKING:
                x = x + self._looked(x)
        return x

    def _looked(self, x: Array) -> Array:
        """What each word takes from all words (self-attention: Vaswani et al. 2017)."""
        w, (words, width) = self._w, x.shape
        asked = norm(x, w["an.weight"], w["an.bias"], 1e-5) @ w["aq.weight"].T + w["aq.bias"]
        query, key, value = asked.reshape(words, 3, LOOKS, width // LOOKS).transpose(1, 2, 0, 3)
        likeness = (query * np.float32((width // LOOKS) ** -0.5)) @ key.transpose(0, 2, 1)
        likeness -= likeness.max(-1, keepdims=True)
        np.exp(likeness, out=likeness)
        likeness /= likeness.sum(-1, keepdims=True)
        taken: Array = (likeness @ value).transpose(1, 0, 2).reshape(words, width) @ w["ao.weight"].T
        return taken + w["ao.bias"]

    def _vector(self, word: str) -> Array:
        known = self._vectors.get(word)
        if known is None:
            if len(self._vectors) >= _KNOWN:
                self._vectors.clear()
            place, parts = buckets(word, len(self._words) - 1, len(self._parts) - 1)
            known = self._vectors[word] = self._words[place] + self._parts[list(parts)].mean(0)
        return known


def laid_out(subject: str, text: str, sentences: Sequence[Place]) -> tuple[list[str], list[Place | None]]:
    """The words the network reads of a letter, and where each sentence lies among them; None: beyond its reach."""
    words = ["^s", *words_of(subject)[:_SUBJECT], "$s"]
    spans: list[Place | None] = []
    for start, end in sentences:
        own = words_of(text[start:end])[:_SENTENCE]
        fits = bool(own) and len(words) + len(own) < _LETTER
        spans.append((len(words), len(words) + len(own) + 1) if fits else None)
        if fits:
            words += [*own, "$"]
    return words, spans


def buckets(word: str, words: int, parts: int) -> tuple[int, list[int]]:
    """The row of a word, and of each of its parts of three and four letters, in tables of these sizes."""
    edged = f"<{word}>"
    pieces = [edged[i : i + n] for n in (3, 4) for i in range(len(edged) - n + 1)][:_PARTS]
    own = 1 + crc32(word.encode()) % words
    return own, [1 + crc32(f"#{piece}".encode()) % parts for piece in pieces] or [0]


def _mixed(x: Array, kernel: Array) -> Array:
    """Each word with its neighbours, weighed by their places; the kernel is (width, 1, places)."""
    places, (length, width) = kernel.shape[2], x.shape
    padded = np.zeros((length + places - 1, width), dtype=np.float32)
    padded[places // 2 : places // 2 + length] = x
    mixed = padded[:length] * kernel[:, 0, 0]
    neighbour = np.empty_like(mixed)
    for place in range(1, places):
        mixed += np.multiply(padded[place : place + length], kernel[:, 0, place], out=neighbour)
    return mixed


def _gelu(x: Array) -> Array:
    """The smooth step of the network, in its usual approximation (Hendrycks, Gimpel 2016)."""
    step = np.float32(0.044715) * x  # in place from here: most of the time would go into fresh memory
    step *= x
    step *= x
    step += x
    step *= np.float32(0.7978845608)
    np.tanh(step, out=step)
    step += 1
    step *= x
    step *= np.float32(0.5)
    return step


@cache
def core() -> Core:
    """The ear that is shipped. Raises ValueError in words where its weights are damaged."""
    try:
        return Core(dict(shipped("core")))
    except KeyError as missing:
        raise ValueError(f"these weights lack {missing}") from missing
