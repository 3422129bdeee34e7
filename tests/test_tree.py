"""The tree itself: nothing left over, nothing of this machine, nobody's real address."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SKIPPED = {".git", ".venv", "__pycache__", "dist", "build", "node_modules"}
TEXT = {".py", ".md", ".toml", ".txt", ".sql", ".in", ".eml", ".smtp", ".sh", ""}
# Domains nobody owns (RFC 2606, RFC 6761), and names that stand for a provider's or a network's own habits.
RESERVED = re.compile(r"(^|\.)(example|test|invalid|localhost|local)$|(^|\.)example\.(com|net|org)$")
PROVIDERS = (
    *("gmail.com", "googlemail.com", "googlegroups.com"),
    *("linkedin.com", "facebook.com", "facebookmail.com", "meetup.com", "xing.com"),
    *("quay.co.uk", "pier.co.uk"),  # a suffix of two labels has no reserved names
)
ADDRESS = re.compile(r"(?<![\w.+/-])[\w.+-]+@((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})\b")


def _files() -> Iterator[Path]:
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        hidden = any(
            p in SKIPPED or (p.startswith(".") and p != ".ci") or p.endswith(".egg-info") for p in parts
        )
        if path.is_file() and not hidden and path.suffix in TEXT and path != Path(__file__):
            yield path


def _lines(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in _files():
        text = path.read_bytes().decode("utf-8", "replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    return found


@pytest.mark.parametrize("left", [r"/work/", r"\b(TODO|FIXME)\b", r"/tmp/plan"])
def test_nothing_is_left_over(left: str) -> None:
    assert _lines(re.compile(left)) == []


def test_every_address_is_invented() -> None:
    real = set()
    for path in _files():
        for domain in ADDRESS.findall(path.read_bytes().decode("utf-8", "replace")):
            if not RESERVED.search(domain.lower()) and not domain.lower().endswith(PROVIDERS):
                real.add(f"{path.relative_to(ROOT)}: {domain}")
    assert sorted(real) == []


def test_every_module_says_what_it_is_for() -> None:
    silent = []
    for path in _files():
        if path.suffix == ".py" and path.read_text("utf-8").strip():
            words = ast.get_docstring(ast.parse(path.read_text("utf-8")))
            if not words:
                silent.append(str(path.relative_to(ROOT)))
    assert silent == []
