"""No regular expression of judgement is slower than linear on text made to almost match it.

Those of the reading are tried harder, in `reading/test_patterns.py`. Phrases are bounded by their language,
and what an ear reads is bounded in length.
"""

import ast
import inspect
import pkgutil
import re
import time
from collections.abc import Iterator
from importlib import import_module
from itertools import chain
from typing import NamedTuple

import pytest

import classifier

SHORT = 1_500  # characters; what takes no longer than this for so many is not looked at again
QUICK = 0.002  # seconds
FAR_TOO_LONG = 0.05  # seconds for so few
LONG = 2_000  # characters of a second look, at this length and at twice it
RATIO = 3.2  # of the times of the two; a quadratic one has 4
TRIES = 3
# fmt: off
NEAR_MISSES = (
    "a", "A", "é", "1", " ", "\n", "\t", "_", "-", ",", ".", "(", "[", "{", "<", '"', "'", "“", "@", "/", ":", "!", "?",
    "a ", "A ", "Aa ", "a, ", "Aa, ", "Aa and ", "a.", "a-", "a'", "a@", "a/", "1 ", "1,", "- ", "> ", " \n", ",\n", "-\n",
    "a\n", "( ", "(a ", "[a ", "{a", "<a ", "<pre>", "```", "`a", '"a ', "“a ", "X", "XX,", "__ ", "of the ", "i ", "we ",
    "you ", "i am ", "very ", "Dear ", "re: ", "[a] ", "http://a", "www.a", "+1 ",
)
# fmt: on


class Use(NamedTuple):
    """A pattern, by where it stands, and whether it is ever looked for inside a text."""

    where: str
    pattern: re.Pattern[str]
    searched: bool


def _modules() -> list[str]:
    found = (m.name for m in pkgutil.walk_packages(classifier.__path__, "classifier."))
    return [m for m in found if not m.startswith(("classifier.reading", "classifier.hearing"))]


def _held(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    """The patterns a module's value holds."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, (tuple, list, dict)) and depth < 4:
        for one in value.values() if isinstance(value, dict) else value:
            yield from _held(one, depth + 1)


def _inline(source: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """The patterns written where they are used: `re.split(r"…", text)`."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr != "compile"
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.func.attr, re.compile(str(node.args[0].value))


def uses(name: str) -> list[Use]:
    """Every pattern of a module."""
    module = import_module(name)
    source = inspect.getsource(module)
    found = []
    for key, value in vars(module).items():
        if not re.search(rf"(?m)^{re.escape(key)}\b", source):
            continue  # another module's
        ways = set(re.findall(rf"\b{key}\.(match|fullmatch|search|finditer|findall|sub|split)\(", source))
        searched = bool(ways - {"match", "fullmatch"}) or not ways
        found += [Use(f"{name}.{key}", pattern, searched) for pattern in _held(value)]
    inline = _inline(source)
    return found + [Use(f"{name}, inside", p, way not in ("match", "fullmatch")) for way, p in inline]


def _time(use: Use, seed: str, length: int) -> float:
    text = seed * (length // len(seed)) + "\x01"
    started = time.process_time()
    use.pattern.match(text)
    if use.searched:
        for _ in use.pattern.finditer(text):
            pass
    return time.process_time() - started


def _seeds(use: Use) -> set[str]:
    words = dict.fromkeys(re.findall(r"[A-Za-z]{3,}", use.pattern.pattern))
    return {*NEAR_MISSES, *chain.from_iterable((w, f"{w} ") for w in [*words][:6])}


def slow(use: Use) -> str:
    """In words, on what a pattern takes more than linear time; "" for none."""
    for seed in sorted(_seeds(use)):
        first = _time(use, seed, SHORT // 5)
        first = _time(use, seed, SHORT) if first < FAR_TOO_LONG else first
        if first < QUICK:
            continue
        if first >= FAR_TOO_LONG and _time(use, seed, SHORT // 5) >= FAR_TOO_LONG / 25:
            return f"{use.where} ({use.pattern.pattern[:60]!r}) on {seed!r}: {first:.3f} s for a few"
        ratio = 0.0
        for _ in range(TRIES):
            short, long = (min(_time(use, seed, n) for _ in range(2)) for n in (LONG, 2 * LONG))
            ratio = long / max(short, 1e-6)
            if ratio < RATIO:
                break
        else:
            return f"{use.where} ({use.pattern.pattern[:60]!r}) on {seed!r}: {long:.3f} s, {ratio:.1f} times as long"
    return ""


@pytest.mark.parametrize("module", _modules())
def test_time_grows_with_length_not_faster(module: str) -> None:
    assert [words for use in uses(module) if (words := slow(use))] == []


def test_patterns_are_found() -> None:
    assert sum(len(uses(module)) for module in _modules()) > 150


def test_a_quadratic_pattern_is_seen() -> None:
    assert slow(Use("here", re.compile(r"^\W*dear", re.MULTILINE), searched=True))
    assert not slow(Use("here", re.compile(r"^\W{0,40}dear", re.MULTILINE), searched=True))
