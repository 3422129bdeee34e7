"""Fits the encoder's changes and heads to the corpus: `python -m fitting.fit_encoder` (fitting/README.md)."""

import argparse
import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch.nn import functional as F

from classifier.hearing.ear import Place
from classifier.hearing.encoder import Cutter, laid_out
from fitting.batches import batches, rate
from fitting.encoder import Encoder, cold_of, mean, padded
from fitting.encoder_files import cutter_of
from fitting.letters import Document, parted
from fitting.loss import letters_loss, sentences_loss
from fitting.measure import measured
from fitting.options import add_options, read_corpus
from models.finding import Ask

LONGEST: Final = 256  # pieces of a letter that are read; the runtime reads more
PIECES: Final = 1024  # of a batch
RATE: Final = 1e-3  # of the changes; the heads learn three times as fast
RISE: Final = 0.06
DECAY: Final = 0.01
SORT: Final = 0.25  # what the sort of letter weighs beside the verdict's two


@dataclass(frozen=True, slots=True)
class Lesson:
    """A document as the network reads it."""

    ids: list[int]
    spans: list[Place]  # of the sentences that are read
    asks: list[frozenset[Ask] | None]  # of the same
    cold: float | None
    sort: int | None


class Sorts:
    """The sorts of letter there are, and which of them are cold: of which any letter is."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.names = sorted({d.sort for d in documents if d.sort})
        cold = {d.sort for d in documents if d.sort and d.cold}
        self.is_cold = torch.tensor([name in cold for name in self.names], dtype=torch.bool)

    def number(self, name: str) -> int | None:
        """The number of a sort; None for a letter without."""
        return self.names.index(name) if name else None


def lesson_of(document: Document, cutter: Cutter, sorts: Sorts | None) -> Lesson:
    """Cut a document into pieces. Without sorts: one that only measures."""
    ids, spans = laid_out(cutter, document.subject, document.text, document.places, LONGEST)
    asks = document.asks or [None] * len(spans)
    read = [(span, kinds) for span, kinds in zip(spans, asks, strict=True) if span is not None]
    sort = sorts.number(document.sort) if sorts is not None else None
    return Lesson(ids, [span for span, _ in read], [kinds for _, kinds in read], document.cold, sort)


def heard(network: Encoder, lessons: Sequence[Lesson]) -> tuple[Any, Any, Any]:
    """The scores of letters, of their sorts, and of all their sentences in a row (None without any)."""
    ids, mask = padded([one.ids for one in lessons])
    states = network(ids, mask)
    letters = mean(states, mask)
    said = [states[n, s:e].mean(0) for n, one in enumerate(lessons) for s, e in one.spans]
    return network.hm(letters), network.hf(letters), network.hs(torch.stack(said)) if said else None


def loss_of(network: Encoder, lessons: Sequence[Lesson], *, bf16: bool) -> Any:
    """What a batch costs, a letter."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
        letters, sorts, said = heard(network, lessons)
    lost = letters_loss(letters[:, 0].float(), [one.cold for one in lessons])
    sorted_ = [(n, one.sort) for n, one in enumerate(lessons) if one.sort is not None]
    if sorted_:
        rows, wanted = [n for n, _ in sorted_], torch.tensor([sort for _, sort in sorted_])
        lost = lost + F.cross_entropy(sorts[rows].float(), wanted, reduction="sum") * SORT
    if said is not None:
        lost = lost + sentences_loss(said.float(), [kinds for one in lessons for kinds in one.asks])
    return lost / len(lessons)


def fit(
    network: Encoder, lessons: Sequence[Lesson], *, epochs: int, seed: int, bf16: bool, after: Any
) -> None:
    """Fit in place; `after` is called after each epoch with its number and its last loss."""
    draw, lengths = random.Random(seed), [len(one.ids) for one in lessons]
    changes, heads = [p for _, p in network.changes()], [p for _, p in network.heads()]
    groups = [{"params": changes, "lr": RATE}, {"params": heads, "lr": 3 * RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=DECAY)
    plan = [batch for _ in range(epochs) for batch in (*batches(lengths, PIECES, draw), [])]
    steps, step, last = sum(map(bool, plan)), 0, 0.0
    network.train()
    for batch in plan:
        if not batch:
            after(last)
            network.train()
            continue
        share = rate(step, steps, RISE)
        for group, full in zip(optimiser.param_groups, (RATE, 3 * RATE), strict=True):
            group["lr"] = full * share
        lost = loss_of(network, [lessons[place] for place in batch], bf16=bf16)
        optimiser.zero_grad()
        lost.backward()
        torch.nn.utils.clip_grad_norm_([*changes, *heads], 1.0)
        optimiser.step()
        last, step = float(lost.detach()), step + 1


def colds(network: Encoder, lessons: Sequence[Lesson], is_cold: Any) -> tuple[list[float], list[float]]:
    """Each letter's log-odds, and those of all sentences' asking anything, in the lessons' order."""
    network.eval()
    letters, said = list[float](), list[float]()
    with torch.no_grad():
        for one in lessons:
            letter, sorts, rows = heard(network, [one])
            letters.append(float(cold_of(letter, sorts, is_cold)[0]))
            said += [] if rows is None else rows[:, 0].tolist()
    return letters, said


def report(network: Encoder, documents: Sequence[Document], lessons: Sequence[Lesson], is_cold: Any) -> None:
    """Print how well the letters of the authors left out are heard."""
    letters, said = colds(network, lessons, is_cold)
    known = [n for n, one in enumerate(documents) if one.by_text]
    if found := measured([letters[n] for n in known], [bool(documents[n].cold) for n in known]):
        print(f"  letters: {found}", flush=True)
    asks = [kinds for one in lessons for kinds in one.asks]
    noted = [(score, bool(kinds)) for score, kinds in zip(said, asks, strict=True) if kinds is not None]
    if of_sentences := measured([score for score, _ in noted], [true for _, true in noted]):
        print(f"  sentences: auc {of_sentences.auc:.3f} of {of_sentences.letters}", flush=True)


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    fitted, left_out = parted(asyncio.run(read_corpus(options)), options.authors_left_out)
    sorts, cutter = Sorts(fitted), cutter_of(options.base)
    if not sorts.is_cold.any() or sorts.is_cold.all():
        raise SystemExit("The corpus needs sorts of letter that are cold, and sorts that are not.")
    lessons = [lesson_of(one, cutter, sorts) for one in fitted]
    measuring = [lesson_of(one, cutter, None) for one in left_out]
    print(
        f"{len(lessons)} documents fitted to, {len(measuring)} left out, {len(sorts.names)} sorts", flush=True
    )
    network, began = Encoder(options.base, len(sorts.names)), time.monotonic()
    if options.begin:
        network.take(load_file(options.begin))

    def after(last: float) -> None:
        print(f"{time.monotonic() - began:.0f} s, loss {last:.3f}", flush=True)
        report(network, left_out, measuring, sorts.is_cold)

    fit(network, lessons, epochs=options.epochs, seed=options.seed, bf16=options.bf16, after=after)
    arrays = {**network.fitted(), "hf.cold": sorts.is_cold.numpy().astype(np.float32)}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_file(arrays, options.out, metadata={"sorts": " ".join(sorts.names)})
    print(f"written to {options.out}")


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser, epochs=4, base=True)
    parser.add_argument("--begin", type=Path, help="fit on from what an earlier fit of the same sorts wrote")
    parser.add_argument("--out", type=Path, default=Path("build/encoder.safetensors"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
