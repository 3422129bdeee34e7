"""Files that a configuration names are found from its folder, wherever coldask was started."""

from pathlib import Path

import pytest

from proxy.config import load_config, store_path

CONFIG = """
[accounts.work]
addresses = ["ann@quay.example"]
[accounts.work.smtp]
host = "smtp.quay.example"
username = "ann"
password_file = "{password}"
ca_file = "own.pem"
[store]
path = "kept/coldask.db"
"""


@pytest.mark.parametrize("started", ["", "elsewhere"])
def test_a_relative_file_lies_beside_the_configuration(
    started: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "config.toml").write_text(CONFIG.format(password="secrets/pw"))
    monkeypatch.chdir(tmp_path / started)
    settings = load_config(Path("config.toml") if not started else tmp_path / "config.toml")
    smtp = settings.accounts["work"].smtp
    assert smtp.password_file == str(tmp_path / "secrets/pw")
    assert smtp.ca_file == str(tmp_path / "own.pem")
    assert store_path(settings) == tmp_path / "kept/coldask.db"


@pytest.mark.parametrize("written", ["/run/secrets/pw", "~/pw"])
def test_a_whole_path_and_one_at_home_stay(written: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.format(password=written))
    smtp = load_config(tmp_path / "config.toml").accounts["work"].smtp
    assert smtp.password_file == written
