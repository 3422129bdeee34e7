"""Lets a fitted encoder listen to ordinary mail, for the core to learn from: `python -m fitting.hear MAILBOX…`.

Nobody labels these mails. What is written holds their text: it stays on this machine.
"""

import argparse
import asyncio
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from safetensors.numpy import load_file

from classifier.hearing.encoder import laid_out
from fitting import vectors
from fitting.batches import batches
from fitting.encoder import Encoder, cold_of, listening, mean, padded
from fitting.encoder_files import cutter_of
from fitting.letters import parted
from fitting.mails import Text, lines_of, texts_of
from fitting.options import add_options, read_corpus
from fitting.variants import variants

LONGEST: Final = 192  # pieces of a mail that are read
PIECES: Final = 4096  # of a batch
SEED: Final = 1

Rows = tuple[float, list[list[float]], list[str], list[np.ndarray]]


def listen(network: Encoder, cutter: Any, is_cold: Any, texts: Sequence[Text], *, bf16: bool) -> list[Rows]:
    """Of each text: whether it is cold, its sentences' log-odds, those sentences, and their mean states."""
    cut = [laid_out(cutter, one.subject, one.text, one.places, LONGEST) for one in texts]
    found: list[Rows | None] = [None] * len(texts)
    for number, batch in enumerate(batches([len(ids) for ids, _ in cut], PIECES, random.Random(SEED))):
        ids, mask = padded([cut[place][0] for place in batch])
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
            states = network(ids, mask)
        with torch.no_grad():
            found_here = _heard(network, states.float(), mask, is_cold, [cut[p][1] for p in batch])
        for place, (cold, rows, read, means) in zip(batch, found_here, strict=True):
            one = texts[place]
            said = [one.text[slice(*one.places[number])] for number in read]
            found[place] = cold, rows, said, means
        if number % 50 == 0:
            print(f"batch {number}", flush=True)
    return [rows for rows in found if rows is not None]


def _heard(network: Encoder, states: Any, mask: Any, is_cold: Any, spans: Sequence[Any]) -> list[Any]:
    letters = mean(states, mask)
    colds = cold_of(network.hm(letters), network.hf(letters), is_cold).tolist()
    found = list[Any]()
    for state, cold, places in zip(states, colds, spans, strict=True):
        read = [number for number, span in enumerate(places) if span is not None]
        if not read:
            found.append((cold, [], [], []))
            continue
        means = torch.stack([state[slice(*places[number])].mean(0) for number in read])
        found.append((cold, network.hs(means).tolist(), read, list(means.half().numpy())))
    return found


def write(out: Path, texts: Sequence[Text], rows: Sequence[Rows]) -> None:
    """`out`.jsonl: what was heard of each mail; `out`.npy: the states of all their sentences, in that order."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.with_suffix(".jsonl").open("w", encoding="utf-8") as file:
        for text, (cold, scores, said, _) in zip(texts, rows, strict=True):
            rounded = [[round(score, 2) for score in row] for row in scores]
            line = {"subject": text.subject, "sentences": said, "cold": round(cold, 4), "scores": rounded}
            file.write(json.dumps(line) + "\n")
    means = [one for *_, all_of_it in rows for one in all_of_it]
    np.save(out.with_suffix(".npy"), np.array(means, dtype=np.float16), allow_pickle=False)


def main() -> None:
    options = _options()
    options.sentences = 0  # whole letters only
    torch.set_num_threads(options.threads)
    arrays = load_file(options.fitted)
    is_cold = torch.from_numpy(arrays["hf.cold"] > 0)
    but = options.but.read_text("utf-8").split() if options.but else []
    texts = texts_of(options.mailboxes, but, options.but_header, SEED)[: options.most]
    texts += lines_of(options.lines) if options.lines else []
    fitted, _ = parted(asyncio.run(read_corpus(options)), options.authors_left_out)
    texts += [Text(one.subject, one.text, one.places) for one in fitted]
    if options.variants:
        texts += variants(fitted, vectors.read(options.vectors), options.variants, random.Random(SEED))
    random.Random(SEED).shuffle(texts)
    print(f"{len(texts)} mails", flush=True)
    network = listening(options.base, arrays)
    write(options.out, texts, listen(network, cutter_of(options.base), is_cold, texts, bf16=options.bf16))
    print(f"written to {options.out}.jsonl and .npy")


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mailboxes", type=Path, nargs="+", help="mbox files, Maildirs, or folders of them")
    parser.add_argument("--but", type=Path, help="a file of Message-IDs that are kept for measuring")
    parser.add_argument("--but-header", default="", help="mails with this header are passed over")
    parser.add_argument("--most", type=int, default=16_000, help="mails that are heard, drawn by seed")
    parser.add_argument("--lines", type=Path, help="a file of other texts, one a line")
    parser.add_argument("--variants", type=int, default=0, metavar="N", help="of each letter of the corpus")
    parser.add_argument("--vectors", type=Path, default=Path("build/vectors.npz"), help="for the variants")
    parser.add_argument("--fitted", type=Path, default=Path("build/encoder.safetensors"))
    parser.add_argument("--out", type=Path, default=Path("build/heard"))
    add_options(parser, epochs=None, base=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
