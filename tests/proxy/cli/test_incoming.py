"""`asks` and `why` as a person runs them, on a store with a ledger in it."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.correction import FiledState
from models.finding import Ask, Effect, Finding
from models.past import Tie
from models.verdict import AskShown, Disposition, IncomingVerdict, TieShown
from proxy.store import filed
from proxy.store.database import Store
from proxy.store.filed import Judgement
from tests.proxy.cli.commands import coldask

WHY = IncomingVerdict(
    disposition=Disposition.FILE,
    probability=0.97,
    reason="Max, with no mail either way, asks for a job (“hire me\x1b[2J”).",
    ties={"max@x.example": TieShown(tie=Tie.UNKNOWN, facts=("no mail either way",))},
    asks=(AskShown(ask=Ask.JOB, quote="hire me"),),
    findings=(Finding(rule="cold-ask", effect=Effect.HOLD, certainty=0.97, message="A cold ask."),),
)


def judgement(uid: int, verdict: IncomingVerdict, subject: str) -> Judgement:
    return Judgement(
        account="work", fingerprint=uid, copy=uid, message_id=f"<{uid}@x.example>", sender="max@x.example",
        reply_to=(), subject=subject, at=datetime(2024, 5, 1, tzinfo=UTC), verdict=verdict,
        folder="INBOX", validity=1, uid=uid,
    )  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one filed, one unsure and one kept mail."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "config.toml").write_text(f'[store]\npath = "{folder}/coldask.db"\n')
    asyncio.run(_fill(folder / "coldask.db"))
    return folder


async def _fill(path: Path) -> None:
    async with await Store.open(path) as store:
        await filed.record(store, judgement(1, WHY, "Hire me\x1b]52;c;x\x07"), FiledState.FILED)
        for uid, disposition in ((2, Disposition.UNSURE), (3, Disposition.KEEP)):
            verdict = IncomingVerdict(disposition=disposition, probability=0.4, reason="It stays.")
            await filed.record(store, judgement(uid, verdict, "Perhaps"), FiledState.STAYED)


def ask(home: Path, *args: str) -> Any:
    done = coldask(*args, "--json", "--config", home / "config.toml", home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_asks_are_judgements_with_their_standing(home: Path) -> None:
    [row] = ask(home, "asks")
    assert row["message_id"] == "<1@x.example>" and row["state"] == "filed" and row["id"] == "i1"
    assert row["filed_at"] == "2024-05-01T00:00:00+00:00"
    keys = {"direction", "disposition", "probability", "asks", "ties", "findings", "reason"}
    assert keys <= row.keys()
    assert (row["direction"], row["disposition"]) == ("incoming", "file")
    [unsure] = ask(home, "asks", "--unsure")
    assert unsure["disposition"] == "unsure"


@pytest.mark.parametrize("key", ["<1@x.example>", "1@x.example", "i1"])
def test_why_by_id_or_message_id(home: Path, key: str) -> None:
    found = ask(home, "why", key)
    assert found["asks"] == [{"ask": "job", "quote": "hire me"}]
    assert found["ties"]["max@x.example"]["facts"] == ["no mail either way"]


def test_why_tells_of_kept_mail_too(home: Path) -> None:
    assert ask(home, "why", "<3@x.example>")["disposition"] == "keep"


def test_what_a_person_sees_is_harmless_to_a_terminal(home: Path) -> None:
    for args in (["asks"], ["why", "i1"]):
        done = coldask(*args, "--config", home / "config.toml", home=home)
        assert done.returncode == 0, done.stderr
        assert b"\x1b" not in done.stdout and b"\x07" not in done.stdout
        assert b"max@x.example" in done.stdout and b"Hire me" in done.stdout
    assert b"no mail either way" in done.stdout and b"97% sure" in done.stdout


@pytest.mark.parametrize(
    ("key", "words"), [("i2", b"Perhaps a cold ask: 40% likely."), ("i3", b"40% likely to be a cold ask.")]
)
def test_why_is_sure_only_of_what_was_filed(home: Path, key: str, words: bytes) -> None:
    done = coldask("why", key, "--config", home / "config.toml", home=home)
    assert words in done.stdout and b"sure" not in done.stdout.partition(b"\n")[2]


def test_an_unknown_mail_is_told(home: Path) -> None:
    done = coldask("why", "<nobody@x.example>", "--config", home / "config.toml", home=home)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("coldask: No mail '<nobody@x.example>' was judged")
