"""`coldask learn` and `coldask people`, as processes: the history built, killed, built on, and shown."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from models.past import Owner
from proxy.history.learn import learn_source
from proxy.history.sources import open_source
from proxy.store.database import Store, lock
from tests.proxy.cli.commands import coldask
from tests.proxy.cli.mailbox_samples import ANN, PREMATURE, friendship, letter, mbox


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(
        f'[store]\npath = "{tmp_path}/data/coldask.db"\n'
        f'[accounts.quay]\naddresses = ["{ANN}"]\n'
        '[accounts.quay.smtp]\nhost = "smtp.quay.example"\nusername = "ann"\npassword_env = "NONE"\n'
    )
    return path


def people(config: Path, *args: str) -> list[dict[str, Any]]:
    run = coldask("people", "--json", "--config", config, *args, home=config.parent)
    assert run.returncode == 0, run.stderr
    found: list[dict[str, Any]] = json.loads(run.stdout)
    return found


def test_learns_and_shows(tmp_path: Path, config: Path) -> None:
    run = coldask("learn", friendship(tmp_path / "box"), "--config", config, home=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.decode() == f"{tmp_path}/box: 6 mails read, 6 of them new.\n"
    vera, olaf = people(config)
    assert (vera["address"], vera["name"], vera["exchanges"]) == ("vera@holm.example", "Vera Holm", 3)
    assert (olaf["address"], olaf["tie"]) == ("olaf@reef.example", "one-sided")
    shown = coldask("people", "VERA@holm.example", "--config", config, home=tmp_path).stdout.decode()
    assert shown.startswith("Vera Holm <vera@holm.example>: ")
    assert "  you exchanged 5 mails in 2 threads since May 2024" in shown


def test_between_the_passes_people_are_shown_and_it_is_said(tmp_path: Path, config: Path) -> None:
    async def headers_alone() -> None:
        owner = Owner(addresses=frozenset({ANN}))
        async with await Store.open(tmp_path / "data" / "coldask.db") as store:
            async for _ in learn_source(
                store, open_source(friendship(tmp_path / "box")), owner, headers_only=True
            ):
                pass

    asyncio.run(headers_alone())
    shown = coldask("people", "vera@holm.example", "--config", config, home=tmp_path)
    assert b"Vera Holm" in shown.stdout
    assert b"texts are still being read" in shown.stderr
    judged = coldask("check", "--json", "--config", config, home=tmp_path, stdin=PREMATURE)
    assert json.loads(judged.stdout)["disposition"] in ("note", "pass"), (
        "nothing is held before the texts are read"
    )
    coldask("learn", tmp_path / "box", "--config", config, home=tmp_path)
    assert coldask("people", "vera@holm.example", "--config", config, home=tmp_path).stderr == b""


def test_check_judges_by_what_was_learned(tmp_path: Path, config: Path) -> None:
    def disposition() -> tuple[int, str]:
        run = coldask("check", "--json", "--config", config, home=tmp_path, stdin=PREMATURE)
        return run.returncode, json.loads(run.stdout)["disposition"]

    assert disposition() == (0, "note")  # no history yet: let pass, and said so
    coldask("learn", mbox(tmp_path / "none"), "--config", config, home=tmp_path)
    assert disposition() == (1, "hold")  # known to be empty
    coldask("learn", friendship(tmp_path / "box"), "--config", config, home=tmp_path)
    assert disposition() == (0, "pass")


def test_learning_again_changes_nothing(tmp_path: Path, config: Path) -> None:
    box = friendship(tmp_path / "box")
    coldask("learn", box, "--config", config, home=tmp_path)
    before = people(config)
    run = coldask("learn", box, "--config", config, "--json", home=tmp_path)
    assert json.loads(run.stdout)[0]["new"] == 0
    assert people(config) == before
    again = coldask("learn", box, "--config", config, home=tmp_path)
    assert again.stdout.startswith(b"Nothing was new")


def test_somebody_never_heard_of_is_unknown(tmp_path: Path, config: Path) -> None:
    (nobody,) = people(config, "nobody@x.example")
    assert (nobody["tie"], nobody["facts"]) == ("unknown", ["no mail either way"])
    assert people(config) == []


def test_killed_and_started_again_it_ends_the_same(tmp_path: Path, config: Path) -> None:
    mails = [letter(f"p{i}@x.example", ANN, 1 + i % 28, i, f"note {i}") for i in range(1500)]
    box = mbox(tmp_path / "box", *mails)
    process = subprocess.Popen(
        [sys.executable, "-m", "proxy", "learn", str(box), "--config", str(config)],
        cwd=Path(__file__).parents[3],
    )
    store = tmp_path / "data" / "coldask.db-wal"
    until = time.monotonic() + 20
    while not (store.exists() and store.stat().st_size > 200_000) and time.monotonic() < until:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    run = coldask("learn", box, "--config", config, "--json", home=tmp_path)
    (tally,) = json.loads(run.stdout)
    assert (tally["read"], tally["new"]) == (1500, 1500)
    assert len(people(config)) == 1500


def test_unreadable_mail_is_named_at_the_end(tmp_path: Path, config: Path) -> None:
    box = mbox(tmp_path / "box", letter("bo@x.example", ANN, 1, 1, "x"), b"\x00\x01\x02\n")
    run = coldask("learn", box, "--config", config, home=tmp_path)
    assert run.returncode == 0
    assert "1 could not be read and count for nothing:" in run.stderr.decode()
    assert f"{box}:" in run.stderr.decode()


def test_without_a_configuration_it_learns_into_the_usual_place(tmp_path: Path) -> None:
    box = friendship(tmp_path / "box")
    data = tmp_path / "xdg"
    run = coldask("learn", box, "--owner", ANN, home=tmp_path, env={"XDG_DATA_HOME": str(data)})
    assert run.returncode == 0, run.stderr
    assert (data / "coldask" / "coldask.db").exists()
    shown = coldask("people", home=tmp_path, env={"XDG_DATA_HOME": str(data)}).stdout.decode()
    assert "Vera Holm <vera@holm.example>: " in shown


def test_without_an_owner_it_says_what_it_saw_and_asks(tmp_path: Path) -> None:
    run = coldask("learn", friendship(tmp_path / "box"), home=tmp_path)
    assert run.returncode == 2
    assert "Most of the mail went to" in run.stderr.decode()
    assert "--owner" in run.stderr.decode()


@pytest.mark.parametrize("args", [["nowhere"], [__file__], []])
def test_wrong_input_is_one_sentence_and_exit_2(tmp_path: Path, args: list[str]) -> None:
    run = coldask("learn", *args, home=tmp_path)
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert b"Traceback" not in run.stderr


def test_a_damaged_store_is_said_in_words(tmp_path: Path, config: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "coldask.db").write_bytes(b"no store " * 500)
    run = coldask("people", "--config", config, home=tmp_path)
    assert run.returncode == 3
    assert "damaged" in run.stderr.decode()


def answered_from_home(path: Path) -> Path:
    vera, home = "Vera Holm <vera@holm.example>", "Vera Holm <vh77@gmail.com>"
    return mbox(path, letter(ANN, vera, 1, 1, "Boat"), letter(home, ANN, 2, 2, "Re: Boat", 1))


def test_a_persons_addresses_are_shown_and_undone(tmp_path: Path, config: Path) -> None:
    coldask("learn", answered_from_home(tmp_path / "box"), "--config", config, home=tmp_path)
    (vera,) = people(config)
    assert (vera["tie"], [a["address"] for a in vera["also"]]) == ("answered", ["vh77@gmail.com"])
    shown = coldask("people", "vh77@gmail.com", "--config", config, home=tmp_path).stdout.decode()
    why = "vh77@gmail.com answered your mail to vera@holm.example on 2 May 2024, under the same name"
    assert f"  also vera@holm.example: {why}\n" in shown

    (apart,) = people(config, "--split", "VH77@gmail.com")
    assert (apart["tie"], apart["also"], apart["set_apart"] is None) == ("one-sided", [], False)
    assert len(people(config)) == 2
    (joined,) = people(config, "--join", "vera@holm.example", "vh77@gmail.com")
    assert (joined["address"], joined["tie"]) == ("vera@holm.example", "answered")
    assert "you said so on " in joined["also"][0]["why"]


@pytest.mark.parametrize(
    "args",
    [
        ("nobody",),
        ("--split", "nobody"),
        ("--join", "a@x.example", "A@x.example"),
        ("a@x.example", "--split", "a@x.example"),
    ],
)
def test_a_word_about_addresses_that_means_nothing_is_refused(
    tmp_path: Path, config: Path, args: tuple[str, ...]
) -> None:
    run = coldask("people", *args, "--config", config, home=tmp_path)
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1


def test_addresses_that_seem_to_be_the_owners_are_proposed(tmp_path: Path, config: Path) -> None:
    for folder, sender in (("", ANN), (".Sent", "ann@home.example")):
        (tmp_path / "m" / folder / "cur").mkdir(parents=True)
        raw = letter(sender, "vera@holm.example", 1, len(folder), "Boat")
        (tmp_path / "m" / folder / "cur" / "1700000001.a:2,S").write_bytes(raw)
    run = coldask("learn", tmp_path / "m", "--config", config, home=tmp_path)
    assert run.stdout.decode().splitlines()[-1] == (
        "Are these yours too? ann@home.example (1 mail in Sent); "
        "if so, add them to `addresses` (or --owner) and learn again."
    )
    run = coldask("learn", tmp_path / "m", "--config", config, "--json", home=tmp_path)
    (tally,) = json.loads(run.stdout)
    assert tally["also_yours"] == [{"address": "ann@home.example", "mails": 1, "why": "in Sent"}]


def test_help_owed_is_shown(tmp_path: Path, config: Path) -> None:
    vera = "Vera Holm <vera@holm.example>"
    given = letter(vera, ANN, 1, 1, "Flour").replace(
        b"See you there.", b"I passed your CV on to our head of kitchen."
    )
    thanks = letter(ANN, vera, 2, 2, "Re: Flour", 1).replace(b"See you there.", b"Thank you, that is kind.")
    coldask("learn", mbox(tmp_path / "box", given, thanks), "--config", config, home=tmp_path)
    (found,) = people(config)
    (help_,) = found["help"]
    assert (help_["kind"], help_["thanked"][:10], help_["settled"]) == ("referral", "2024-05-02", None)
    shown = coldask("people", "vera@holm.example", "--config", config, home=tmp_path).stdout.decode()
    assert "  they gave you a referral on 2024-05-01; you thanked them, and have not told yet" in shown


def test_people_are_shown_while_another_process_learns(tmp_path: Path, config: Path) -> None:
    coldask("learn", friendship(tmp_path / "box"), "--config", config, home=tmp_path)
    with lock(tmp_path / "data" / "coldask.db"):
        assert len(people(config)) == 2
        usual = coldask("people", "--config", config, home=tmp_path)
        assert usual.stdout.startswith(b"Vera Holm <vera@holm.example>: ")


@pytest.mark.parametrize("command", ["learn", "replay"])
def test_an_owner_that_is_no_address_is_refused(tmp_path: Path, config: Path, command: str) -> None:
    run = coldask(command, friendship(tmp_path / "box"), "--owner", "ann", "--config", config, home=tmp_path)
    assert (run.returncode, len(run.stderr.splitlines())) == (2, 1)
    assert b"'ann' is no" in run.stderr
