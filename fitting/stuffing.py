"""Letters stuffed with words that are none, as senders of mass mail stuff theirs: what a letter is stays the same.

Adversarial examples that keep their label make a model deaf to such stuffing (Goodfellow, Shlens, Szegedy 2015).
"""

import random
from string import ascii_lowercase, digits
from typing import Final

from fitting.core_network import Words

_FEWEST, _MOST = 3, 60  # words stuffed in
_LONGEST: Final = 40  # letters of such a word: longer ones are not heard
_KINDS: Final = 4  # of so many letters stuffed, one repeats a single word


def stuffed(read: Words, draw: random.Random) -> Words:
    """The same letter with a run of random words somewhere in it; its sentences still cover what they did."""
    count, at = draw.randint(_FEWEST, _MOST), draw.randrange(1, len(read.words))
    once = draw.randrange(_KINDS) == 0
    run = [_word(draw)] * count if once else [_word(draw) for _ in range(count)]
    spans = [(s + count if s >= at else s, e + count if e >= at else e) for s, e in read.spans]
    return Words([*read.words[:at], *run, *read.words[at:]], spans)


def _word(draw: random.Random) -> str:
    letters = ascii_lowercase if draw.random() < 0.8 else ascii_lowercase + digits
    return "".join(draw.choices(letters, k=draw.randint(2, draw.choice((8, 14, _LONGEST)))))
