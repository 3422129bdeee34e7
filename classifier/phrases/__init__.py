"""Phrases as text files, one a line, their source in the first line; read once.

A file may have sections ("[acts]"); what stands before the first belongs to the section "".
A line that begins with "#" is a comment.
"""

from functools import cache
from importlib.resources import files


@cache
def sections(name: str) -> dict[str, tuple[str, ...]]:
    """The lines of `<name>.txt` by section, in order. Raises FileNotFoundError where there is no such file."""
    found: dict[str, list[str]] = {"": []}
    current = found[""]
    for line in (files(__name__) / f"{name}.txt").read_text("utf-8").splitlines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if text.startswith("[") and text.endswith("]") and " " not in text and "|" not in text:
            current = found.setdefault(text[1:-1], [])
        else:
            current.append(text)
    return {section: tuple(lines) for section, lines in found.items()}


@cache
def words(name: str, section: str = "") -> frozenset[str]:
    """All words of a section of `<name>.txt`."""
    return frozenset(word for line in sections(name)[section] for word in line.split())
