"""The corpus as documents: what is decided without the text teaches nothing, and each ask finds its sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from classifier.reading.read import read_mail
from classifier.signals.sentences import split
from fitting.letters import REAL, asks_of, documents, labelled, parted
from models.finding import Ask

TEXT = "I liked your talk on kilns. Could you give me\nhalf an hour next week? Greetings, Tam"
PLACES = tuple((s.start, s.end) for s in split(TEXT))


def line(number: int, **more: Any) -> dict[str, Any]:
    mail = {
        "from": "Tam Orr <tam@kiln.example>", "to": ["ann@pots.example"], "subject": "your talk", "body": TEXT,
    }  # fmt: skip
    row = {
        "id": f"t-{number}", "direction": "in", "owner": ["ann@pots.example"], "now": "2025-03-03T09:00:00+00:00",
        "past": [], "mail": mail, "expected": "file", "family": "pick-brain", "author": "author1",
        "asks": [{"ask": "time", "quote": "give me half an hour next week"}],
    }  # fmt: skip
    return {**row, **more}


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    (folder / "letters-author1.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_an_ask_belongs_to_the_sentence_it_stands_in_however_it_is_broken() -> None:
    found = asks_of(TEXT, PLACES, [("time", "give me half an hour next week")])
    said = {TEXT[s:e].split()[0]: kinds for (s, e), kinds in zip(PLACES, found, strict=True)}
    assert said["Could"] == {Ask.TIME}
    assert said["I"] == said["Greetings,"] == frozenset()


def test_an_ask_over_two_sentences_is_both_and_a_word_of_a_sentence_is_not_the_sentence() -> None:
    text = "See the plan. Tell me more."
    places = ((0, 13), (14, 27))
    assert asks_of(text, places, [("advice", "See the plan. Tell me more.")]) == ({Ask.ADVICE}, {Ask.ADVICE})
    assert asks_of(text, places, [("advice", "plan. Tell me more")]) == (frozenset(), {Ask.ADVICE})
    assert asks_of(text, places, [("advice", "no such words"), ("time", " ")]) == (frozenset(), frozenset())


async def test_a_strangers_letter_teaches_by_its_text(tmp_path: Path) -> None:
    [one] = await documents(written(tmp_path, line(1)))
    assert (one.cold, one.by_text, one.sort, one.author) == (1.0, True, "pick-brain", "author1")
    assert one.asks is not None and [bool(kinds) for kinds in one.asks].count(True) == 1


@pytest.mark.parametrize("why", ["colleague", "outgoing", "written to"])
async def test_what_the_text_does_not_decide_teaches_no_verdict(tmp_path: Path, why: str) -> None:
    row = line(1, expected="keep")
    if why == "colleague":
        row["mail"] = {**row["mail"], "from": "Tam <tam@pots.example>"}
    elif why == "outgoing":
        row |= {"direction": "out", "expected": {"disposition": "warn"}, "owner": ["tam@kiln.example"]}
    else:
        wrote = {
            "from": "ann@pots.example",
            "to": ["tam@kiln.example"],
            "subject": "hello",
            "body": "Hello Tam",
        }
        row["past"] = [{**wrote, "date": "2025-03-01T09:00:00+00:00"}]
    [one] = await documents(written(tmp_path, row))
    assert (one.cold, one.by_text) == (None, False)
    assert one.sort == ("" if why == "outgoing" else "pick-brain")
    assert one.asks is not None


@pytest.mark.parametrize(
    ("expected", "tie", "asked", "cold"),
    [
        ({"disposition": "hold", "rules": ["premature-ask"]}, "unknown", True, 1.0),
        ({"disposition": "warn", "rules": ["premature-ask"]}, "answered", True, None),  # the tie decides
        ({"disposition": "hold", "rules": ["blind-blast"]}, "unknown", True, None),  # how it is sent decides
        ({"disposition": "note", "rules": []}, "unknown", True, None),
        ({"disposition": "pass", "rules": []}, "unknown", False, 0.0),
        ({"disposition": "pass", "rules": []}, "established", True, None),  # an ask that the tie bears
    ],
)
async def test_a_letter_that_was_sent_is_to_its_reader_what_its_ask_of_a_stranger_makes_it(
    tmp_path: Path, expected: dict[str, Any], tie: str, asked: bool, cold: float | None
) -> None:
    row = line(1, direction="out", owner=["tam@kiln.example"], expected=expected, tie=tie)
    [one] = await documents(written(tmp_path, row if asked else {**row, "asks": []}))
    assert (one.cold, one.by_text, one.sort) == (cold, False, "")


async def test_more_letters_bring_their_verdict_alone_and_a_trial_takes_the_first(tmp_path: Path) -> None:
    folder = written(tmp_path, line(1), line(2))
    (folder / "sentences-author2.jsonl").write_text('{"text": "May I ring you?", "asks": ["time"]}\n' * 3)
    more = tmp_path / "more.jsonl"
    more.write_text(json.dumps(line(3, expected="keep")) + "\n")
    found = await documents(folder, [more], most_letters=1, most_sentences=2)
    assert [d.id for d in found] == ["t-1", "t-3", "author2-1", "author2-2"]
    assert (found[1].cold, found[1].asks, found[1].sort) == (0.0, None, "")
    assert (found[2].cold, found[2].asks) == (None, ({Ask.TIME},))


async def test_an_author_left_out_measures_and_is_not_fitted_to(tmp_path: Path) -> None:
    found = await documents(written(tmp_path, line(1), line(2, author="author3")))
    fitted, measures = parted(found, ["author3"])
    assert ([d.id for d in fitted], [d.id for d in measures]) == (["t-1"], ["t-2"])


def test_real_mail_teaches_by_the_label_a_reader_gave_it_and_a_friends_ask_teaches_nothing() -> None:
    labels = {"<1@x.example>": "cold_ask", "<2@x.example>": "bulk", "<3@x.example>": "warm_ask"}
    raw = "From: Tam <tam@x.example>\r\nMessage-ID: <{}@x.example>\r\n\r\nCome and see. Bring Una.\r\n"
    found = labelled([read_mail(raw.format(number).encode()) for number in (1, 2, 3, 4)], labels)
    assert [(one.id, one.author, one.cold) for one in found] == [
        ("<1@x.example>", REAL, 1.0),
        ("<2@x.example>", REAL, 0.0),
    ]
    assert [one.asks for one in found] == [None, None]
    assert all(len(one.places) == 2 for one in found)
