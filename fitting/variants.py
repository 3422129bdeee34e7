"""Letters of the corpus said in other words, for the encoder to hear and the core to learn from.

Words are replaced by neighbours, sentences left out or taken over from another letter; what such a letter is, the
encoder says (augmentation for distillation: Tang et al. 2019, Jiao et al. 2020). They need not make sense.
"""

import random
import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from fitting.letters import Document
from fitting.mails import Text
from fitting.vectors import Vectors

_NEIGHBOURS: Final = 12
_COMMONEST: Final = 150  # words that stay: what holds a sentence together
_SHORTEST: Final = 3  # letters of a word that is replaced
_STEM: Final = 4  # words that begin alike by so many letters are one another's forms
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_CHUNK: Final = 1024

Neighbours = dict[str, list[str]]


def neighbours(vectors: Vectors, wanted: set[str]) -> Neighbours:
    """For each wanted word that has a vector, the words next to it, other than its own forms."""
    plain = [n for n, word in enumerate(vectors.words) if _WORD.fullmatch(word) and len(word) >= _SHORTEST]
    rows = vectors.rows[plain]
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    names = [vectors.words[n] for n in plain]
    common = set(vectors.words[:_COMMONEST])
    asked = [n for n, name in enumerate(names) if name in wanted and name not in common]
    found: Neighbours = {}
    for first in range(0, len(asked), _CHUNK):
        chunk = asked[first : first + _CHUNK]
        most = min(3 * _NEIGHBOURS, len(rows) - 1)
        near = np.argpartition(-(rows[chunk] @ rows.T), most, axis=1)[:, :most]
        for own, places in zip(chunk, near, strict=True):
            name = names[own]
            others = [names[p] for p in places if names[p][:_STEM] != name[:_STEM]]
            found[name] = others[:_NEIGHBOURS]
    return {name: others for name, others in found.items() if others}


def variants(
    documents: Sequence[Document], vectors: Vectors, count: int, draw: random.Random
) -> Iterator[Text]:
    """`count` variants of each document."""
    wanted = {word.lower() for one in documents for word in _WORD.findall(f"{one.subject} {one.text}")}
    near = neighbours(vectors, wanted)
    for one in documents:
        for _ in range(count):
            share = draw.uniform(0.05, 0.4)
            said = _said(one, draw.choice(documents), draw)
            yield _joined(
                replaced(one.subject, near, share, draw), [replaced(s, near, share, draw) for s in said]
            )


def replaced(text: str, near: Neighbours, share: float, draw: random.Random) -> str:
    """A text of which this share of the words that have neighbours is replaced by one of them."""

    def other(found: re.Match[str]) -> str:
        others = near.get(found[0].lower().replace("’", "'"))
        return draw.choice(others) if others and draw.random() < share else found[0]

    return _WORD.sub(other, text)


def _said(one: Document, other: Document, draw: random.Random) -> list[str]:
    """The sentences of a document: as they are, with some left out, or with some of another among them."""
    own = [one.text[slice(*place)] for place in one.places]
    way = draw.random()
    if len(own) > 2 and way < 0.25:
        return [said for said in own if draw.random() > 0.3] or own
    if len(own) > 1 and way < 0.5:
        first = draw.randrange(max(len(other.places), 1))
        taken = [other.text[slice(*place)] for place in other.places[first : first + draw.randint(1, 4)]]
        at = draw.randint(0, len(own))
        return [*own[:at], *taken, *own[at:]]
    return own


def _joined(subject: str, said: Sequence[str]) -> Text:
    places, at = [], 0
    for one in said:
        places.append((at, at + len(one)))
        at += len(one) + 1
    return Text(subject, " ".join(said), tuple(places))
