"""`coldask train` as a person runs it: nothing to learn, a corpus with an ear, and wrong input."""

import json
from pathlib import Path
from typing import Any

import pytest

from classifier.hearing.ear import Scores
from models.errors import UsageError
from proxy.cli import train
from tests.classifier.training.veins import BUYERS, PITCHES, SCHOOLS, THANKS
from tests.proxy.cli.commands import CONFIG, coldask
from tests.proxy.cli.test_evaluate import letter


class Ear:
    """Hears by one word, and each sentence alike."""

    name = "core"

    def scores(self, subject: str, text: str, sentences: Any) -> Scores:
        cold = 2.0 if "could" in text.lower() or "would" in text.lower() else -1.5
        return Scores(self.name, cold, [[cold] + [-2.0] * 12 for _ in sentences])


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("classifier.hearing.core.core", lambda: Ear())
    texts = [(t, "file") for t in SCHOOLS + PITCHES] + [(t, "keep") for t in (BUYERS + THANKS) * 4]
    rows = [letter(n, f"{text} ({n})", word, author=f"a{n % 3}", topic="t", asks=[{"ask": "time", "quote": text}])
            for n, (text, word) in enumerate(texts)]  # fmt: skip
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "letters-a.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    return folder


def test_a_corpus_gives_the_same_files_each_time(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outs = [tmp_path / name for name in ("one", "two")]
    for out in outs:
        out.mkdir()
        train.train(corpus=str(corpus), out=str(out), json=True)
    files = [{f.name: f.read_bytes() for f in out.iterdir()} for out in outs]
    assert files[0] == files[1] and set(files[0]) == {"top-core.json", "background.bin"}
    said = capsys.readouterr()
    assert "goes on judging by what ships" in said.err
    figures = json.loads(said.out.splitlines()[0])
    assert figures["letters"] >= 40 and set(figures["mix"]) == {"bias", "points", "cold"}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"corpus": "none"}, "holds no letters"),
        ({"corpus": "here", "undo": True}, "leave --corpus out"),
        ({"out": "here"}, "--out says where to write"),
        ({"corpus": "here", "out": "none"}, "There is no folder"),
    ],
)
def test_wrong_calls_are_answered_in_words(
    corpus: Path, tmp_path: Path, args: dict[str, Any], words: str
) -> None:
    places = {"here": str(corpus), "none": str(tmp_path / "none")}
    given = {name: places.get(value, value) for name, value in args.items()}
    with pytest.raises(UsageError, match=words):
        train.train(**given)


def test_letters_that_cannot_be_read_and_a_missing_ear_are_told(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> Ear:
        raise ValueError("core.npz cannot be read")

    monkeypatch.setattr("classifier.hearing.core.core", none)
    with pytest.raises(UsageError, match="There is no ear"):
        train.train(corpus=str(corpus))
    (corpus / "letters-b.jsonl").write_text("{}\n")
    with pytest.raises(UsageError, match=r"cannot be read: line 1 of letters-b\.jsonl: it has no 'mail'"):
        train.train(corpus=str(corpus))


def test_without_corrections_it_says_so(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG + f'[store]\npath = "{tmp_path}/coldask.db"\n')
    run = coldask("train", "--config", config, home=tmp_path)
    assert run.returncode == 0 and run.stdout.startswith(b"There is nothing to learn from"), run.stderr
    run = coldask("train", "--undo", "--config", config, home=tmp_path)
    assert run.returncode == 0 and run.stdout.startswith(b"There is nothing to take back")
    run = coldask("train", "--json", "--config", config, home=tmp_path)
    assert json.loads(run.stdout) == {"lessons": 0, "changed": False}


def test_one_correction_is_no_plural(capsys: pytest.CaptureFixture[str]) -> None:
    train._show(
        {"lessons": 1, "cold": 0, "not_cold": 1, "weight": 1.0, "right_before": 0, "right_now": 0, "file_above": 0.9,
         "file_above_before": 0.9, "leanings": []}
    )  # fmt: skip
    train._show_undone({"undone": True, "set_aside": 1, "in_use": None})
    out = capsys.readouterr().out
    assert "Fitted to 1 correction: 0 cold" in out
    assert "1 correction is set aside; `coldask train` takes it in again." in out


def test_what_changed_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    train._show(
        {"lessons": 10, "cold": 3, "not_cold": 7, "weight": 8.5, "right_before": 2, "right_now": 9, "file_above": 0.9,
         "file_above_before": 0.85, "leanings": [{"sign": "time", "weight": -0.4}]}
    )  # fmt: skip
    train._show_undone({"undone": True, "set_aside": 4, "in_use": "2024-05-01T12:00:00+00:00"})
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "Fitted to 10 corrections: 3 cold, 7 not; together they weigh 8.5."
    assert out[1:4] == [
        "Judged as you said: 2 of them before, 9 now.",
        "Filed from a certainty of 90% on; before it was 85%.",
        "  time: warmer (-0.40)",
    ]
    assert out[4].startswith("Taken back: the model of 2024-05-01 is in use. 4 corrections are set aside")
