"""What a person sees: escaped, coloured only on a terminal, JSON on demand."""

import json
import sys
import unicodedata
from typing import Any


def safe(text: str, *, lines: bool = False) -> str:
    """Text of a mail made harmless for a terminal: control and direction characters shown as escapes.

    `lines` keeps line ends.
    """
    out = []
    for char in text:
        if char == "\n" and lines:
            out.append(char)
        elif char in "\t\n\r":
            out.append(" ")
        elif unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and char not in "‌‍":
            out.append(f"\\u{ord(char):04x}")
        else:
            out.append(char)
    return "".join(out)


def share(part: float) -> str:
    """A certainty (0..1) in per cent. Nothing short of it is called certain, and nothing above it impossible."""
    if part < 1 and part >= 0.995:
        return "over 99%"
    return "under 1%" if 0 < part < 0.005 else f"{part:.0%}"


def print_json(document: Any) -> None:
    """One JSON document on one line of stdout. Lone surrogates (from broken mail) stay escaped."""
    text = json.dumps(document, ensure_ascii=False, default=str)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = json.dumps(document, default=str)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say(text: str = "") -> None:
    """A line for the person, on stdout."""
    sys.stdout.write(text + "\n")


def tell(text: str) -> None:
    """A line beside the data: progress, hints, prompts; on stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
