"""How the encoder stands on this machine: installed, whole, its libraries there, switched off."""

import importlib.util
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from proxy.encoder import place
from proxy.encoder.seal import problem

LIBRARIES: Final = ("safetensors", "tokenizers")  # the extra `encoder`


@dataclass(frozen=True)
class Standing:
    """`problem`: what is wrong with the installed files, "" where nothing is."""

    folder: Path
    installed: bool
    switched_off: bool
    problem: str
    bytes: int
    libraries: dict[str, str | None]  # version, None where not installed

    @property
    def missing(self) -> list[str]:
        return [name for name, found in self.libraries.items() if found is None]

    @property
    def usable(self) -> bool:
        return self.installed and not self.switched_off and not self.problem and not self.missing


def standing() -> Standing:
    """Look, hashing the files whole."""
    where = place.folder()
    files = [where / name for name in place.SHA256]
    some = any(file.exists() for file in files)
    return Standing(
        folder=where,
        installed=place.is_there(where),
        switched_off=place.switched_off(),
        problem=problem(where, fully=True) if some else "",
        bytes=sum(file.stat().st_size for file in files if file.is_file()),
        libraries=libraries(),
    )


def libraries() -> dict[str, str | None]:
    """The versions of the libraries the encoder is read with; None where one is not installed."""
    found: dict[str, str | None] = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name) if importlib.util.find_spec(name) else None
        except PackageNotFoundError:
            found[name] = None
    return found


def command_for_libraries() -> str:
    """The one command that installs them beside coldask, wherever it was installed."""
    pip = "-m pip install" if importlib.util.find_spec("pip") else ""
    start = f"{sys.executable} {pip}" if pip else f"uv pip install --python {sys.executable}"
    return f"{start} {' '.join(LIBRARIES)}"
