"""Fits the core to the corpus and to what the encoder heard: `python -m fitting.fit_core` (fitting/README.md)."""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch.nn import functional as F

from classifier.hearing.core import laid_out
from fitting.batches import batches, rate
from fitting.core_network import CoreNetwork, Words
from fitting.letters import Document, parted
from fitting.loss import apart, letters_loss, sentences_loss
from fitting.measure import measured
from fitting.options import add_options, read_corpus
from fitting.stuffing import stuffed
from fitting.vectors import read
from models.finding import Ask

WORDS: Final = 2048  # of a batch of letters; twice as many of mails that were heard
RATE: Final = 2e-3
RISE: Final = 0.05
DECAY: Final = 0.02
STUFFED: Final = 0.08  # the share of the corpus's letters that are stuffed, in each epoch others

_SCORES: Final = 0.3  # what the encoder's scores of sentences weigh
_STATES: Final = 1.0  # … and the likeness of what is seen to its states
_SILENT: Final = 0.1


@dataclass(frozen=True, slots=True)
class Lesson:
    """A labelled document, as the network reads it."""

    read: Words
    asks: list[frozenset[Ask] | None]
    cold: float | None


@dataclass(frozen=True, slots=True)
class Heard:
    """A mail that the encoder has heard, as the network reads it."""

    read: Words
    cold: float  # log-odds
    scores: list[list[float]]  # of each sentence, log-odds
    states: np.ndarray  # … and the encoder's mean state


def lesson_of(document: Document) -> Lesson:
    """Lay a document out in words."""
    words, spans = laid_out(document.subject, document.text, document.places)
    asks = document.asks or [None] * len(spans)
    read = [(span, kinds) for span, kinds in zip(spans, asks, strict=True) if span is not None]
    return Lesson(Words(words, [span for span, _ in read]), [kinds for _, kinds in read], document.cold)


def heard_of(path: Path) -> Iterator[Heard]:
    """The mails that `fitting.hear` wrote. Raises OSError, ValueError."""
    states, first = np.load(path.with_suffix(".npy"), allow_pickle=False), 0
    for line in path.with_suffix(".jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        said = row["sentences"]
        ends = accumulate(map(len, said), initial=0)
        words, spans = laid_out(row["subject"], "".join(said), list(pairwise(ends)))
        kept = [number for number, span in enumerate(spans) if span is not None]
        read = Words(words, [span for span in spans if span is not None])
        own = states[[first + number for number in kept]].astype(np.float32)
        first += len(said)
        yield Heard(read, row["cold"], [row["scores"][number] for number in kept], own)


def labelled_loss(network: CoreNetwork, lessons: Sequence[Lesson]) -> Any:
    """What a batch of the corpus costs, a document."""
    colds, said, _ = network([one.read for one in lessons])
    lost = letters_loss(colds, [one.cold for one in lessons])
    if said is not None:
        lost = lost + sentences_loss(said, [kinds for one in lessons for kinds in one.asks])
    return lost / len(lessons)


def heard_loss(network: CoreNetwork, mails: Sequence[Heard]) -> Any:
    """What it costs to hear a batch of mails otherwise than the encoder, a mail."""
    colds, said, seen = network([one.read for one in mails])
    lost = apart(colds, torch.sigmoid(torch.tensor([one.cold for one in mails]))).sum()
    if said is not None:
        wanted = torch.sigmoid(torch.tensor([row for one in mails for row in one.scores]))
        share = torch.cat(
            [torch.ones(len(wanted), 1), (_SILENT + (1 - _SILENT) * wanted[:, :1]).expand(-1, 12)], 1
        )
        lost = lost + (apart(said, wanted) * share).sum() * _SCORES
        states = torch.from_numpy(np.concatenate([one.states for one in mails if len(one.states)]))
        lost = lost + (1 - F.cosine_similarity(network.pv(seen), states)).sum() * _STATES
    return lost / len(mails)


def fit(
    network: CoreNetwork,
    lessons: Sequence[Lesson],
    mails: Sequence[Heard],
    *,
    epochs: int,
    seed: int,
    after: Any,
) -> None:
    """Fit in place; `after` is called after each epoch with its last loss."""
    draw, optimiser = (
        random.Random(seed),
        torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY),
    )
    plan = [step for _ in range(epochs) for step in _epoch(lessons, mails, draw)]
    last = 0.0
    for number, (kind, batch) in enumerate(plan):
        network.train()
        if kind == "end":
            after(last)
            continue
        for group in optimiser.param_groups:
            group["lr"] = RATE * rate(number, len(plan), RISE)
        if kind == "corpus":
            lost = labelled_loss(network, [_perhaps_stuffed(lessons[place], draw) for place in batch])
        else:
            lost = heard_loss(network, [mails[place] for place in batch])
        optimiser.zero_grad()
        lost.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        last = float(lost.detach())


def _perhaps_stuffed(lesson: Lesson, draw: random.Random) -> Lesson:
    return replace(lesson, read=stuffed(lesson.read, draw)) if draw.random() < STUFFED else lesson


def _epoch(
    lessons: Sequence[Lesson], mails: Sequence[Heard], draw: random.Random
) -> list[tuple[str, list[int]]]:
    """The batches of an epoch, those of the corpus among those that were heard."""
    steps = [("corpus", one) for one in batches([len(x.read.words) for x in lessons], WORDS, draw)]
    steps += [("heard", one) for one in batches([len(x.read.words) for x in mails], 2 * WORDS, draw)]
    draw.shuffle(steps)
    return [*steps, ("end", [])]


def report(network: CoreNetwork, documents: Sequence[Document], lessons: Sequence[Lesson]) -> None:
    """Print how well the letters of the authors left out are heard."""
    network.eval()
    known = [n for n, one in enumerate(documents) if one.by_text]
    with torch.no_grad():
        scores = [float(network([lessons[n].read])[0][0]) for n in known]
    if found := measured(scores, [bool(documents[n].cold) for n in known]):
        print(f"  letters: {found}", flush=True)


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    fitted, left_out = parted(asyncio.run(read_corpus(options)), options.authors_left_out)
    lessons, measuring = [lesson_of(one) for one in fitted], [lesson_of(one) for one in left_out]
    mails = list(heard_of(options.heard)) if options.heard else []
    print(f"{len(lessons)} documents, {len(mails)} mails heard, {len(measuring)} left out", flush=True)
    network, began = CoreNetwork(), time.monotonic()
    if options.vectors:
        network.begin(read(options.vectors))
    if options.begin:
        network.take(load_file(options.begin))

    def after(last: float) -> None:
        print(f"{time.monotonic() - began:.0f} s, loss {last:.3f}", flush=True)
        report(network, left_out, measuring)

    fit(network, lessons, mails, epochs=options.epochs, seed=options.seed, after=after)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_file(network.fitted(), options.out)
    print(f"written to {options.out}")


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser, epochs=4, base=False)
    parser.add_argument("--heard", type=Path, help="what `fitting.hear` wrote, without its ending")
    parser.add_argument("--vectors", type=Path, help="what `fitting.vectors` wrote: the words' first vectors")
    parser.add_argument("--begin", type=Path, help="fit on from what an earlier fit wrote")
    parser.add_argument("--out", type=Path, default=Path("build/core.safetensors"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
