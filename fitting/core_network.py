"""The small network as torch fits it; classifier/hearing/core.py computes the same without torch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from classifier.hearing.core import LOOKING, LOOKS, buckets
from classifier.hearing.ear import Place
from fitting.encoder import OUTPUTS
from fitting.vectors import Vectors

WIDTH: Final = 128
LAYERS: Final = 3
WORDS: Final = 1 << 15  # rows of the table of words
PARTS: Final = 1 << 13  # … of parts of words

_REACH: Final = 5  # words that one layer mixes
_TAUGHT: Final = 384  # the width of the encoder's states
_SPREAD: Final = 0.1  # of the tables at the start
_DROP: Final = 0.2
_DROP_WORDS: Final = 0.1  # words whose own row is hidden: their parts must do
_MOST_PARTS: Final = 10


@dataclass(frozen=True, slots=True)
class Words:
    """A letter as the network reads it: its words, and where its sentences lie among them."""

    words: list[str]
    spans: list[Place]


class CoreNetwork(nn.Module):
    """Names of its parts are those of the runtime's arrays; `pv` is there for the teaching alone."""

    def __init__(self) -> None:
        super().__init__()
        self.w, self.g = _table(WORDS), _table(PARTS)
        layers = range(LAYERS)
        self.dw = nn.ModuleList(
            [nn.Conv1d(WIDTH, WIDTH, _REACH, padding=_REACH // 2, groups=WIDTH) for _ in layers]
        )
        self.f = nn.ModuleList([nn.Linear(WIDTH, 2 * WIDTH) for _ in layers])
        self.o = nn.ModuleList([nn.Linear(2 * WIDTH, WIDTH) for _ in layers])
        self.n = nn.ModuleList([nn.LayerNorm(WIDTH) for _ in layers])
        self.an = nn.LayerNorm(WIDTH)
        self.aq, self.ao = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.hs, self.hm1 = nn.Linear(3 * WIDTH, OUTPUTS), nn.Linear(3 * WIDTH, 2 * WIDTH)
        self.hm, self.pv = nn.Linear(2 * WIDTH, 1), nn.Linear(2 * WIDTH, _TAUGHT)
        self.drop = nn.Dropout(_DROP)

    def begin(self, vectors: Vectors) -> None:
        """Give the table of words what is known of them; words that share a row are weighed by how common they are."""
        sums, weights = np.zeros((WORDS + 1, WIDTH)), np.zeros((WORDS + 1, 1))
        for word, count, row in zip(
            vectors.words, vectors.counts, vectors.narrowed(WIDTH, _SPREAD), strict=True
        ):
            place, _ = _rows(word)
            sums[place] += count * row
            weights[place] += count
        known = weights[:, 0] > 0
        with torch.no_grad():
            self.w.weight[known] = torch.from_numpy((sums[known] / weights[known]).astype(np.float32))

    def take(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Go on from what an earlier fit made. Raises RuntimeError for arrays of another network."""
        self.load_state_dict({name: torch.from_numpy(value) for name, value in arrays.items()})

    def states(self, words: Any, parts: Any, mask: Any) -> Any:
        """The state of each word; 0 where there is none."""
        if self.training:
            words = words * (torch.rand(words.shape) > _DROP_WORDS)
        there, mask = (parts > 0).float()[..., None], mask[..., None]
        x = self.w(words) + (self.g(parts) * there).sum(2) / there.sum(2).clamp(min=1)
        x = self.drop(x) * mask
        for layer, (mix, norm, wide, narrow) in enumerate(zip(self.dw, self.n, self.f, self.o, strict=True)):
            y = norm(mix(x.transpose(1, 2)).transpose(1, 2))
            x = (x + self.drop(narrow(F.gelu(wide(y), approximate="tanh")))) * mask
            if layer == LOOKING:
                x = (x + self.drop(self.looked(x, mask))) * mask
        return x

    def looked(self, x: Any, mask: Any) -> Any:
        """What each word takes from all words of its letter."""
        letters, words, _ = x.shape
        asked = self.aq(self.an(x)).view(letters, words, 3, LOOKS, WIDTH // LOOKS)
        query, key, value = asked.permute(2, 0, 3, 1, 4)
        taken = F.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :, 0] > 0)
        return self.ao(taken.transpose(1, 2).reshape(letters, words, WIDTH))

    def forward(self, letters: Sequence[Words]) -> tuple[Any, Any, Any]:
        """The letters' log-odds; their sentences' in a row, and what is seen of each (None without any)."""
        states = self.states(*_padded(letters))
        colds, said, seen = [], [], []
        for one, row in zip(letters, states, strict=True):
            if not one.spans:
                colds.append(torch.zeros(()))
                continue
            own = torch.stack([torch.cat([row[s:e].mean(0), row[s:e].amax(0)]) for s, e in one.spans])
            whole = row[: len(one.words)].mean(0).expand(len(own), -1)
            both = torch.cat([own, whole], 1)
            said.append(self.hs(self.drop(both)))
            strongest = F.gelu(self.hm1(self.drop(both)), approximate="tanh").amax(0)
            colds.append(self.hm(strongest)[0])
            seen.append(own)
        return torch.stack(colds), torch.cat(said) if said else None, torch.cat(seen) if seen else None

    def fitted(self) -> dict[str, np.ndarray]:
        """All that is fitted, by the names of the runtime."""
        return {name: value.detach().numpy().copy() for name, value in self.state_dict().items()}


def _table(rows: int) -> Any:
    """Row 0 stands for a word that is hidden, and for the padding."""
    table = nn.Embedding(rows + 1, WIDTH, padding_idx=0)
    nn.init.normal_(table.weight, std=_SPREAD)
    return table


@lru_cache(200_000)
def _rows(word: str) -> tuple[int, tuple[int, ...]]:
    own, parts = buckets(word, WORDS, PARTS)
    return own, (*parts, *(0,) * (_MOST_PARTS - len(parts)))


def _padded(letters: Sequence[Words]) -> tuple[Any, Any, Any]:
    """Rows of words and of their parts, and a mask that is 1 where there is a word."""
    shape = len(letters), max(len(one.words) for one in letters)
    words, mask = torch.zeros(shape, dtype=torch.long), torch.zeros(shape)
    parts = torch.zeros((*shape, _MOST_PARTS), dtype=torch.long)
    for number, one in enumerate(letters):
        rows = [_rows(word) for word in one.words]
        words[number, : len(rows)] = torch.tensor([own for own, _ in rows])
        parts[number, : len(rows)] = torch.tensor([list(pieces) for _, pieces in rows])
        mask[number, : len(rows)] = 1
    return words, parts, mask
