"""What one user's corrections changed: a small model laid over the shipped one.

It sees what the ear heard, the signs, and the words of a letter, all of them as numbers of buckets: nobody can
read a text out of it. It knows no address and no domain. Whatever it learned, it moves a verdict by `MOST` at most.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import isfinite, sqrt, tanh
from struct import pack, unpack
from typing import Final
from zlib import crc32

from classifier.hearing.words import words_of
from classifier.judge.weighing import FILE_ABOVE, Sign, Weighed, points
from classifier.phrases import words
from models.mail import Mail

FORM: Final = b"coldask taste 1\n"
BUCKETS: Final = 1 << 13
MOST: Final = 1.8  # log-odds: the most a verdict is moved by
LEAST_ABOVE, MOST_ABOVE = 0.6, 0.99  # between them lies any user's threshold of filing

_MOST_WORDS: Final = 400  # of a letter that are looked at
_EVERY: Final = 0.15  # how strongly what every letter has is there
_WORD: Final = 1.0  # … the words of a letter, together
_SIGN: Final = 0.6  # … a sign that the shipped table gives much weight
_HEAVY: Final = 4.0  # points, for that
_KIND: Final = 1.0  # … a kind that the ear is sure of
_COLD: Final = 0.4  # … what the ear says of the whole
_FAR: Final = 4.0  # log-odds of the ear from which more makes little difference

EVERY: Final = "every"  # the feature that every letter has
Features = Mapping[int, float]  # bucket -> how strongly it is there; of length about one


@dataclass(frozen=True, slots=True)
class Taste:
    """Weights of one user, what is added to every letter, and their threshold of filing."""

    weights: tuple[float, ...]
    bias: float = 0.0
    file_above: float = FILE_ABOVE

    def shift(self, features: Features) -> float:
        """What it adds to the log-odds that a letter is cold."""
        total = self.bias + sum(self.weights[bucket] * value for bucket, value in features.items())
        return max(-MOST, min(MOST, total))

    def applied(self, weighed: Weighed, mail: Mail) -> Weighed:
        """The same weighing as this user sees it."""
        return weighed.moved(self.shift(features_of(mail, weighed.top)))


@dataclass(frozen=True, slots=True)
class Lesson:
    """A letter as the user's model sees it, and the log-odds the shipped one gave it."""

    score: float
    features: Features


def features_of(mail: Mail, signs: Iterable[Sign]) -> dict[int, float]:
    """What the user's model sees of a letter, of length one."""
    found: dict[int, float] = {}

    def add(name: str, value: float) -> None:
        found[bucket(name)] = found.get(bucket(name), 0.0) + value

    add(EVERY, _EVERY)
    for sign in signs:
        add(f"sign {sign.name}", _SIGN * min(abs(points(sign)) / _HEAVY, 1.0))
    if mail.heard is not None:
        add("cold", _COLD * tanh(mail.heard.cold / _FAR))
        kinds: dict[str, float] = {}
        for sentence in mail.heard.sentences:
            for kind, sure in sentence.kinds:
                kinds[kind] = max(sure, kinds.get(kind, 0.0))
        for name, most in kinds.items():
            add(f"kind {name}", _KIND * most)
    said = _words(mail)
    for word in said:
        add(f"word {word}", _WORD / sqrt(len(said)))
    length = sqrt(sum(value * value for value in found.values()))
    return {place: value / length for place, value in found.items()}


def _words(mail: Mail) -> list[str]:
    """The words of a letter that tell it from others, each once."""
    seen = dict.fromkeys(
        w for w in words_of(f"{mail.subject}\n{mail.own_text}")[:_MOST_WORDS] if w[0].isalpha()
    )
    return [word for word in seen if word not in words("common")]


def bucket(name: str) -> int:
    """The number of a feature's bucket."""
    return crc32(name.encode("utf-8", "surrogatepass")) % BUCKETS


def written(taste: Taste) -> bytes:
    """The bytes of a taste: its form, a digest of the rest, threshold, bias and weights as 32-bit floats."""
    body = pack(f"<{2 + BUCKETS}f", taste.file_above, taste.bias, *taste.weights)
    return FORM + sha256(body).digest() + body


def parsed(data: bytes) -> Taste:
    """The taste in these bytes. Raises ValueError with half a sentence for bytes of another make, or damaged."""
    if not data.startswith(FORM):
        raise ValueError("it is no model of this coldask's")
    start = len(FORM) + sha256().digest_size
    body = data[start:]
    if len(body) != 4 * (2 + BUCKETS) or sha256(body).digest() != data[len(FORM) : start]:
        raise ValueError("it is damaged")
    above, bias, *weights = unpack(f"<{2 + BUCKETS}f", body)
    if not all(map(isfinite, (bias, *weights))):
        raise ValueError("it is damaged: not all of it are numbers")
    if not LEAST_ABOVE <= round(above, 6) <= MOST_ABOVE:
        raise ValueError(f"its threshold {above:.2f} is none that coldask sets")
    return Taste(tuple(weights), bias, round(above, 6))


def packed(features: Features) -> bytes:
    """Features as bytes: the buckets in order, then their values."""
    ranked = sorted(features.items())
    count = len(ranked)
    return pack(f"<{count}H{count}f", *(b for b, _ in ranked), *(v for _, v in ranked))


def unpacked(data: bytes) -> dict[int, float]:
    """The features in these bytes. Raises ValueError where they are none."""
    count, rest = divmod(len(data), 6)
    if rest:
        raise ValueError("these are no features")
    found = unpack(f"<{count}H{count}f", data)
    features = dict(zip(found[:count], found[count:], strict=True))
    if any(one >= BUCKETS for one in features) or not all(map(isfinite, features.values())):
        raise ValueError("these are no features")
    return features
