"""`coldask check --past`: what the owner sent before, out of a mailbox, bears on the mail that is checked."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.proxy.cli.commands import coldask

ANN = "ann@quay.example"
NOW = datetime(2024, 5, 14, 9, 0)
PITCH = """Dear {name},

I came across {name} Ltd while looking at yards near the coast. We help yards like {name} Ltd to cut their waste by a
third, without new machines. Could you introduce me to the person at {name} Ltd who buys film and cartons?

Ann Hartley
"""
RUN = ("Bo", "Zoe", "Kit", "Mara", "Ivo", "Nan", "Pia", "Tom", "Una", "Raj", "Lea")


def letter(sender: str, to: str, when: datetime, text: str, subject: str = "Packing", more: str = "") -> str:
    date = when.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"From: {sender}\nTo: {to}\nDate: {date}\nMessage-ID: <{when:%d%H%M}@{sender.partition('@')[2]}>\n"
        f"Subject: {subject}\n{more}\n{text}"
    )


def address(name: str) -> str:
    return f"{name.lower()}@{name.lower()}.example"


def mbox(path: Path, *letters: str) -> Path:
    path.write_text("".join(f"From x Mon May  6 08:00:00 2024\n{one}\n\n" for one in letters))
    return path


def case(tmp_path: Path, id_: str, mail: str, *past: str) -> dict[str, Any]:
    file = tmp_path / f"{id_}.eml"
    file.write_text(mail)
    source = mbox(tmp_path / f"{id_}.mbox", *past)
    return {
        "id": id_, "path": str(file), "past": str(source), "owner": [ANN], "direction": "outgoing",
        "as_of": NOW.isoformat() + "+00:00",
    }  # fmt: skip


def effects(tmp_path: Path, *cases: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Of each case the rules found and their effects, judged in one process."""
    lines = "".join(json.dumps(c) + "\n" for c in cases)
    run = coldask("check", "--batch", home=tmp_path, stdin=lines.encode())
    assert run.returncode == 0, run.stderr
    verdicts = [json.loads(line) for line in run.stdout.splitlines()]
    return {v["id"]: {f["rule"]: f["effect"] for f in v["findings"]} for v in verdicts}


def run_of(*names: str, hours: float, text: str = PITCH) -> list[str]:
    return [
        letter(ANN, address(name), NOW - timedelta(hours=hours * (len(names) - i)), text.format(name=name))
        for i, name in enumerate(names)
    ]


def test_a_run_in_a_mailbox_is_seen_by_one_check(tmp_path: Path) -> None:
    past = mbox(tmp_path / "sent.mbox", *run_of(*RUN, hours=10.7))
    mail = letter(ANN, "sue@harrow.example", NOW, PITCH.format(name="Sue"))
    run = coldask("check", "--json", "--past", past, "--owner", ANN, "-", home=tmp_path, stdin=mail.encode())
    found = {f["rule"]: f for f in json.loads(run.stdout)["findings"]}
    assert (run.returncode, found["one-by-one-blast"]["effect"]) == (1, "hold")
    assert "already gone to 11 people" in found["one-by-one-blast"]["message"]
    assert "serial-asks" not in found


def test_runs_nags_and_debts_in_a_stream_of_cases(tmp_path: Path) -> None:
    sue = "sue@harrow.example"
    pitch = letter(ANN, sue, NOW, PITCH.format(name="Sue"))
    wordings = (
        "Could you introduce me to the harbour master of Hull? I collect old rope.\n",
        "Bo tells me that you know half the coast. Would you introduce me to a boat builder?\n",
        "It rains here, and the yard is a pond. Could you introduce me to your roofer, please?\n",
    )
    asked = [
        letter(ANN, address(n), NOW - timedelta(days=4 * i + 1), text)
        for i, (n, text) in enumerate(zip(RUN, wordings, strict=False))
    ]
    twice = [letter(ANN, sue, NOW - timedelta(days=d), wordings[0], "Rope") for d in (30, 20)]
    thrice = [
        *twice,
        letter(ANN, sue, NOW - timedelta(days=10), "Just bumping this. Did you see my last mail?\n", "Rope"),
    ]
    answered = [
        *thrice,
        letter(sue, ANN, NOW - timedelta(days=8), "Sorry, I was away. Which rope?\n", "Re: Rope"),
    ]
    names = [
        letter(ANN, sue, NOW - timedelta(days=80), "Who do you know at the port that buys rope?\n", "Port"),
        letter(
            sue,
            ANN,
            NOW - timedelta(days=79),
            "You should talk to Petra Kunz, who runs the stores there.\n",
            "Re: Port",
        ),
    ]
    told = letter(
        ANN,
        sue,
        NOW - timedelta(days=40),
        "I met Petra Kunz, and she bought all of it. Thank you!\n",
        "Petra",
    )
    ask = letter(ANN, sue, NOW, "Could you introduce me to the rope works in Hull?\n", "Hull")
    found = effects(
        tmp_path,
        case(tmp_path, "fourth", pitch, *run_of(*RUN[:3], hours=2)),
        case(tmp_path, "fifth", pitch, *run_of(*RUN[:4], hours=2)),
        case(
            tmp_path, "later", pitch, *[one.replace("14 May", "16 May") for one in run_of(*RUN[:6], hours=1)]
        ),
        case(tmp_path, "serial", pitch, *asked),
        case(tmp_path, "twice", ask, *twice),
        case(tmp_path, "thrice", ask, *thrice),
        case(tmp_path, "answered", ask, *answered),
        case(tmp_path, "owed", ask, *names),
        case(tmp_path, "told", ask, *names, told),
    )
    ours = {"one-by-one-blast", "serial-asks", "unanswered-nag", "ask-before-report", "job-broadcast"}
    assert {name: {r: e for r, e in rules.items() if r in ours} for name, rules in found.items()} == {
        "fourth": {"serial-asks": "warn"},
        "fifth": {"one-by-one-blast": "hold"},
        "later": {},  # what is dated after the moment is not seen
        "serial": {"serial-asks": "warn"},
        "twice": {"unanswered-nag": "warn"},
        "thrice": {"unanswered-nag": "hold"},
        "answered": {},
        "owed": {"ask-before-report": "warn"},
        "told": {},
    }


def test_replay_sees_the_run_as_it_grows(tmp_path: Path) -> None:
    source = mbox(tmp_path / "all.mbox", *run_of(*RUN, hours=3))
    run = coldask("replay", "--json", source, "--owner", ANN, home=tmp_path)
    verdicts = [json.loads(line) for line in run.stdout.splitlines()]
    blasts = ["one-by-one-blast" in {f["rule"] for f in v["findings"]} for v in verdicts]
    assert blasts == [False] * 4 + [True] * 7
