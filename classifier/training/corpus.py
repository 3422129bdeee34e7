"""The corpus of sentences: which ask something of their reader, and what."""

import json
from dataclasses import dataclass
from pathlib import Path

from classifier.signals.sentences import plain
from models.finding import Ask


@dataclass(frozen=True, slots=True)
class Example:
    """One text of the corpus, a sentence or two. `held`: kept for measuring, never fitted on."""

    text: str
    plain: str
    asks: frozenset[Ask]
    topic: str
    held: bool
    author: str


def examples(folder: Path) -> tuple[Example, ...]:
    """All examples of the `sentences-*.jsonl` of a folder, by file and line."""
    return tuple(
        _example(json.loads(line), path.stem.removeprefix("sentences-"))
        for path in sorted(folder.glob("sentences-*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    )


def _example(row: dict[str, object], author: str) -> Example:
    text, asks = str(row["text"]), row["asks"]
    assert isinstance(asks, list)
    return Example(
        text=text,
        plain=plain(text),
        asks=frozenset(map(Ask, asks)),
        topic=f"{author}: {row['topic']}",
        held=bool(row.get("held")),
        author=author,
    )
