"""The words of a text as the core ear and the user's own model know them."""

import re
from typing import Final

_WORD: Final = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]++@[\w.-]+|[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[?!.,:;$€£%()\"-]"
)
_KNOWN: Final = 20_000  # words whose form is remembered
_LONGEST: Final = 40  # letters; what is longer is nobody's word, and must not drown those that are


def words_of(text: str) -> list[str]:
    """The words of a text: lower case; numbers by their length only, addresses and links by being there.

    What is too long to be a word is left out.
    """
    found = map(_FORMS.__getitem__, _WORD.findall(text.lower().replace("’", "'")))
    return [word for word in found if word]


class _Forms(dict[str, str]):
    """The form of a word as written; "" of what is left out."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _KNOWN:
            self.clear()
        form = self[word] = _form(word)
        return form


def _form(word: str) -> str:
    if word.startswith(("http", "www.")):
        return "<url>"
    if "@" in word:
        return "<addr>"
    if word.isdigit():
        return f"<num{min(len(word), 5)}>"
    return word if len(word) <= _LONGEST else ""


_FORMS: Final = _Forms()
