"""Fitted weights as plain arrays: read from bytes, checked, never unpickled."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

FORM: Final = 1  # of the arrays; a file of another form is refused

_ONE: Final = np.array(1, dtype=np.float32)  # the step of what has none

Array = NDArray[np.float32]


def shipped(name: str) -> Mapping[str, Array]:
    """The arrays of `classifier/weights/<name>.npz`, as 32-bit floats. Raises ValueError in words for a damaged file.

    The file is opened once a process, damaged or not: it is replaced only by installing coldask again.
    """
    found = _found(name)
    if isinstance(found, str):
        raise ValueError(found)
    return found


@cache
def _found(name: str) -> Mapping[str, Array] | str:
    """The arrays, or what is wrong with their file."""
    try:
        return parsed((files("classifier.weights") / f"{name}.npz").read_bytes())
    except OSError as fault:
        return f"{name}.npz cannot be opened: {fault.strerror or fault}"
    except ValueError as fault:
        return str(fault)


def parsed(data: bytes) -> Mapping[str, Array]:
    """The arrays in the bytes of a weights file. Raises ValueError for bytes of another make or form.

    A row of signed bytes named "x" comes with its steps in "x:step"; half floats are widened.
    """
    try:
        with np.load(BytesIO(data), allow_pickle=False) as file:
            found: dict[str, Any] = {name: file[name] for name in file.files}
    except (OSError, ValueError, KeyError, BadZipFile, EOFError) as fault:
        raise ValueError("these are no weights coldask can read") from fault
    if int(found.pop("form", np.array(0))) != FORM:
        raise ValueError("these weights are of another version of coldask")
    if not all(np.isfinite(value).all() for value in found.values() if value.dtype.kind == "f"):
        raise ValueError("these weights are damaged: not all of them are numbers")
    return {
        name: np.multiply(value, found.get(f"{name}:step", _ONE), dtype=np.float32)
        for name, value in found.items()
        if not name.endswith(":step")
    }


def norm(x: Array, weight: Array, bias: Array, least: float) -> Array:
    """Layer normalisation of each row (Ba, Kiros, Hinton 2016)."""
    width = np.float32(x.shape[1])
    centred: Array = x - (np.add.reduce(x, 1) / width)[:, None]
    variance = np.einsum("ij,ij->i", centred, centred) / width
    centred /= np.sqrt(variance + np.float32(least))[:, None]
    centred *= weight
    centred += bias
    return centred
