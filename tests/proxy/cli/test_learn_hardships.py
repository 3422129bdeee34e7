"""`coldask learn` under hardship: dirty mail, Ctrl-C, kill -9; the same people in the end, byte for byte."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.proxy.cli.commands import coldask
from tests.proxy.cli.mailbox_samples import ANN, letter, mbox

_CROWD = ", ".join(f"p{i}@crowd.example" for i in range(10_000))
DIRTY = {
    "no date": b"From: a@x.example\nTo: ann@quay.example\nMessage-ID: <1@x>\n\nhello\n",
    "a broken date": b"From: b@x.example\nTo: ann@quay.example\nDate: 35 Foo 99999 25:61\n\nhello\n",
    "a date beyond the calendar": b"From: b2@x.example\nTo: ann@quay.example\nDate: 1 Jan 99999 10:00:00 +0000\n\nhi\n",
    "a date before the epoch": b"From: b3@x.example\nTo: ann@quay.example\nDate: 1 Jan 1904 10:00:00 +0000\n\nhi\n",
    "no Message-ID": b"From: c@x.example\nTo: ann@quay.example\nDate: 3 May 2024 10:00:00 +0000\n\nhello\n",
    "a group": b"From: d@x.example\nTo: Crew: ann@quay.example, e@x.example;\nDate: 3 May 2024 10:00:00 +0000\n\nhello\n",
    "nobody": b"From: f@x.example\nTo: undisclosed-recipients:;\nDate: 3 May 2024 10:00:00 +0000\n\nhello\n",
    "several From": b"From: g@x.example, ann@quay.example\nTo: h@x.example\nDate: 3 May 2024 10:00:00 +0000\n\nhello\n",
    "two From fields": b"From: i@x.example\nFrom: ann@quay.example\nTo: j@x.example\n\nhello\n",
    "encoded words": b"From: =?utf-8?q?J=C3=B6rg?= <k@x.example>\nTo: ann@quay.example\nSubject: =?bogus?x?\n\nhello\n",
    "Latin-1 bytes": b"From: J\xf6rg <l@x.example>\nTo: ann@quay.example\nSubject: gr\xfc\xdfe\n\nsch\xf6n\n",
    "ten thousand recipients": f"From: {ANN}\nTo: {_CROWD}\nDate: 3 May 2024 10:00:00 +0000\n\nhello\n".encode(),
    "an unescaped From line": b"From: m@x.example\nTo: ann@quay.example\n\nFrom here on it goes\nFrom now on too\n",
    "a surrogate": b"From: \xed\xa0\x80 <n@x.example>\nTo: ann@quay.example\nSubject: =?utf-8?b?7aCA?=\n\nhi \xed\xa0\x80\n",
    "a thousand references": b"From: o@x.example\nTo: ann@quay.example\nReferences: " + b"<a@x> " * 1000 + b"\n\nhello\n",
    "no end": b"From: q@x.example\nTo: ann@quay.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n",
}  # fmt: skip
UNREADABLE = {"nothing but bytes": b"\x00\x01\x02\xff\xfe\n", "no From": b"To: ann@quay.example\n\nhello\n"}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(
        f'[store]\npath = "{tmp_path}/data/coldask.db"\n[accounts.quay]\naddresses = ["{ANN}"]\n'
        '[accounts.quay.smtp]\nhost = "smtp.quay.example"\nusername = "ann"\npassword_env = "NONE"\n'
    )
    return path


def maildir(path: Path) -> Path:
    (path / "cur").mkdir(parents=True)
    for i, raw in enumerate([*DIRTY.values(), *UNREADABLE.values()]):
        (path / "cur" / f"1714557{i:03}.x:2,S").write_bytes(raw)
    return path


@pytest.mark.parametrize("kind", ["mbox", "maildir"])
def test_nothing_stops_it_and_each_unreadable_mail_is_named(tmp_path: Path, config: Path, kind: str) -> None:
    everything = [*DIRTY.values(), *UNREADABLE.values()]
    box = mbox(tmp_path / "box", *everything) if kind == "mbox" else maildir(tmp_path / "box")
    run = coldask("learn", box, "--config", config, home=tmp_path)
    assert run.returncode == 0, run.stderr
    assert f"{len(everything)} mails read, {len(DIRTY)} of them new." in run.stdout.decode()
    said = run.stderr.decode()
    assert f"{len(UNREADABLE)} could not be read" in said
    assert "Traceback" not in said
    found = people(config).decode()
    for who in "abcdfgiklmnoq":
        assert f'"{who}@x.example"' in found, who
    assert '"h@x.example"' not in found, "a letter of several authors is not the owner's"


def mailbox(path: Path) -> Path:
    """1,200 mails of forty people in Sent and INBOX, with answers, names and help in their texts."""
    said = (
        b"You should talk to Petra Lund, she buys flour.",
        b"Not interested.",
        b"See you there, bring the blue rope.",
    )
    for folder in ("", ".Sent"):
        (path / folder / "cur").mkdir(parents=True)
    for i in range(1200):
        who = f"Jo Fox{'abcdefgh'[i % 8]} <p{i % 40}@x{i % 3}.example>"
        mine = i % 3 == 1
        pair = (ANN, who) if mine else (who, ANN)
        raw = letter(*pair, 1 + i % 28, i, f"note {i // 3}", i - 1 if i % 3 else None)
        folder = path / (".Sent" if mine else "") / "cur"
        (folder / f"17145{i:05}.x:2,S").write_bytes(raw.replace(b"See you there.", said[i % 3]))
    return path


def people(config: Path) -> bytes:
    run = coldask("people", "--json", "--config", config, home=config.parent)
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_stopped_at_any_point_and_started_again_it_ends_the_same(
    tmp_path: Path, config: Path, how: signal.Signals
) -> None:
    box = mailbox(tmp_path / "box")
    assert coldask("learn", box, "--config", config, home=tmp_path).returncode == 0
    whole = people(config)
    for file in (tmp_path / "data").iterdir():
        file.unlink()
    stopped = 0
    for tenths in (1.5, 2.5, 3.5, 5, 7, 9):  # from the imports to the middle of the texts
        process = subprocess.Popen(
            [sys.executable, "-m", "proxy", "learn", str(box), "--config", str(config)],
            cwd=Path(__file__).parents[3], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        time.sleep(tenths / 10)
        os.kill(process.pid, how)
        _, said = process.communicate(timeout=30)
        stopped += process.returncode != 0
        assert b"Traceback" not in said, said.decode()
        if how is signal.SIGINT and process.returncode > 0:  # below 0: Python itself was not up yet
            assert (process.returncode, said.strip().splitlines()[-1:]) == (130, [b"coldask: interrupted."])
    assert stopped
    run = coldask("learn", box, "--config", config, home=tmp_path)
    assert run.returncode == 0, run.stderr
    assert people(config) == whole
