"""The words of a text as the core ear and the user's own model know them."""

import re
from typing import Final

_WORD: Final = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w.-]+|[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[?!.,:;$€£%()\"-]"
)


def words_of(text: str) -> list[str]:
    """The words of a text: lower case; numbers by their length only, addresses and links by being there."""
    found = _WORD.findall(text.lower().replace("’", "'"))
    return [_form(word) for word in found]


def _form(word: str) -> str:
    if word.startswith(("http", "www.")):
        return "<url>"
    if "@" in word:
        return "<addr>"
    return f"<num{min(len(word), 5)}>" if word.isdigit() else word
