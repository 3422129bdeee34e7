"""`coldask rules` shows every rule of the rulebook, and what the configuration makes of it."""

from pathlib import Path

from classifier.policy import MATRIX
from classifier.rulebook import rules
from models.past import Tie
from tests.servers.service import Service


def test_every_rule_is_listed_without_a_configuration(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.environment["COLDASK_CONFIG"] = ""
    service.config.touch()  # so that `call` writes none
    listed = service.ask("rules")
    assert [row["name"] for row in listed] == [rule.name for rule in rules()]
    assert all(row["summary"] and row["default"] == row["effect"] for row in listed)
    page = service.call("rules", "premature-ask").stdout
    assert page.startswith("premature-ask (matrix)\n")
    assert "Do this instead" in page
    head, *table = page.partition("## Asks and ties\n")[2].splitlines()
    assert head.split() == [tie.value for tie in Tie]
    assert {row.split()[0]: row.split()[1:] for row in table} == {
        ask.value: [row[tie].value for tie in Tie] for ask, row in MATRIX.items()
    }


def test_the_configuration_shows_in_the_effect(tmp_path: Path) -> None:
    service = Service(tmp_path, rules={"premature-ask": "warn"})
    assert service.ask("rules", "premature-ask")["effect"] == "warn"


def test_an_unknown_rule_is_told_with_those_there_are(tmp_path: Path) -> None:
    done = Service(tmp_path).call("rules", "premature")
    assert (done.returncode, done.stdout) == (2, "")
    assert "premature-ask" in done.stderr
