"""`coldask evaluate` as a person runs it: letters and files, figures, misses with their text, the page, wrong input."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from proxy.cli.evaluate import evaluation_json, evaluation_text
from proxy.cli.page.evaluation import evaluation_page
from proxy.history.evaluation import Evaluation
from tests.proxy.cli.commands import coldask
from tests.proxy.cli.mailbox_samples import ANN, COLD, PREMATURE
from tests.proxy.cli.page.test_page import _Page
from tests.proxy.history.test_evaluation import MAILS, graded

PITCH = (
    "Hi Ida, we built a tool that fills your calendar with new customers. Could you introduce me to the person "
    "who decides about sales software at your firm? I would also like to book a call with you this week."
)


def letter(number: int, text: str, expected: Any = "file", **more: Any) -> dict[str, Any]:
    mail = {"from": f"Rolf <rolf@quarry{number}.example>", "to": ["ida@mill.example"], "cc": [], "subject": "stones",
            "body": text, "html": None, "attachments": [], "headers": {}, "in_reply_to": None}  # fmt: skip
    return {
        "id": f"x-{number}", "direction": "in", "owner": ["ida@mill.example"], "now": "2024-05-01T10:00:00+02:00",
        "past": [], "mail": mail, "tie": "unknown", "expected": expected, "also_ok": [], "family": "sales-pitch", **more,
    }  # fmt: skip


def written(tmp_path: Path, *rows: Any) -> Path:
    path = tmp_path / "labels.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_letters_and_files_are_judged_each_with_its_own_history(tmp_path: Path) -> None:
    (tmp_path / "cold.eml").write_bytes(COLD)
    (tmp_path / "mine.eml").write_bytes(PREMATURE)
    answered = letter(2, "Thank you for the stones, they came.", "keep", family="thanks")
    answered["past"] = [{**answered["mail"], "from": "ida@mill.example", "to": ["rolf@quarry2.example"],
                         "date": "2024-04-01T10:00:00Z", "id": "<1@mill.example>"}]  # fmt: skip
    labels = written(
        tmp_path,
        letter(1, PITCH),
        answered,
        {
            "path": str(tmp_path / "cold.eml"),
            "label": "cold_ask",
            "owner": [ANN],
            "past": None,
            "kind": "pitch",
        },
        {"path": str(tmp_path / "mine.eml"), "label": "hold", "owner": [ANN], "past": None},
    )
    page = tmp_path / "page.html"
    run = coldask("evaluate", labels, "--json", "--html", page, home=tmp_path)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found["incoming"]["mails"] == 3 and found["incoming"]["wanted"] == 2
    assert found["outgoing"]["mails"] == 1 and found["outgoing"]["hits"] == 1
    kinds = {k["kind"]: k for k in found["incoming"]["kinds"]}
    assert set(kinds) == {"sales-pitch", "pitch", "thanks"} and kinds["thanks"]["became"] == {"keep": 1}
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    again = coldask("evaluate", labels, "--html", page, home=tmp_path)
    assert again.returncode == 2 and b"--force" in again.stderr


def test_a_line_that_cannot_be_judged_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    labels = written(tmp_path, {"path": str(tmp_path / "none.eml"), "label": "keep"}, letter(1, PITCH))
    run = coldask("evaluate", labels, "--json", home=tmp_path)
    assert run.returncode == 2
    assert run.stderr.decode().startswith(f"{labels}, line 1: there is no file")
    assert json.loads(run.stdout)["incoming"]["mails"] == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "line 1: it is no JSON"),
        ("[]", "line 1: it is no JSON object"),
        ('{"path": "x.eml"}', "line 1: it has no path and label"),
        ('{"mail": {"from": "x"}}', "line 1: it has no 'expected'"),
        ("\n\n", "holds no labelled mail"),
        ("\x00\xff", "line 1: it is no JSON"),
    ],
)
def test_wrong_files_are_refused_with_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text(text, "utf-8")
    run = coldask("evaluate", labels, home=tmp_path)
    assert run.returncode == 2 and run.stdout == b""
    assert words in run.stderr.decode() and "Traceback" not in run.stderr.decode()


def test_the_text_shows_figures_kinds_and_the_misses_with_their_words() -> None:
    wrong = graded(False, MAILS[0].disposition, 0.97, "buyer")._replace(
        text="I want forty chairs.\nCan you call?",
        sender="ida@mill.example",
        id="m7",
        reason="asks for your time",
    )
    text = evaluation_text("incoming", Evaluation((*MAILS, wrong)))
    assert "precision 0.500 (2 of 4 filed)" in text and "cost      2.378 a mail" in text
    assert "| I want forty chairs.\n      | Can you call?" in text
    assert "buyer                              4       1  2 file, 1 unsure, 1 keep" in text
    assert evaluation_json(Evaluation((wrong,)))["misses"][0]["text"] == wrong.text


def test_the_page_is_whole_draws_its_curves_and_escapes_what_mail_says() -> None:
    evil = graded(False, MAILS[0].disposition, 0.97, "<script>alert(1)</script>")._replace(
        text="</blockquote><img src=x onerror=alert(2)>", subject="<b>hi</b>"
    )
    text = evaluation_page("labels", {"incoming": Evaluation((*MAILS, evil))})
    page = _Page(text)
    assert "script" not in page.tags and "img" not in page.tags and "b" in page.tags
    assert len(page.plots) == 3 and text.count('class="curve"') == 3
    assert "http" not in text.replace("http-equiv", "")


def test_the_page_of_mail_of_which_none_is_wanted_has_no_empty_curves() -> None:
    text = evaluation_page("labels", {"incoming": Evaluation(MAILS[-2:])})
    assert _Page(text).plots and "Precision by recall" not in text
