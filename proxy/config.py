"""The configuration file: found, read, checked, with words for whoever wrote it."""

import difflib
import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import ValidationError

from classifier.policy import COLD_ASK, DEFAULTS
from models.address import canonical
from models.errors import ConfigError, UsageError
from models.finding import Effect
from models.past import Owner
from models.settings import Settings, Table, path_in_home

MAX_BYTES = 1_000_000
_SHOWN = 60  # characters of a wrong value
RULES = sorted({*DEFAULTS, COLD_ASK})
_FILES = frozenset({"password_file", "ca_file", "path"})  # keys whose value names a file


def find_config(given: str | None) -> Path:
    """Where the configuration is: --config, $COLDASK_CONFIG, $XDG_CONFIG_HOME/coldask, ~/.config/coldask."""
    if given or (given := os.environ.get("COLDASK_CONFIG")):
        return path_in_home(given)
    base = os.environ.get("XDG_CONFIG_HOME")
    folder = Path(base) if base else Path.home() / ".config"
    return folder / "coldask" / "config.toml"


def load_config(path: Path) -> Settings:
    """Read and check the configuration.

    Raises ConfigError with file, key, what is wrong and what to write instead; values of secret keys never show.
    """
    try:
        if path.is_dir():
            raise ConfigError(f"{path} is a folder; give the configuration file in it.")
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(f"{path} is larger than a megabyte; this is not a coldask configuration.")
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            f"There is no configuration at {path}; `coldask init` writes one, or name another file with --config."
        ) from None
    except UnicodeDecodeError as e:
        raise ConfigError(f"{path} is not UTF-8 text (byte {e.start}); save it as UTF-8.") from None
    except OSError as e:
        raise ConfigError(f"{path} cannot be read: {e.strerror}.") from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise ConfigError(f"{path} is not valid TOML: {e}.") from None
    try:
        settings = Settings.model_validate(_from_its_folder(data, path.absolute().parent))
    except ValidationError as e:
        raise ConfigError("\n".join(_problem(path, error) for error in e.errors())) from None
    if problems := [_unknown_rule(path, name) for name in settings.rules if name not in RULES]:
        raise ConfigError("\n".join(problems))
    return settings


def _from_its_folder(table: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The same with the files it names found from the configuration's folder, wherever coldask was started."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found[key] = _from_its_folder(value, folder)
        elif key in _FILES and isinstance(value, str) and value and value[0] != "~":
            found[key] = str(folder / value)
        else:
            found[key] = value
    return found


def _unknown_rule(path: Path, name: str) -> str:
    near = difflib.get_close_matches(name, RULES, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "`coldask rules` lists them."
    return f"{path}: rules.{name}: unknown rule; {hint}"


def _problem(path: Path, error: Any) -> str:
    """One line for one mistake: file, key, what is wrong, what to write instead."""
    where = [str(part) for part in error["loc"] if part != "function-after"]
    key = ".".join(where) or "(top)"
    kind = error["type"]
    if kind == "extra_forbidden":
        known = _keys_at(where[:-1])
        near = difflib.get_close_matches(where[-1], known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}."
        return f"{path}: {key}: unknown key; {hint}"
    if kind == "missing":
        return f"{path}: {key}: is missing; config.example.toml shows it with its reason."
    if kind == "value_error":
        return f"{path}: {key}: {error['msg'].removeprefix('Value error, ')}."
    shown = "" if _secret(key) else f", found {_as_written(error['input'])}"
    return f"{path}: {key}: {_wanted(kind, error.get('ctx', {}))}{shown}; config.example.toml shows what to write."


_TYPES = {
    "int_type": "a whole number is wanted",
    "int_from_float": "a whole number is wanted",
    "float_type": "a number is wanted",
    "string_type": "a text in quotes is wanted",
    "bool_type": "true or false is wanted",
    "list_type": 'a list is wanted, like ["…"]',
    "dict_type": "a table is wanted",
    "model_type": "a table is wanted",
    "enum": "{expected} is wanted",
    "literal_error": "{expected} is wanted",
    "greater_than": "a number above {gt} is wanted",
    "greater_than_equal": "{ge} or more is wanted",
    "less_than": "a number below {lt} is wanted",
    "less_than_equal": "{le} or less is wanted",
    "too_short": "it must not be empty",
    "string_too_short": "it must not be empty",
}


def _wanted(kind: str, details: Mapping[str, Any]) -> str:
    """What the schema wants, in the words of a configuration."""
    return _TYPES.get(kind, "this cannot be used").format(**details)


def _as_written(value: Any) -> str:
    """A value about as TOML has it."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except TypeError:  # a date
        text = str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _secret(key: str) -> bool:
    return any(word in key for word in ("password", "token", "username"))


def _keys_at(where: list[str]) -> list[str]:
    """The keys the schema knows at this place."""
    table: type[Table] | None = Settings
    for part in where:
        if table is None:
            return []
        field = table.model_fields.get(part)
        if field is None:
            continue  # the name of an account
        table = _table_of(field.annotation)
    return sorted(table.model_fields) if table else []


def _table_of(annotation: Any) -> type[Table] | None:
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return annotation
    return next((t for a in getattr(annotation, "__args__", ()) if (t := _table_of(a))), None)


def store_path(settings: Settings) -> Path:
    """The store's file: as configured, else in the system's data folder (XDG_DATA_HOME honoured)."""
    if settings.store.path:
        return path_in_home(settings.store.path)
    return Path(platformdirs.user_data_dir("coldask")) / "coldask.db"


def owner_of(settings: Settings) -> Owner:
    """Who the user is. The running service uses the configured internal domains only."""
    return Owner(
        addresses=settings.own_addresses,
        internal_domains=frozenset(settings.people.internal_domains),
    )


def trusted_of(settings: Settings) -> frozenset[str]:
    """The people the user trusts, canonical."""
    return frozenset(canonical(a) for a in settings.people.trusted)


def overrides_of(settings: Settings) -> dict[str, Effect]:
    """What the user wants of each rule named under [rules], as judgement takes it."""
    return {name: Effect(effect.value) for name, effect in settings.rules.items()}


def mailing_lists(settings: Settings, base: Path) -> dict[str, frozenset[str]]:
    """The mailings the user runs, `file:` entries read (relative to the configuration's folder)."""
    lists: dict[str, frozenset[str]] = {}
    for name, entries in settings.people.lists.items():
        members: set[str] = set()
        for entry in entries:
            if not entry.startswith("file:"):
                members.add(canonical(entry))
                continue
            file = base / path_in_home(entry.removeprefix("file:"))
            try:
                lines = file.read_text("utf-8").splitlines()
            except (OSError, UnicodeDecodeError):
                raise UsageError(
                    f"people.lists.{name}: {file} cannot be read; give a text file with one address a line."
                ) from None
            members.update(canonical(line) for line in lines if "@" in line and not line.startswith("#"))
        lists[name] = frozenset(members)
    return lists
