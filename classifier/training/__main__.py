"""Writes classifier/weights/asks.bin from the corpus, and prints the figures on its held part.

The figures are those of a model that has not seen the held part; what is written has seen all.
"""

import argparse
from pathlib import Path
from typing import Final

from classifier.signals.grams import TRAITS
from classifier.training.corpus import examples
from classifier.training.fit import Chosen, choose, fit
from classifier.training.measure import figures
from classifier.weights import written

_HOME: Final = Path(__file__).parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m classifier.training", description="Fit the sentence model."
    )
    parser.add_argument("--corpus", type=Path, default=_HOME / "corpus", help="folder of sentences-*.jsonl")
    parser.add_argument("--out", type=Path, default=_HOME / "weights" / "asks.bin", help="weights to write")
    given = parser.parse_args()
    found = examples(given.corpus)
    fitted, held = [e for e in found if not e.held], [e for e in found if e.held]
    if not fitted or not held:
        parser.error(
            f"{given.corpus} holds no sentences-*.jsonl with texts to fit on and texts held; name a folder that does"
        )
    print(f"{len(fitted)} texts to fit on, {len(held)} held")
    chosen = choose(fitted)
    _show(chosen)
    print(figures(fit(fitted, chosen), held))
    given.out.write_bytes(written(fit(found, chosen), TRAITS))
    print(f"{given.out}: fitted on all {len(found)} texts")


def _show(chosen: Chosen) -> None:
    for (penalty, strength), loss in chosen.losses.items():
        mark = " <- taken" if (penalty, strength) == (chosen.penalty, chosen.strength) else ""
        print(f"{penalty} {strength:g}: loss {loss} on topics left out{mark}")


if __name__ == "__main__":
    main()
