"""What a page has said so far, so that no sentence stands on it twice."""

import re
from typing import Final

_END: Final = re.compile(r"(?<=[.?!”])\s+")
_FEWEST: Final = 5  # words: what is shorter may be a part of a sentence ("You ask Dr."), and may come again


class Said:
    """The sentences of one page. A verdict's reason, messages and advice are often the same words."""

    def __init__(self) -> None:
        self._sentences: set[str] = set()
        self._text = ""

    def new(self, text: str) -> str:
        """What of this was not said yet; "" where all of it was. From now on it counts as said."""
        if text in self._text:
            return ""
        self._text += f"{text}\n"
        sentences = _sentences(text)
        new = [one for one in sentences if one not in self._sentences or len(one.split()) < _FEWEST]
        self._sentences.update(sentences)
        return " ".join(new)

    def quoted(self, words: str) -> bool:
        """Whether these words of the mail stand whole, in quotation marks, in what was said."""
        return f"“{words}”" in self._text


def _sentences(text: str) -> list[str]:
    """The text cut at ends of sentences, but never inside a quotation."""
    found: list[str] = []
    for part in _END.split(text):
        if found and found[-1].count("“") > found[-1].count("”"):
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found
