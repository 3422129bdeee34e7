"""The cutter out of the folder of the base weights; it needs no torch."""

from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from proxy.encoder import place


def cutter_of(folder: Path) -> Any:
    """What cuts a text into pieces, from the folder of the base weights."""
    cutter = Tokenizer.from_file(str(folder / place.TOKENIZER))
    cutter.no_padding()
    cutter.no_truncation()
    return cutter
