"""The small language of the phrase files: what a phrase matches, and which words a sentence with it must hold.

introduce           the word itself            introduc*      any word that begins so
@introduce          the verb in its forms      (me|us|my firm)  one of these
[please]            may be there or not        ..  ...        up to three, up to six words between
<people>            a list of classes.txt      ^  $           the sentence begins, ends, here
#                   a number
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from classifier.phrases import sections
from classifier.phrases import words as words_in
from classifier.signals.verbs import forms

_PIECE: Final = re.compile(r"\(|\)|\||\[|\]|[^\s()|\[\]]+")
_ANY: Final = "[^ ]+ "
_OPENERS: Final = (
    r"^ (?:(?:hi|hello|hey|so|and|also|but|ps|p|s|oh|well|then|just|maybe|perhaps|now|ok"
    r"|anyway|please|,|-|\.|:) ){0,4}"
)
_KEY: Final = 4  # letters by which a word is known to be common
_MARKS: Final = frozenset({"..", "...", "^", "$", "#", "*"})  # pieces that hang on no word
_NOTHING: Final[frozenset[str]] = frozenset()

Words = frozenset[str]  # as phrases write them: "introduc*" for all that begin so; empty: any


class _Group(NamedTuple):
    """Alternatives, one of which stands there; or, where it is optional, none."""

    alternatives: tuple["_Sequence", ...]
    optional: bool


_Node = str | _Group
_Sequence = tuple[_Node, ...]


@cache
def cost(words: Words) -> float:
    """How often a text holds one of these words, roughly: in how many of some thousand sentences."""
    very_common, common = words_in("shorthand", "very-common"), words_in("shorthand", "common")
    return sum(250 if w in very_common else 12 if w[:_KEY] in common else 1 for w in words)


def regex(source: str) -> str:
    """The regular expression of a phrase, over plain words."""
    return "(?<![^ ])" + _written(_read(source))


def needs(source: str, given: Words = _NOTHING) -> Iterator[Words]:
    """For each part of a phrase that hangs on words, which: a match holds one of each.

    A part that a `given` word can stand for hangs on nothing.
    """
    for node in _read(source):
        if words := _words_of_node(node, given):
            yield words


def neighbours(source: str) -> Iterator[tuple[Words, Words]]:
    """Two parts that stand side by side in every match: it holds a word of the first before one of the second."""
    nodes = _read(source)
    for at, node in enumerate(nodes):
        if isinstance(node, str) or not node.optional:
            before = _last((node,))
            if before and (after := _first(nodes[at + 1 :])):
                yield before, after


@cache
def _read(source: str) -> _Sequence:
    pieces = _PIECE.findall(source)
    pieces.reverse()
    return _alternatives(pieces, "")[0]


def _alternatives(pieces: list[str], closing: str) -> tuple[_Sequence, ...]:
    found: list[list[_Node]] = [[]]
    while pieces and (piece := pieces.pop()) != closing:
        if piece == "|":
            found.append([])
        elif piece in "([":
            found[-1].append(_Group(_alternatives(pieces, ")" if piece == "(" else "]"), piece == "["))
        else:
            found[-1].append(piece)
    return tuple(map(tuple, found))


def _written(nodes: _Sequence) -> str:
    return "".join(
        _element(n)
        if isinstance(n, str)
        else f"(?:{'|'.join(map(_written, n.alternatives))}){'?' if n.optional else ''}"
        for n in nodes
    )


def _element(piece: str) -> str:
    if piece == "..":
        return f"(?:{_ANY}){{0,3}}?"
    if piece == "...":
        return f"(?:{_ANY}){{0,6}}?"
    if piece == "#":
        return r"\d[\d.,]*[km]? "
    if piece == "^":
        return _OPENERS
    if piece == "$":
        return r"(?:[.?!,)] |please |thanks ){0,4}$"
    if piece[0] == "@":
        return f"(?:{'|'.join(map(re.escape, forms(piece[1:])))}) "
    if _is_class(piece):
        return f"(?:{'|'.join(_spelt(c) for c in _class(piece[1:-1]))})"
    return _spelt(piece)


def _spelt(text: str) -> str:
    return "".join(re.escape(w[:-1]) + "[^ ]* " if w[-1] == "*" else re.escape(w) + " " for w in text.split())


def _is_class(piece: str) -> bool:
    return piece[0] == "<" and piece not in ("<url>", "<mail>")


@cache
def _class(name: str) -> tuple[str, ...]:
    for line in sections("classes")[""]:
        left, _, right = line.partition("=")
        if left.strip() == name:
            return tuple(sorted((p.strip() for p in right.split("|")), key=len, reverse=True))
    raise LookupError(f"classes.txt has no class {name!r}")


def _words_of_node(node: _Node, given: Words) -> Words:
    """The words one of which stands where this node matches; empty where none must."""
    if isinstance(node, str):
        words = _words_of(node)
        return words if words.isdisjoint(given) else _NOTHING
    return _NOTHING if node.optional else _cheapest_of_each(node, given)


@cache
def _words_of(piece: str) -> Words:
    """The words that a piece can match, of a list's entries the rarest of each; empty where it hangs on none."""
    if piece in _MARKS:
        return _NOTHING
    if piece[0] == "@":
        return frozenset(forms(piece[1:]))
    if _is_class(piece):
        entries = tuple(tuple(entry.split()) for entry in _class(piece[1:-1]))
        return _cheapest_of_each(_Group(entries, optional=False), _NOTHING)
    return frozenset({piece})


def _cheapest_of_each(group: _Group, given: Words) -> Words:
    """Of each alternative its rarest part; nothing where one hangs on no word."""
    found: set[str] = set()
    for alternative in group.alternatives:
        parts = [words for node in alternative if (words := _words_of_node(node, given))]
        if not parts:
            return _NOTHING
        rarest = min(parts, key=cost)
        found.update(rarest)
    return frozenset(found)


def _first(nodes: Sequence[_Node]) -> Words:
    """The words that a sequence can begin with; empty: any, or none."""
    return _edge(nodes, last=False)


def _last(nodes: Sequence[_Node]) -> Words:
    """The words that a sequence can end with; empty: any, or none."""
    return _edge(nodes, last=True)


def _edge(nodes: Sequence[_Node], *, last: bool) -> Words:
    found: set[str] = set()
    for node in reversed(nodes) if last else nodes:
        if isinstance(node, str):
            if node in _MARKS:
                return _NOTHING
            entries = _class(node[1:-1]) if _is_class(node) else ()
            edge = frozenset(e.split()[-1 if last else 0] for e in entries) or _words_of(node)
            return edge | found
        for alternative in node.alternatives:
            edge = _edge(alternative, last=last)
            if not edge:
                return _NOTHING
            found |= edge
        if not node.optional:
            return frozenset(found)
    return _NOTHING
