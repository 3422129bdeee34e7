"""A configuration that cannot be used is answered in a configuration's words, not in a library's."""

from pathlib import Path

import pytest

from models.errors import ConfigError
from proxy.config import load_config


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('listen.port = "x"', 'listen.port: a whole number is wanted, found "x"'),
        ("listen.port = 0", "listen.port: 1 or more is wanted, found 0"),
        ("listen.port = 99999", "listen.port: 65535 or less is wanted, found 99999"),
        ("listen = 3", "listen: a table is wanted, found 3"),
        ("listen.host = 1979-05-27", "listen.host: a text in quotes is wanted, found 1979-05-27"),
        ('listen.login = ""', "listen.login: it must not be empty"),
        ('listen.allow_remote = "yes"', 'allow_remote: true or false is wanted, found "yes"'),
        ('outgoing.mode = "x"', "outgoing.mode: 'guard' or 'observe' is wanted, found \"x\""),
        ('people.trusted = "ann@x.example"', 'a list is wanted, like ["…"], found "ann@x.example"'),
        ("incoming.file_above = 2", "incoming.file_above: a number below 1.0 is wanted, found 2"),
        ("accounts.work = 3", "accounts.work: a table is wanted, found 3"),
        (f'store.path = ["{"x" * 200}"]', "xxx…; config.example.toml"),
    ],
)
def test_what_is_wanted_and_what_was_found(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text + "\n")
    with pytest.raises(ConfigError) as refused:
        load_config(path)
    said = str(refused.value)
    assert words in said and str(path) in said and "\n" not in said
    assert not any(word in said.lower() for word in ("input should", "valid", "instance of", "dictionary"))


def test_a_secret_of_the_wrong_kind_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[accounts.work.smtp]\nhost = "x.example"\nusername = "a"\npassword_env = 70311\n')
    with pytest.raises(ConfigError) as refused:
        load_config(path)
    assert "70311" not in str(refused.value) and "password_env: a text in quotes is wanted;" in str(
        refused.value
    )
