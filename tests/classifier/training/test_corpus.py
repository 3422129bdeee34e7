"""The corpus of letters: invented people only, nobody copied, a held part, and each letter a mail that can be read."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from classifier.reading.read import read_mail
from classifier.training.corpus import Sample, built, letters, moment, near_copies, sample
from models.finding import Ask
from models.past import Tie
from models.verdict import Disposition

CORPUS = Path(__file__).parents[3] / "classifier" / "corpus"
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]*\w")
INVENTED = (".example", ".invalid", ".test")
ROW: dict[str, Any] = {
    "id": "x-1", "direction": "in", "owner": ["ida@mill.example"], "now": "2024-05-01T10:00:00+02:00",
    "past": [], "expected": "file", "also_ok": ["unsure"], "family": "pick-brain", "tie": "unknown",
    "author": "author9", "topic": "mill stones", "asks": [{"ask": "time", "quote": "an hour"}],
    "mail": {
        "from": "Rolf <rolf@quarry.example>", "to": ["ida@mill.example"], "cc": [], "subject": "stones",
        "body": "Would you spare me an hour?\n", "html": "<p>Would you spare me an hour?</p>",
        "attachments": ["plan.pdf"], "headers": {"X-Mailer": "quill", "Date": "never"}, "in_reply_to": "<1@mill.example>",
    },
}  # fmt: skip


@cache
def corpus() -> tuple[Sample, ...]:
    return letters(CORPUS)


def test_there_are_a_thousand_incoming_letters_about_as_many_of_each_verdict() -> None:
    found = Counter(one.expected for one in corpus() if not one.outgoing)
    assert found["file"] >= 500 and found["keep"] >= 500
    assert abs(found["file"] - found["keep"]) < 0.1 * found.total()


def test_fewer_than_three_in_a_hundred_are_near_copies() -> None:
    texts = [one.text for one in corpus()]
    assert len(near_copies(texts)) < 0.03 * len(texts)


def test_a_copy_with_swapped_words_is_found() -> None:
    text = "Could you tell me who in your guild repairs slate roofs by the sea?"
    assert near_copies([text, "Nothing alike here at all.", text.replace("slate", "straw")]) == [(2, 0)]


def test_every_address_is_invented() -> None:
    real = {
        (path.name, address)
        for path in CORPUS.glob("letters-*.jsonl")
        for address in ADDRESS.findall(path.read_text("utf-8"))
        if not address.endswith(INVENTED)
    }
    assert real == set()


def test_a_letters_words_stand_in_it_and_its_labels_are_of_those_there_are() -> None:
    for one in corpus():
        text = " ".join(f"{one.subject} {one.text}".split())
        assert one.expected in set(Disposition) and one.tie in set(Tie), one.id
        for kind, quote in one.asks:
            assert kind in set(Ask) and " ".join(quote.split()) in text, one.id
    names = Counter(one.id for one in corpus())
    assert max(names.values()) == 1


def test_a_part_is_held_by_author_and_by_topic() -> None:
    held = [one for one in corpus() if one.held]
    assert 0.2 < len(held) / len(corpus()) < 0.6
    assert not {(o.author, o.topic) for o in held} & {(o.author, o.topic) for o in corpus() if not o.held}
    assert all(one.held for one in corpus() if one.author == "author3")


def test_a_letter_becomes_a_mail_with_all_it_has_and_the_same_bytes_each_time() -> None:
    one, again = sample(ROW), sample(json.loads(json.dumps(ROW)))
    assert one.raw == again.raw and one.wanted and not one.outgoing
    mail = read_mail(one.raw)
    assert mail.sender is not None and mail.sender.address == "rolf@quarry.example"
    assert mail.date == one.now and mail.header("x-mailer") == "quill"
    assert mail.own_text.strip() == "Would you spare me an hour?"
    assert [a.name for a in mail.attachments] == ["plan.pdf"]
    assert mail.links.all == ("<1@mill.example>",)


def test_an_invitation_of_a_calendar_is_one() -> None:
    mail = {**ROW["mail"], "html": None, "attachments": [], "headers": {"Content-Type": "text/calendar"}}
    assert read_mail(built(mail, moment("2024-05-01T10:00:00"), "<2@mill.example>")).calendar


def test_earlier_mails_come_by_date() -> None:
    earlier = {**ROW["mail"], "html": None, "attachments": [], "headers": {}}
    dates = ("2024-03-01T10:00:00Z", "2023-03-01T10:00:00+05:00", "2024-01-01T10:00:00-03:00")
    row = {**ROW, "past": [{**earlier, "date": date, "subject": date[:7]} for date in dates]}
    assert [read_mail(raw).subject for raw in sample(row).past] == ["2023-03", "2024-01", "2024-03"]


@pytest.mark.parametrize(
    ("change", "words"),
    [({"mail": None}, "another kind"), ({"expected": 3}, "another kind"), ({"now": "noon"}, "isoformat")],
)
def test_a_broken_line_is_refused_with_words(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        sample({**ROW, **change})


def test_a_line_without_a_mail_says_so() -> None:
    with pytest.raises(ValueError, match="it has no 'mail'"):
        sample({k: v for k, v in ROW.items() if k != "mail"})


@pytest.mark.parametrize(
    ("line", "words"), [("{oops", "is not JSON"), ('{"id": "x"}', "it has no 'mail'")], ids=["json", "mail"]
)
def test_a_broken_line_of_a_folder_is_named_by_file_and_line(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / "letters-ida.jsonl").write_text(f"{json.dumps(ROW)}\n\n{line}\n")
    with pytest.raises(ValueError, match=f"line 3 of letters-ida.jsonl.*{words}"):
        letters(tmp_path)
