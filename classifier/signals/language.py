"""Is a text English? The rules that read text know no other language yet."""

import re
from functools import lru_cache
from typing import Final

from classifier.phrases import words

_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_ASCII_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?")  # the same in most texts, in half the time
_MAX_TEXT: Final = 8_000  # characters
_SHARE: Final = 0.18  # of a text's words that are small English words
_TOO_SHORT: Final = 4  # words: too few to tell
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n")
_PARAGRAPHS: Final = 40  # looked at by themselves
_PROSE: Final = 8  # words of a paragraph that can tell
_SHORT: Final = 15  # words: a short text is English unless small words of another language show
# Words: one not much longer is, too, where two of English show ("Super reliable, book him …").
_HURRIED: Final = 40


@lru_cache(maxsize=16)
def is_english(text: str) -> bool:
    """Whether a text is English; True for texts too short to tell."""
    found = _words(text[:_MAX_TEXT])
    if len(found) < _TOO_SHORT:
        return text.isascii() or not found or any(w.isascii() for w in found)
    english = sum(map(words("languages", "english").__contains__, found))
    others = sum(map(words("languages", "others").__contains__, found))
    if others > english:
        return False
    if others == 0 and text.isascii() and (len(found) < _SHORT or (len(found) < _HURRIED and english > 1)):
        return True
    return english / len(found) >= _SHARE or any(
        map(_is_prose, _PARAGRAPH.split(text[:_MAX_TEXT])[:_PARAGRAPHS])
    )


def _is_prose(paragraph: str) -> bool:
    """Whether a paragraph is an English sentence or two: a pasted log or table beside it makes it no less English."""
    found = _words(paragraph)
    english = sum(map(words("languages", "english").__contains__, found))
    return len(found) >= _PROSE and english / len(found) >= _SHARE


def _words(text: str) -> list[str]:
    text = text.lower().replace("’", "'")
    return (_ASCII_WORD if text.isascii() else _WORD).findall(text)
