"""`config.example.toml` is the schema, told to a person: every key, its default, nothing else."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from classifier.rulebook import rules
from models.settings import AccountTable, ImapTable, ServerTable, Settings, SmtpTable, Table
from proxy.config import load_config

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
TEXT = EXAMPLE.read_text("utf-8")
DATA = tomllib.loads(TEXT)

# Keys a user must fill in: the example shows a value, the schema has no default (or another one on purpose).
FILLED_IN = {"addresses", "host", "username", "password_command"}


def tables() -> list[tuple[str, type[Table], dict[str, Any]]]:
    work = DATA["accounts"]["work"]
    found: list[tuple[str, type[Table], dict[str, Any]]] = [
        ("accounts.work.smtp", SmtpTable, work["smtp"]),
        ("accounts.work.imap", ImapTable, work["imap"]),
    ]
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Table):
            found.append((name, field.annotation, DATA[name]))
    return found


def section(name: str) -> str:
    """The lines of one table, comments included."""
    return re.split(r"^\[", TEXT.split(f"\n[{name}]\n", 1)[1], maxsplit=1, flags=re.M)[0]


@pytest.mark.parametrize(("name", "table", "given"), tables(), ids=lambda v: v if isinstance(v, str) else "")
def test_every_key_is_there_with_its_default(name: str, table: type[Table], given: dict[str, Any]) -> None:
    for key, field in table.model_fields.items():
        if key == "lists":
            assert "[people.lists]" in TEXT
            continue
        if key not in given:
            assert re.search(rf"^# {key} = ", section(name), re.M), f"{name}.{key} is missing"
            continue
        if issubclass(table, ServerTable) and key in FILLED_IN:
            continue
        assert given[key] == field.default, f"{name}.{key} is not the default"


def test_every_key_has_its_reason() -> None:
    """A comment stands above each key (or beside it), in the words of the one who reads it."""
    for name, table, _ in tables():
        lines = section(name).splitlines()
        if issubclass(table, ServerTable):
            continue  # the server's keys are explained once, and read by themselves
        for at, line in enumerate(lines):
            if re.match(r"^[a-z_]+ = ", line):
                assert lines[at - 1].startswith("#"), f"{name}: {line} has no reason"


def test_the_example_loads() -> None:
    settings = load_config(EXAMPLE)
    assert set(settings.accounts) == {"work"}
    assert set(AccountTable.model_fields) == set(DATA["accounts"]["work"])


def test_every_rule_has_its_line() -> None:
    for rule in rules():
        assert re.search(rf"^#? ?{rule.name} = ", section("rules"), re.M), f"[rules] lacks {rule.name}"
