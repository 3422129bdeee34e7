"""Writes the pages that are made from the code: `python docs/generate.py` (or `make docs`).

docs/commands.md from the command line, docs/rules/ from the rules' docstrings, docs/held.md from the table of
moves, docs/map.md from the modules' first lines, docs/corpus.md by counting the letters. A test fails while they are
stale; `--check` does the same by hand.
"""

import ast
import inspect
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import typer

from classifier import policy, rulebook
from classifier.training.corpus import Sample, letters
from models.finding import Ask
from models.held import diagram
from models.past import Tie
from proxy.cli import app

DOCS = Path(__file__).parent
CORPUS = DOCS.parent / "classifier/corpus"
MADE = "<!-- made by docs/generate.py; change the code, then run `make docs` -->\n\n"


def pages() -> dict[str, str]:
    """Every generated page: path under docs/ -> text."""
    made = {
        "commands.md": commands_page(),
        "held.md": held_page(),
        "rules/README.md": rules_page(),
        "map.md": map_page(),
        "corpus.md": corpus_page(),
    }
    for rule in rulebook.rules():
        made[f"rules/{rule.name}.md"] = (
            MADE + f"# {rule.name}\n\n{rulebook.documentation(rule.name).strip()}\n"
        )
    return made


def commands_page() -> str:
    """Each command with its help, arguments and options."""
    parts = [MADE, "# Commands\n"]
    for path, command in _commands(typer.main.get_command(app), "coldask"):
        parts.append(f"\n## `{path}`\n\n{inspect.cleandoc(command.help or '').replace(chr(8), '').strip()}\n")
        rows = [_row(p) for p in command.params if p.name != "help"]
        if rows:
            parts.append("\n| option | meaning |\n|---|---|\n" + "".join(rows))
    return "".join(parts)


def _commands(command: Any, path: str) -> list[tuple[str, Any]]:
    children = getattr(command, "commands", None)
    if not children:
        return [(path, command)]
    return [
        found
        for name, child in children.items()
        if not child.hidden
        for found in _commands(child, f"{path} {name}")
    ]


def _row(parameter: Any) -> str:
    names = ", ".join(
        f"`{name}`"
        for name in (
            parameter.opts if parameter.param_type_name == "option" else [(parameter.name or "").upper()]
        )
    )
    return f"| {names} | {(getattr(parameter, 'help', '') or '').strip()} |\n"


def held_page() -> str:
    """The states of a held mail's recipient, drawn from models/held.py."""
    text = "Each recipient of a held mail has a state of its own; nothing but these moves is possible."
    return MADE + f"# The states of held mail\n\n{text}\n\n```mermaid\n{diagram()}```\n"


def rules_page() -> str:
    """The list of rules and the table of asks and ties."""
    rows = "".join(
        f"| [{r.name}]({r.name}.md) | {policy.DEFAULTS[r.name]} | {r.summary} |\n" for r in rulebook.rules()
    )
    head = "| ask | " + " | ".join(t.value for t in Tie) + " |\n|" + "---|" * (len(Tie) + 1) + "\n"
    table = "".join(
        f"| {ask.value} | " + " | ".join(policy.MATRIX[ask][t].value for t in Tie) + " |\n"
        for ask in Ask
        if ask in policy.MATRIX
    )
    return MADE + (
        "# Rules\n\n| rule | does | catches |\n|---|---|---|\n"
        + rows
        + "\n## Asks and ties\n\nWhat `premature-ask` does with an ask of a kind to a person of a tie:\n\n"
        + head
        + table
    )


def map_page() -> str:
    """Every module with the first line of its docstring, in the order a mail meets the packages."""
    parts = [MADE, "# Map\n\nA line a file: the first line of each module's docstring.\n"]
    root = DOCS.parent
    for package in ("models", "classifier", "proxy"):
        parts.append(f"\n## {package}/\n\n| file | what it is for |\n|---|---|\n")
        for file in sorted((root / package).rglob("*.py")):
            line = (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").partition("\n")[0]
            parts.append(f"| `{file.relative_to(root)}` | {line} |\n")
    return "".join(parts)


def corpus_page() -> str:
    """How many letters and sentences of each author the models are fitted to, by verdict, family and ask."""
    samples = letters(CORPUS)
    incoming = [one for one in samples if not one.outgoing]
    authors = sorted({one.author for one in samples})
    verdicts = "".join(f"| {author} | {_verdicts(samples, author)} |\n" for author in authors)
    kinds = Counter((one.author, kind) for one in samples for kind, _ in one.asks)
    return MADE + (
        "# The corpus\n\nWhat `classifier/corpus` holds: letters and sentences written for this project, all people\n"
        "and places invented. A letter comes with the mail before it, and with what should become of it.\n\n"
        "## Letters\n\n| author | incoming: filed | kept | outgoing: held or warned | let through |\n"
        f"|---|---|---|---|---|\n{verdicts}\n"
        f"## Incoming, by family\n\n{_counts(incoming)}\n## Asks noted in letters\n\n"
        + _table("ask", authors, {ask.value: [kinds[author, ask.value] for author in authors] for ask in Ask})
        + f"\n## Sentences\n\n{_sentences()}"
    )


def _verdicts(samples: tuple[Sample, ...], author: str) -> str:
    found = Counter((one.outgoing, one.wanted) for one in samples if one.author == author)
    return " | ".join(str(found[way, wanted]) for way in (False, True) for wanted in (True, False))


def _counts(incoming: list[Sample]) -> str:
    authors = sorted({one.author for one in incoming})
    found = Counter((one.family, one.author) for one in incoming)
    filed = Counter(one.family for one in incoming if one.wanted)
    families = sorted({one.family for one in incoming}, key=lambda name: (-filed[name], name))
    rows = {family: [*(found[family, author] for author in authors), filed[family]] for family in families}
    return _table("family", [*authors, "filed"], rows)


def _sentences() -> str:
    rows = {}
    for path in sorted(CORPUS.glob("sentences-*.jsonl")):
        asks = [bool(json.loads(line)["asks"]) for line in path.read_text("utf-8").splitlines()]
        rows[path.stem.removeprefix("sentences-")] = [sum(asks), len(asks) - sum(asks)]
    return _table("author", ["that ask", "that do not"], rows)


def _table(of: str, columns: list[str], rows: dict[str, list[int]]) -> str:
    head = f"| {of} | {' | '.join(columns)} |\n|{'---|' * (len(columns) + 1)}\n"
    return head + "".join(f"| {name} | {' | '.join(map(str, row))} |\n" for name, row in rows.items())


def main() -> int:
    stale = []
    for name, text in pages().items():
        page = DOCS / name
        if page.exists() and page.read_text("utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            page.parent.mkdir(exist_ok=True)
            page.write_text(text, "utf-8")
    print(f"{'stale' if '--check' in sys.argv else 'written'}: {', '.join(stale) or 'nothing'}")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
