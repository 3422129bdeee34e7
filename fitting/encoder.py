"""The sentence encoder with low-rank changes and three heads, as torch fits it (classifier/hearing/encoder.py)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from safetensors.numpy import load_file
from torch import nn
from torch.nn import functional as F

from classifier.hearing.encoder import HEADS, LEAST, MATRICES, STRENGTH
from proxy.encoder import place

RANK: Final = 8
OUTPUTS: Final = 13  # of a sentence: any ask, and each kind

_FAR: Final = -1e4  # a score that hides padding


class Changed(nn.Module):
    """A matrix of the base that stays, and a change of low rank that is fitted (Hu et al. 2021, LoRA)."""

    def __init__(self, weight: Any, bias: Any, rank: int) -> None:
        super().__init__()
        self.weight, self.bias = _fixed(weight), _fixed(bias)
        rows, columns = weight.shape
        self.A = nn.Parameter(torch.randn(rank, columns) / columns**0.5)
        self.B = nn.Parameter(torch.zeros(rows, rank))
        self.merged = False

    def forward(self, x: Any) -> Any:
        y = F.linear(x, self.weight, self.bias)
        return y if self.merged else y + F.linear(F.linear(x, self.A), self.B) * STRENGTH

    def merge(self) -> None:
        """Lay the change over the matrix, once and for good: half the work for who only listens."""
        self.weight.data += STRENGTH * (self.B @ self.A).data
        self.merged = True


class Layer(nn.Module):
    """One layer of the transformer (Vaswani et al. 2017), as BERT has it."""

    def __init__(self, base: Mapping[str, Any], number: int, drop: float, rank: int) -> None:
        super().__init__()
        name = f"encoder.layer.{number}"
        for short, long in MATRICES.items():
            setattr(self, short, Changed(*_pair(base, f"{name}.{long}"), rank))
        self.norm1 = Norm(base, f"{name}.attention.output.LayerNorm")
        self.norm2 = Norm(base, f"{name}.output.LayerNorm")
        self.drop = nn.Dropout(drop)

    def forward(self, x: Any, hidden: Any) -> Any:
        batch, length, width = x.shape

        def heads(y: Any) -> Any:
            return y.view(batch, length, HEADS, width // HEADS).transpose(1, 2)

        scores = heads(self.q(x)) @ heads(self.k(x)).transpose(2, 3) / (width // HEADS) ** 0.5
        seen = self.drop(torch.softmax(scores + hidden, -1)) @ heads(self.v(x))
        x = self.norm1(x + self.drop(self.o(seen.transpose(1, 2).reshape(batch, length, width))))
        return self.norm2(x + self.drop(self.g(F.gelu(self.f(x)))))


class Norm(nn.Module):
    """A layer norm of the base; it stays as it is."""

    def __init__(self, base: Mapping[str, Any], name: str) -> None:
        super().__init__()
        weight, bias = _pair(base, name)
        self.weight, self.bias = _fixed(weight), _fixed(bias)

    def forward(self, x: Any) -> Any:
        return F.layer_norm(x, x.shape[-1:], self.weight, self.bias, LEAST)


class Encoder(nn.Module):
    """The whole network. The heads: `hs` of a sentence, `hm` of the letter, `hf` of the sort of letter."""

    def __init__(self, folder: Path, sorts: int, drop: float = 0.1, rank: int = RANK) -> None:
        super().__init__()
        base = {name: torch.from_numpy(array) for name, array in load_file(folder / place.MODEL).items()}
        self.words = _fixed(base["embeddings.word_embeddings.weight"])
        places = base["embeddings.position_embeddings.weight"]
        self.places = _fixed(places + base["embeddings.token_type_embeddings.weight"][0])
        self.first = Norm(base, "embeddings.LayerNorm")
        self.drop = nn.Dropout(drop)
        count = sum(1 for name in base if name.endswith("attention.self.query.weight"))
        self.layers = nn.ModuleList([Layer(base, number, drop, rank) for number in range(count)])
        width = self.words.shape[1]
        self.hs, self.hm, self.hf = nn.Linear(width, OUTPUTS), nn.Linear(width, 1), nn.Linear(width, sorts)

    def forward(self, ids: Any, mask: Any) -> Any:
        """The state of each piece."""
        x = self.drop(self.first(self.words[ids] + self.places[: ids.shape[1]]))
        hidden = ((1 - mask) * _FAR)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, hidden)
        return x

    def changes(self) -> Iterator[tuple[str, Any]]:
        """The fitted changes by the names of the runtime: "L.<layer>.<matrix>.A" and "….B"."""
        for number, layer in enumerate(self.layers):
            for short in MATRICES:
                yield f"L.{number}.{short}.A", getattr(layer, short).A
                yield f"L.{number}.{short}.B", getattr(layer, short).B

    def heads(self) -> Iterator[tuple[str, Any]]:
        """The heads' weights by the names of the runtime."""
        for name in ("hs", "hm", "hf"):
            head = getattr(self, name)
            yield f"{name}.weight", head.weight
            yield f"{name}.bias", head.bias

    def take(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Begin with what was fitted before, as `fitted` gives it."""
        with torch.no_grad():
            for name, value in (*self.changes(), *self.heads()):
                value.copy_(torch.from_numpy(np.asarray(arrays[name], dtype=np.float32)))

    def fitted(self) -> dict[str, np.ndarray]:
        """All that is fitted, by the names of the runtime."""
        return {name: value.detach().numpy().copy() for name, value in (*self.changes(), *self.heads())}


def listening(folder: Path, arrays: Mapping[str, np.ndarray]) -> Encoder:
    """A fitted encoder that only listens: `arrays` as `fitted` gives them, its changes laid over the base."""
    rank, sorts = arrays["L.0.q.A"].shape[0], len(arrays["hf.bias"])
    network = Encoder(folder, sorts, rank=rank)
    network.take(arrays)
    for module in network.modules():
        if isinstance(module, Changed):
            module.merge()
    network.eval()
    return network


def cold_of(letter: Any, sorts: Any, is_cold: Any) -> Any:
    """Log-odds that letters are cold: asked straight out, and by the sorts that they are likest to."""
    by_sort = torch.logsumexp(sorts[:, is_cold], 1) - torch.logsumexp(sorts[:, ~is_cold], 1)
    return letter[:, 0] + by_sort


def padded(rows: Sequence[Sequence[int]]) -> tuple[Any, Any]:
    """Numbers of pieces as one table, and a mask that is 1 where there is a piece."""
    longest = max(map(len, rows))
    ids, mask = torch.zeros(len(rows), longest, dtype=torch.long), torch.zeros(len(rows), longest)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
        mask[number, : len(row)] = 1
    return ids, mask


def mean(states: Any, mask: Any) -> Any:
    """The mean state of each letter's pieces."""
    return (states * mask[:, :, None]).sum(1) / mask.sum(1)[:, None]


def _pair(base: Mapping[str, Any], name: str) -> tuple[Any, Any]:
    return base[f"{name}.weight"].float(), base[f"{name}.bias"].float()


def _fixed(value: Any) -> Any:
    return nn.Parameter(value.float(), requires_grad=False)
