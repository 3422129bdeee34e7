"""No regular expression of the reading is slower than linear on text made to almost match it."""

import inspect
import pkgutil
import re
import time
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

import pytest

import classifier.reading
from classifier.signals import automation

HALF = 25_000  # characters; each text is tried at this length and at twice it
CAP = 0.25  # seconds at 50,000 characters; linear ones take a few milliseconds
# fmt: off
NEAR_MISSES = (
    "a", " ", "\n", "\t", "\r", "\x00", "_",
    "=", "|", "1", ":", ";", "{", "}", "[", "]", "<", '"', "'", "\\", "A", "é",
    "a ", "( ", "> ", "-- ",
    "--\n", "- ", "= ", "< ", "1 ", "; a", "a@", "@a", "a@a", "a.", "a-", "a_", "---",
    "=?", "=?utf-8?q?", '"\\', '; a="', "%4", "&#", "1/1/", "1:1", "2021-01-01 ", "{a}", "@{", "{\\*", "{\\*{",
    "<a", "<a ", "<!--", "<style", "<style>", "<meta ", "style=", 'style="', "class='", "hidden ", "word/", "www.",
    "p.s", "On ", "wrote ", "wrote: ", "From: ", "sent from ", "sent from my a ", "best ", "noreply", "a-noreply",
    "original message", "out of office ",
)
# fmt: on


class Use(NamedTuple):
    """A pattern, and how its module uses it: `match` alone never starts anywhere but at the beginning."""

    where: str
    pattern: re.Pattern[str] | re.Pattern[bytes]
    ways: frozenset[str]


def _modules() -> Iterator[ModuleType]:
    yield automation
    for found in pkgutil.walk_packages(classifier.reading.__path__, "classifier.reading."):
        yield import_module(found.name)


def _uses() -> list[Use]:
    found: list[Use] = []
    for module in _modules():
        source = inspect.getsource(module)
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and re.search(rf"(?m)^{name} = ", source):
                ways = re.findall(rf"\b{name}\.(match|fullmatch|search|finditer|findall|sub|split)\(", source)
                found.append(Use(f"{module.__name__}.{name}", value, frozenset(ways)))
    return found


USES = _uses()


def test_all_patterns_are_found_and_used() -> None:
    assert len(USES) > 50
    assert [
        use.where for use in USES if not use.ways and not use.where.endswith((".addresses._PLAIN", "._NAMED"))
    ] == []


@pytest.mark.parametrize("module", list(_modules()), ids=lambda module: module.__name__)
def test_no_pattern_hides_inside_a_function(module: ModuleType) -> None:
    assert (
        re.findall(
            r"\bre\.(?:search|match|fullmatch|findall|finditer|sub|split)\(", inspect.getsource(module)
        )
        == []
    )


def _run(use: Use, text: str) -> float:
    subject = text.encode("utf-8") if isinstance(use.pattern.pattern, bytes) else text
    pattern: re.Pattern[str] = use.pattern  # type: ignore[assignment]
    start = time.process_time()
    pattern.match(subject)  # type: ignore[arg-type]
    pattern.fullmatch(subject)  # type: ignore[arg-type]
    if use.ways - {"match", "fullmatch"}:
        for _ in pattern.finditer(subject):  # type: ignore[arg-type]
            pass
    return time.process_time() - start


@pytest.mark.parametrize("use", USES, ids=lambda use: use.where)
def test_time_grows_with_length_not_faster(use: Use) -> None:
    seeds = {*NEAR_MISSES, *re.findall(r"[A-Za-z<>:=-]{3,20}", str(use.pattern.pattern))[:12]}
    for seed in sorted(seeds):
        longer = _run(use, seed * (2 * HALF // len(seed)) + "\x01")
        if longer < 0.02:
            continue
        shorter = min(_run(use, seed * (HALF // len(seed)) + "\x01") for _ in range(3))
        longer = min(longer, *(_run(use, seed * (2 * HALF // len(seed)) + "\x01") for _ in range(2)))
        assert longer < CAP, f"{seed!r}: {longer:.3f} s"
        assert longer < 3.3 * shorter + 0.02, f"{seed!r}: {shorter:.3f} s, then {longer:.3f} s"
