"""`coldask allow` as a user types it: the real command, the running service, a scripted provider."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.proxy.held_samples import MAX, SUE, raw_mail
from tests.servers.dovecot import User
from tests.servers.provider import Provider
from tests.servers.service import Service, by_provider

ANN = "ann@example.org"


@pytest.fixture
def desk(tmp_path: Path, provider: Provider) -> Iterator[Service]:
    """An installation whose service does not run."""
    installed = Service(tmp_path)
    installed.account("work", User(ANN), by_provider(provider))
    installed.write()
    yield installed
    if installed.running:
        installed.kill()


def test_allowed_listed_and_taken_back_while_the_service_runs(desk: Service, provider: Provider) -> None:
    desk.learn()
    desk.start()
    assert desk.send(ANN, [SUE], raw_mail())[0] == 554
    done = desk.call("allow", SUE, "--rule", "premature-ask", "--until", "30d", "--reason", "she asked")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Allowed: {SUE}, rule premature-ask, until ")
    assert "(she asked)" in done.stdout and "coldask allow p1 --undo" in done.stderr
    assert desk.send(ANN, [SUE], raw_mail())[0] == 250
    assert len(provider.taken) == 1
    (row,) = desk.ask("allow")
    assert (row["id"], row["what"], row["rule"], row["state"]) == ("p1", SUE, "premature-ask", "active")
    ends = datetime.fromisoformat(row["until"]) - datetime.now(UTC)
    assert timedelta(days=29, hours=23) < ends <= timedelta(days=30)
    assert "Taken back: " in desk.call("allow", "p1", "--undo").stdout
    assert desk.call("allow").stderr == "Nothing is allowed, and nothing was said of anybody.\n"
    assert desk.send(ANN, [SUE], raw_mail(message_id="<3@example.org>"))[0] == 554
    assert desk.stop() == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--until", "soon", SUE], "write 2027-01-31"),
        (["--until", "0d", SUE], "write 1d to 36500d"),
        (["--until", "30d"], "Name what you allow"),
        (["--undo"], "Name what to take back"),
        ([SUE, "--undo", "--until", "30d"], "goes with no other option"),
        ([SUE, "--offers"], "write them without"),
        (["zzzz"], "neither an address"),
        ([SUE, "--undo"], "Nothing was allowed"),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(desk: Service, words: list[str], message: str) -> None:
    done = desk.call("allow", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr and done.stderr.count("\n") == 1


def test_what_is_released_again_and_again_is_offered(desk: Service, provider: Provider) -> None:
    desk.learn()
    desk.start()
    for number in range(3):
        raw = raw_mail(to=[MAX], message_id=f"<{number}@example.org>", subject=f"Team {number}")
        assert desk.send(ANN, [MAX], raw)[0] == 554
        (row,) = desk.ask("held", "list")
        done = desk.call("held", "release", row["id"])
        assert done.returncode == 0, done.stderr
        assert ("You released 3 mails" in done.stderr) == (number == 2)
    assert f"coldask allow {MAX} --rule premature-ask" in done.stderr
    (offer,) = json.loads(desk.call("allow", "--offers", "--json").stdout)
    assert (offer["person"], offer["rule"], offer["times"]) == (MAX, "premature-ask", 3)
    assert desk.ask("allow") == [], "an offer is not taken by itself"
    assert desk.call("allow", MAX, "--rule", "premature-ask").returncode == 0
    # Three unanswered asks are a matter of their own.
    assert desk.call("allow", MAX, "--rule", "unanswered-nag").returncode == 0
    assert "Nothing is offered" in desk.call("allow", "--offers").stderr
    assert len(provider.taken) == 3
    assert desk.send(ANN, [MAX], raw_mail(to=[MAX], message_id="<9@example.org>"))[0] == 250
