"""Fitted weights as compact arrays of bytes, written by `classifier.training`; read once.

The file: "CAW1", the number of outputs (one byte), then each output: its number of bits (one byte), bias,
scale and the weights of the traits (little-endian 32-bit floats), and one signed byte for each of its 2**bits
buckets. An output's score is its bias, the traits' weights, and scale / sqrt(grams) times the buckets' sum.
"""

import struct
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_MAGIC: Final = b"CAW1"


@dataclass(frozen=True, slots=True)
class Output:
    """The weights of one yes-or-no question. `buckets` are signed bytes, 2**bits of them."""

    bits: int
    bias: float
    scale: float
    traits: tuple[float, ...]
    buckets: Sequence[int]

    @property
    def mask(self) -> int:
        return (1 << self.bits) - 1


def written(outputs: list[Output], traits: int) -> bytes:
    """The bytes of a weights file."""
    parts = [_MAGIC, bytes([len(outputs)])]
    for one in outputs:
        parts.append(struct.pack(f"<B{2 + traits}f", one.bits, one.bias, one.scale, *one.traits))
        parts.append(array("b", one.buckets).tobytes())
    return b"".join(parts)


@cache
def read(name: str, traits: int) -> tuple[Output, ...]:
    """The outputs of `<name>.bin`, in order. Raises ValueError for a file of another make or length."""
    return parsed((files(__name__) / f"{name}.bin").read_bytes(), traits)


def parsed(data: bytes, traits: int) -> tuple[Output, ...]:
    """The outputs in the bytes of a weights file. Raises ValueError for bytes of another make or length."""
    if data[:4] != _MAGIC or len(data) < 5:
        raise ValueError("these are no weights of this version")
    head = struct.Struct(f"<B{2 + traits}f")
    at, found = 5, []
    for _ in range(data[4]):
        if at + head.size > len(data):
            raise ValueError("the weights end too early")
        bits, bias, scale, *own = head.unpack_from(data, at)
        at += head.size
        buckets = array("b", data[at : at + (1 << bits)])
        at += 1 << bits
        found.append(Output(bits, bias, scale, tuple(own), buckets))
    if at != len(data):
        raise ValueError("the weights are damaged: their length is not what they say")
    return tuple(found)
