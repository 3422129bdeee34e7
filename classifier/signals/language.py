"""Is a text English? The rules that read text know no other language yet."""

import re
from typing import Final

from classifier.phrases import words

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SHARE: Final = 0.18  # of a text's words that are small English words
_TOO_SHORT: Final = 4  # words: too few to tell
_SHORT: Final = 15  # words: a short text is English unless small words of another language show


def is_english(text: str) -> bool:
    """Whether a text is English; True for texts too short to tell."""
    found = [w.lower().replace("’", "'") for w in _WORD.findall(text[:8000])]
    if len(found) < _TOO_SHORT:
        return text.isascii() or not found or any(w.isascii() for w in found)
    english = sum(w in words("languages", "english") for w in found)
    others = sum(w in words("languages", "others") for w in found)
    if others > english:
        return False
    return english / len(found) >= _SHARE or (len(found) < _SHORT and others == 0 and text.isascii())
