"""[rules] in the configuration: a rule's name is checked, a rule still to come may be named already."""

from pathlib import Path

import pytest

from models.errors import ConfigError
from proxy.config import load_config


def _config(folder: Path, line: str) -> Path:
    file = folder / "config.toml"
    file.write_text(f"[rules]\n{line}\n")
    return file


def test_a_mistyped_rule_is_named_with_the_one_meant(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"rules\.blind-blas: unknown rule; did you mean 'blind-blast'\?"):
        load_config(_config(tmp_path, 'blind-blas = "hold"'))


def test_a_rule_unlike_any_is_pointed_to_the_list(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="coldask rules"):
        load_config(_config(tmp_path, 'zzz = "hold"'))


@pytest.mark.parametrize("name", ["blind-blast", "vague-ask", "cold-ask"])
def test_a_known_rule_is_accepted(tmp_path: Path, name: str) -> None:
    assert list(load_config(_config(tmp_path, f'{name} = "warn"')).rules) == [name]
