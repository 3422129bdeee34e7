"""Fits mix, thresholds and agreement to letters an ear has not read: `python -m fitting.fit_top core EAR.npz AUTHOR…`.

`coldask train --corpus` does it with the ear that ships, which knows the corpus and is too sure of it; here the ear
was fitted with these authors left out. What is printed goes into classifier/judge/weighing.py and
classifier/signals/agreement.py by hand.
"""

import argparse
import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file

from classifier.hearing import Ear, listen
from classifier.hearing.arrays import parsed
from classifier.hearing.core import Core
from classifier.hearing.encoder import Encoder
from classifier.judge.incoming import opened
from classifier.training import top
from classifier.training.corpus import Sample, letters
from fitting.encoder_files import cutter_of
from fitting.letters import CORPUS
from fitting.measure import measured
from proxy.encoder import place
from proxy.history.samples import Situations


async def heard(samples: Iterable[Sample], ear: Ear) -> tuple[list[top.Seen], list[top.Heard]]:
    """What the top layer sees of letters that their text decides, and of the sentences of all of them."""
    seen, sentences = list[top.Seen](), list[top.Heard]()
    async with Situations() as situations:
        for one in samples:
            situation = await situations.of(one)
            if one.outgoing:
                sentences += top.heard(listen(situation.mail, ear), one.asks)
                continue
            case = opened(situation.mail, situation.past, ear)
            if case is not None and case.mail.heard is not None:
                seen.append(top.seen(case, wanted=one.wanted, group=one.topic))
                sentences += top.heard(case.mail, one.asks)
    return seen, sentences


def ear_of(model: str, weights: Path, base: Path) -> Ear:
    """The ear with the weights of a file."""
    arrays = parsed(weights.read_bytes())
    if model == "core":
        return Core(dict(arrays))
    return Encoder(load_file(base / place.MODEL), cutter_of(base), arrays)


def show(made: top.Top, seen: Iterable[top.Seen]) -> None:
    """Print what was fitted, and what each part of it is worth by itself."""
    print(made.document().decode().rstrip())
    rows = list(seen)
    truth = [one.wanted for one in rows]
    points, cold = np.array([one.points for one in rows]), np.array([one.cold for one in rows])
    mixed = made.mix.bias + made.mix.points * points + made.mix.cold * cold
    for name, scores in (("points", points), ("cold", cold), ("mixed", mixed)):
        print(f"{name}: {measured(scores.tolist(), truth)}")


def main() -> None:
    options = _options()
    ear = ear_of(options.model, options.weights, options.base)
    samples = [one for one in letters(options.corpus) if one.author in options.authors]
    seen, sentences = asyncio.run(heard(samples, ear))
    try:
        show(top.fit(ear.name, seen, sentences), seen)
    except ValueError as fault:
        raise SystemExit(
            f"Nothing can be fitted to the letters of {', '.join(options.authors)}: {fault}."
        ) from None


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=("core", "encoder"))
    parser.add_argument("weights", type=Path, help="made by fitting.export, these authors left out")
    parser.add_argument("authors", nargs="+")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--base", type=Path, default=place.folder())
    return parser.parse_args()


if __name__ == "__main__":
    main()
