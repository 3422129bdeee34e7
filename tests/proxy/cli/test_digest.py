"""`asks --digest` and what `why` says would change a verdict, on a store with a ledger in it."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.correction import FiledState
from models.finding import Ask
from models.verdict import AskShown, Disposition, IncomingVerdict
from proxy.cli.digest import digest_text
from proxy.store import filed
from proxy.store.database import Store
from proxy.store.filed import Judgement
from tests.proxy.cli.commands import coldask


def judgement(number: int, days: float, disposition: Disposition, probability: float, ask: Ask) -> Judgement:
    verdict = IncomingVerdict(
        disposition=disposition, probability=probability, reason="Because.",
        asks=(AskShown(ask=ask, quote="a word\x1b[2J from you " + "would help " * 12),),
        because=("speaks like a seller, which speaks for a cold ask",),
    )  # fmt: skip
    return Judgement(
        account="work", fingerprint=number, copy=number, message_id=f"<{number}@x.example>",
        sender=f"s{number}@x.example", reply_to=(), subject="Hello", at=datetime.now(UTC) - timedelta(days=days),
        verdict=verdict, folder="INBOX", validity=1, uid=number,
    )  # fmt: skip


async def _fill(path: Path) -> None:
    async with await Store.open(path) as store:
        for number in range(1, 31):
            one = judgement(
                number, 0.5 if number <= 20 else 4, Disposition.FILE, 0.99 - number / 1000, Ask.JOB
            )
            await filed.record(store, one, FiledState.RETURNED if number == 3 else FiledState.FILED)
        await filed.record(store, judgement(40, 20, Disposition.FILE, 0.95, Ask.TIME), FiledState.FILED)
        for number in (50, 51):
            await filed.record(
                store, judgement(number, 0.1, Disposition.UNSURE, 0.5, Ask.TIME), FiledState.STAYED
            )
        await filed.record(store, judgement(60, 0.1, Disposition.KEEP, 0.1, Ask.TIME), FiledState.STAYED)
        await filed.record(store, judgement(61, 30, Disposition.KEEP, 0.1, Ask.TIME), FiledState.FILED)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    (folder / "config.toml").write_text(f'[store]\npath = "{folder}/coldask.db"\n')
    asyncio.run(_fill(folder / "coldask.db"))
    return folder


def run(home: Path, *args: str) -> str:
    done = coldask(*args, "--config", home / "config.toml", home=home)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def test_a_day_fits_one_screen_the_least_sure_first(home: Path) -> None:
    lines = run(home, "asks", "--digest").splitlines()
    assert lines[0] == "Filed in the last day: 20 (20 job); 1 moved back by you."
    assert (
        lines[2].startswith("i20 ")
        and "97%" in lines[2]
        and "s20@x.example  job: “a word\\u001b[2J from" in lines[2]
    )
    assert "… and 6 more, surer ones: `coldask asks`" in lines and "Unsure, in your inbox:" in lines
    assert len(lines) <= 24 and max(map(len, lines)) <= 96


def test_a_week_and_json(home: Path) -> None:
    assert run(home, "asks", "--digest", "--week").startswith("Filed in the last week: 30 (30 job)")
    found = json.loads(run(home, "asks", "--digest", "--week", "--json"))
    assert len(found["filed"]) == 30 and len(found["unsure"]) == 2
    assert found["states"] == {"filed": 29, "returned": 1}


def test_options_that_do_not_go_together_are_refused(home: Path) -> None:
    for args, words in (
        (["--week"], b"--week belongs to --digest"),
        (["--digest", "--unsure"], b"leave --unsure out"),
    ):
        done = coldask("asks", *args, "--config", home / "config.toml", home=home)
        assert done.returncode == 2 and words in done.stderr and done.stdout == b""


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("<1@x.example>", "Write to s1@x.example, and their mail stays"),
        ("<3@x.example>", "Nothing is to be done: you moved it back"),
        ("<50@x.example>", "Move it to Cold Asks if it does not belong"),
        (
            "<60@x.example>",
            "Move it to Cold Asks if it does not belong in the inbox: their mail is cold from then on",
        ),
        ("<61@x.example>", "Nothing is to be done: you moved it to Cold Asks"),
    ],
)
def test_why_names_its_reasons_and_what_would_change_it(home: Path, key: str, words: str) -> None:
    text = run(home, "why", key)
    assert "What would change it:" in text and words in text
    assert "The letter speaks like a seller, which speaks for a cold ask." in text
    changes = json.loads(run(home, "why", key, "--json"))["changes"]
    assert any(words in sentence for sentence in changes)


def test_why_says_who_moved_a_mail_into_cold_asks(home: Path) -> None:
    first = run(home, "why", "<61@x.example>").splitlines()[0]
    assert ", moved to Cold Asks by you  account" in first
    assert ", filed  account" in run(home, "why", "<1@x.example>").splitlines()[0]


def test_nothing_at_all_is_said_in_a_line() -> None:
    nothing: dict[str, Any] = {"filed": [], "unsure": [], "kinds": {}, "states": {}}
    assert digest_text(nothing, "day") == "In the last day nothing was filed, and nothing was left in doubt."


def test_what_was_only_watched_is_not_called_filed() -> None:
    row = {"id": "i1", "from": "a@x.example", "asks": [], "subject": "Hello", "probability": 0.9,
           "filed_at": "2026-05-01T10:00:00+00:00"}  # fmt: skip
    seen = {"filed": [row], "unsure": [], "kinds": {"time": 1}, "states": {"stayed": 1}}
    assert digest_text(seen, "day").startswith(
        "Cold asks in the last day: 1 (1 time); 1 left in the inbox.\n"
    )
