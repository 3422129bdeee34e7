"""Fingerprints by which a quoted mail is known again, where ids are missing: hashes of runs of words, no text.

Runs of words, not lines: mail programs wrap what they quote anew. Of all runs only those are kept whose
checksum falls into one of eight classes, so that the whole and a quoted part keep the same ones.
"""

import re
from collections.abc import Iterator
from typing import Final
from zlib import crc32

from models.letter import short_hash
from models.mail import Mail, ZoneKind

RUN: Final = 5  # words
MAX_SAID: Final = 4  # hashes kept of a mail of the owner's
MAX_QUOTED: Final = 40  # … and of what a letter quotes
_CLASSES: Final = 8
_MAX_TEXT: Final = 8_000  # characters
_WORD: Final = re.compile(r"[^\W_]+")


def said_in(mail: Mail) -> tuple[int, ...]:
    """Of a mail's own text: a few hashes; none where it has too few words to be known by."""
    return tuple(sorted(set(_runs(mail.own_text)))[:MAX_SAID])


def quoted_in(mail: Mail) -> tuple[int, ...]:
    """Of what a mail quotes: the hashes that the quoted mail's own text would have."""
    return tuple(sorted(set(_runs(mail.zone_text(ZoneKind.QUOTE))))[:MAX_QUOTED])


def _runs(text: str) -> Iterator[int]:
    words = _WORD.findall(text[:_MAX_TEXT].lower())
    for i in range(len(words) - RUN + 1):
        run = " ".join(words[i : i + RUN])
        if crc32(run.encode("utf-8", "surrogateescape")) % _CLASSES == 0:
            yield short_hash(run)
