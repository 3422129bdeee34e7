"""Every word of the phrase files can stand in a sentence's plain form: none is waited for in vain."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import classifier.phrases
from classifier.phrases import sections
from classifier.signals import grammar
from classifier.signals.sentences import plain

# Files of another kind, and sections that are lists of words as they are written.
OTHERS = {
    *("closings", "common", "disclaimers", "errands", "footers", "free-mail", "help-no-names", "kinds", "languages"),
    *("machine-senders", "mail-headings", "nicknames", "no-names", "placeholders", "roles", "shorthand"),
    *("standing-lines", "subjects", "verbs"),
}  # fmt: skip
AS_WRITTEN = {("calls", "no-names"), ("introducing", "no-given-names"), ("introducing", "no-persons")}
MARKS = {"..", "...", "^", "$", "#", "thereader", "theother", "'s", "<url>", "<mail>"}
FILES = sorted({p.stem for p in Path(classifier.phrases.__file__).parent.glob("*.txt")} - OTHERS)


def words(nodes: grammar._Sequence) -> Iterator[str]:
    """The words a phrase is written with."""
    for node in nodes:
        if isinstance(node, str):
            yield node
        else:
            for alternative in node.alternatives:
                yield from words(alternative)


def lost(word: str) -> bool:
    """Whether no sentence's plain form holds this word."""
    if word in MARKS or word[0] == "<" or (word[-1] == "*" and word[:-1].isalnum()):
        return False
    word = word[1:] if word[0] == "@" and len(word) > 1 else word
    return plain(word) != f" {word} "


@pytest.mark.parametrize("name", FILES)
def test_no_phrase_waits_for_a_word_that_never_comes(name: str) -> None:
    dead = []
    for section, lines in sections(name).items():
        if (name, section) in AS_WRITTEN:
            continue
        for line in lines:
            phrase = line.partition(" = ")[2 if name == "classes" else 0]
            dead += [f"{word!r} in {phrase[:80]!r}" for word in words(grammar._read(phrase)) if lost(word)]
    assert dead == []


def test_every_shorthand_stands_for_what_it_says() -> None:
    for line in sections("shorthand")["words"]:
        short, _, long = line.partition(" = ")
        text, _, verb = short.partition(" before a ")
        assert plain(f"{text} send" if verb else text) == (f" {long} send " if verb else f" {long} "), line


def test_a_lost_word_is_seen() -> None:
    assert [w for w in ("don't", "u", "€", "h/week", "percent", "@meet", "introduc*", "*", "?") if lost(w)] == [
        "don't", "u", "€", "h/week", "*",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("# percent off", "20% off until Friday"),
        ("# percent off", "12,5 % off until Friday"),
        ("size .. colour", "the size and the color"),
        ("we brew", "We brew beer"),
        ("invoice #", "your invoice 4711"),
    ],
)
def test_what_is_written_in_other_ways_is_found(phrase: str, text: str) -> None:
    assert re.search(grammar.regex(phrase), plain(text))
