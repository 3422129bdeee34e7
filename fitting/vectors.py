"""What the encoder's base knows of single words: `python -m fitting.vectors MAILBOX…` (fitting/README.md).

The core's table of words begins with these vectors (as Tulkens, van Dongen 2024, make static embeddings of a
sentence encoder), and variants of letters take their words from among neighbours (fitting/variants.py).
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from classifier.hearing.words import words_of
from fitting.encoder import Encoder, mean, padded
from fitting.encoder_files import cutter_of
from fitting.mails import lines_of, texts_of
from fitting.options import add_options, read_corpus

MOST: Final = 50_000  # words
LEAST: Final = 2  # times that a word must occur
SEED: Final = 1

_BATCH: Final = 256
_COMMON: Final = (
    1e-4  # of all words: a word as common weighs half (smooth inverse frequency: Arora et al. 2017)
)


@dataclass(frozen=True, slots=True)
class Vectors:
    """Words, the commonest first, how often each occurs, and the vector of each, centred."""

    words: list[str]
    counts: np.ndarray
    rows: np.ndarray  # words × the encoder's width

    def narrowed(self, width: int, spread: float) -> np.ndarray:
        """The rows by their `width` principal directions, of this spread; common words weigh less."""
        share = self.counts / self.counts.sum()
        rows = self.rows * (_COMMON / (_COMMON + share))[:, None] ** 0.5
        _, axes = np.linalg.eigh(rows.T @ rows)
        found = rows @ axes[:, ::-1][:, :width]
        return np.asarray(found / found.std() * spread, dtype=np.float32)


def words_in(texts: Iterable[str], most: int, least: int) -> list[tuple[str, int]]:
    """The commonest words of texts, as the core knows words, with their counts."""
    counts = Counter(word for text in texts for word in words_of(text))
    return [(word, count) for word, count in counts.most_common(most) if count >= least]


def vectors_of(network: Encoder, cutter: Any, counted: Sequence[tuple[str, int]]) -> Vectors:
    """What a network that has read nothing of the corpus says of each word alone."""
    network.eval()
    rows = []
    with torch.no_grad():
        for first in range(0, len(counted), _BATCH):
            cut = [cutter.encode(word).ids for word, _ in counted[first : first + _BATCH]]
            ids, mask = padded(cut)
            rows.append(mean(network(ids, mask), mask).numpy())
    table = np.concatenate(rows)
    counts = np.array([count for _, count in counted], dtype=np.float64)
    return Vectors([word for word, _ in counted], counts, table - table.mean(0))


def read(path: Path) -> Vectors:
    """What `main` wrote. Raises OSError, ValueError, KeyError."""
    with np.load(path, allow_pickle=False) as file:
        return Vectors(file["words"].tolist(), file["counts"], file["rows"].astype(np.float32))


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    texts = [f"{one.subject}\n{one.text}" for one in texts_of(options.mailboxes, [], "", SEED)]
    texts += [one.text for one in lines_of(options.lines)] if options.lines else []
    texts += [f"{one.subject}\n{one.text}" for one in asyncio.run(read_corpus(options))]
    counted = words_in(texts, options.most, LEAST)
    found = vectors_of(Encoder(options.base, 1), cutter_of(options.base), counted)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    rows = found.rows.astype(np.float16)
    np.savez(options.out, allow_pickle=False, words=np.array(found.words), counts=found.counts, rows=rows)
    print(f"{len(found.words)} words written to {options.out}")


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mailboxes", type=Path, nargs="+", help="mbox files, Maildirs, or folders of them")
    parser.add_argument("--lines", type=Path, help="a file of other texts, one a line")
    parser.add_argument("--most", type=int, default=MOST)
    parser.add_argument("--out", type=Path, default=Path("build/vectors.npz"))
    add_options(parser, epochs=None, base=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
