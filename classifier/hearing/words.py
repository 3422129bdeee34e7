"""The words of a text as the core ear and the user's own model know them."""

import re
from typing import Final

_WORD: Final = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w.-]+|[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[?!.,:;$€£%()\"-]"
)
_LONGEST: Final = 40  # letters; what is longer is nobody's word, and must not drown those that are


def words_of(text: str) -> list[str]:
    """The words of a text: lower case; numbers by their length only, addresses and links by being there.

    What is too long to be a word is left out.
    """
    found = map(_form, _WORD.findall(text.lower().replace("’", "'")))
    return [word for word in found if len(word) <= _LONGEST]


def _form(word: str) -> str:
    if word.startswith(("http", "www.")):
        return "<url>"
    if "@" in word:
        return "<addr>"
    return f"<num{min(len(word), 5)}>" if word.isdigit() else word
