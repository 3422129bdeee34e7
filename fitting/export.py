"""Makes what was fitted small: `python -m fitting.export core|encoder FITTED.safetensors OUT.npz`. Needs no torch.

The encoder's changes become half floats; the core's tables of words signed bytes with a step a row, the rest of
it half floats. `--calibration` is a JSON file with what makes scores honest (`scale` and `shift` of a sentence's
thirteen log-odds, `cold` with both of the letter's); without it scores stay as they are fitted.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from safetensors.numpy import load_file

from classifier.hearing.arrays import FORM

NOTHING: Final = -2.0  # the core's log-odds of a letter without words

_TABLES: Final = frozenset({"w.weight", "g.weight"})
_ONLY_FITTING: Final = "pv."  # what the core is taught by, and does without
_AS_THEY_ARE: Final = frozenset({"hs.weight", "hs.bias", "hm.weight", "hm.bias", "hf.bias", "hf.cold"})
_PLAIN: Final[Mapping[str, list[float]]] = {"scale": [1.0] * 13, "shift": [0.0] * 13, "cold": [1.0, 0.0]}

Arrays = dict[str, np.ndarray]


def encoder(fitted: Mapping[str, np.ndarray]) -> Arrays:
    """The encoder's changes and heads: half floats but for the small heads."""
    return {
        name: value.astype(np.float32 if name in _AS_THEY_ARE else np.float16)
        for name, value in fitted.items()
    }


def core(fitted: Mapping[str, np.ndarray]) -> Arrays:
    """The core: tables as signed bytes, all else as half floats."""
    made: Arrays = {"nothing": np.array([NOTHING], dtype=np.float32)}
    for name, value in fitted.items():
        if name in _TABLES:
            made[name], made[f"{name}:step"] = signed_bytes(value)
        elif not name.startswith(_ONLY_FITTING):
            made[name] = value.astype(np.float16)
    return made


def signed_bytes(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each row as whole numbers from -127 to 127, and what one of them is worth in that row."""
    steps = np.abs(table).max(1, keepdims=True) / 127 + 1e-12
    return np.round(table / steps).astype(np.int8), steps.astype(np.float16)


def calibration(path: Path | None) -> Arrays:
    """What makes scores honest, out of a JSON file. Raises ValueError where it is none."""
    given: Any = json.loads(path.read_text("utf-8")) if path is not None else {}
    found = {name: np.array(given.get(name, plain), dtype=np.float32) for name, plain in _PLAIN.items()}
    wrong = [name for name, plain in _PLAIN.items() if found[name].shape != (len(plain),)]
    if wrong:
        raise ValueError(f"{wrong[0]} has another length than it should")
    return found


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=("core", "encoder"))
    parser.add_argument("fitted", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--calibration", type=Path)
    options = parser.parse_args(arguments)
    arrays = (core if options.model == "core" else encoder)(load_file(options.fitted))
    arrays |= calibration(options.calibration)
    np.savez(options.out, allow_pickle=False, form=np.array(FORM), **arrays)
    print(f"{options.out}: {options.out.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
