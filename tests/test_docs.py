"""The docs say what is there: generated pages are fresh, links lead somewhere, commands in the README exist."""

import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from classifier.rulebook import rules
from proxy.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
GENERATED = runpy.run_path(str(ROOT / "docs/generate.py"))["pages"]()


@pytest.mark.parametrize("name", sorted(GENERATED))
def test_a_generated_page_is_fresh(name: str) -> None:
    page = ROOT / "docs" / name
    assert page.exists() and page.read_text("utf-8") == GENERATED[name], "run `make docs`"


def test_no_generated_page_is_left_of_a_rule_that_is_gone() -> None:
    pages = {f.stem for f in (ROOT / "docs/rules").glob("*.md")} - {"README"}
    assert pages == {rule.name for rule in rules()}


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_link_leads_to_a_file(page: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / page).read_text("utf-8")):
        assert (ROOT / target).exists(), f"{page} links to {target}"


def test_every_path_in_the_architecture_exists() -> None:
    for path in re.findall(
        r"`((?:proxy|classifier|models|tests|docs)/[\w./]*)`", (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    ):
        assert (ROOT / path).exists(), path


def test_every_command_of_the_readme_exists() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    blocks = "\n".join(re.findall(r"^ *```sh\n(.*?)```", README, re.M | re.S))
    found = re.findall(r"^ *coldask ([a-z]+)(?: ([a-z]+)\b)?", blocks, re.M)
    assert len(found) > 8
    for command, follow in found:
        assert command in commands, command
        inner = getattr(commands[command], "commands", None)
        if inner is not None:
            assert follow in inner, f"{command} {follow}"


def _commands(group: Any, name: str = "coldask") -> Iterator[tuple[str, Any]]:
    """Every command with its whole name."""
    for word, command in group.commands.items():
        inner = hasattr(command, "commands")
        yield from _commands(command, f"{name} {word}") if inner else [(f"{name} {word}", command)]


def test_every_command_takes_a_configuration_and_json_and_shows_an_example() -> None:
    found = dict(_commands(typer.main.get_command(app)))
    assert len(found) > 25
    for name, command in found.items():
        help_page = command.help or ""
        options = {word for option in command.params for word in option.opts} | set(help_page.split())
        assert "Example: " in help_page and name in help_page.partition("Example: ")[2], name
        assert {"--config", "--json"} <= options, name


def test_the_readme_tells_the_story_of_the_demo() -> None:
    assert "$ make demo" in README and "as announced" in README


def test_advice_names_only_commands_there_are() -> None:
    """What a verdict tells the user to type can be typed."""
    there = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    there |= {group.name for group in app.registered_groups if group.name}
    for file in (ROOT / "classifier").rglob("*.py"):
        named = set(re.findall(r"`coldask ([a-z]+)", file.read_text(encoding="utf-8")))
        assert named <= there, f"{file} names {named - there}"
