"""`coldask replay`, as a process: one line a mail, a report, labels."""

import json
from pathlib import Path

from tests.proxy.cli.commands import coldask
from tests.proxy.cli.mailbox_samples import ANN, COLD, PREMATURE, friendship, letter, mbox


def test_one_line_a_mail_in_date_order_also_for_copies_and_unreadable_ones(tmp_path: Path) -> None:
    dateless = b"From: zoe@kite.example\nTo: ann@quay.example\nSubject: no date\n\nhello\n"
    box = mbox(
        tmp_path / "box",
        COLD,
        letter("bo@x.example", ANN, 1, 1, "Boat"),
        dateless,
        COLD,
        b"\x00\x01",
        PREMATURE,
    )
    run = coldask("replay", box, "--owner", ANN, "--json", home=tmp_path)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 0
    assert len(lines) == 6
    assert {line["path"] for line in lines} == {str(box)}
    ids = [line["message_id"] for line in lines]
    assert ids.index("<1@test.example>") < ids.index("<cold@dunnleads.example>")
    assert ids.count("<cold@dunnleads.example>") == 2
    by_id = {line["message_id"]: line for line in lines}
    assert by_id["<cold@dunnleads.example>"]["disposition"] == "file"
    assert by_id["<mine@quay.example>"]["direction"] == "outgoing"
    assert by_id["<1@test.example>"]["date"] == "2024-05-01T10:00:00+00:00"
    assert any("unreadable" in [f["rule"] for f in line["findings"]] for line in lines)


def test_a_mail_without_a_date_keeps_its_place(tmp_path: Path) -> None:
    dateless = b"From: zoe@kite.example\nTo: ann@quay.example\nMessage-ID: <d@kite.example>\n\nhello\n"
    folder = tmp_path / "eml"
    folder.mkdir()
    box = tmp_path / "box"
    box.write_bytes(
        b"".join(
            b"From x@x.example\n" + mail + b"\n"
            for mail in (
                letter("a@x.example", ANN, 5, 5, "x"),
                dateless,
                letter("a@x.example", ANN, 9, 9, "x"),
            )
        )
    )
    run = coldask("replay", box, "--owner", ANN, "--json", home=tmp_path)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert [line["message_id"] for line in lines] == [
        "<5@test.example>",
        "<d@kite.example>",
        "<9@test.example>",
    ]
    assert lines[1]["date"] is None


def test_every_mail_sees_only_what_came_before_it(tmp_path: Path) -> None:
    run = coldask("replay", friendship(tmp_path / "box"), "--owner", ANN, "--json", home=tmp_path)
    ties = [
        line["ties"]["vera@holm.example"]["tie"]
        for line in map(json.loads, run.stdout.splitlines())
        if "vera@holm.example" in line["ties"]
    ]
    assert ties == ["unknown", "one-sided", "answered", "answered", "answered"]


def test_the_report_counts_months_and_reasons(tmp_path: Path) -> None:
    box = mbox(tmp_path / "box", COLD, letter("bo@x.example", ANN, 1, 1, "Boat"), PREMATURE)
    report = coldask("replay", box, "--owner", ANN, home=tmp_path).stdout.decode()
    assert "3 mails: 2 in, 1 out, 0 copies, 0 unreadable" in report
    rows = {
        line.split()[0]: line.split()[1:]
        for line in report.splitlines()
        if line.startswith(("2024", "total"))
    }
    assert rows["2024-05"] == ["1", "0", "0", "0", "0", "0"]
    assert rows["2024-06"][:5] == ["1", "1", "1", "0", "1"]
    assert "held: premature-ask" in report
    assert "2024-06-03 rex@dunnleads.example" in report


def test_labels_add_precision_recall_and_the_misses(tmp_path: Path) -> None:
    box = mbox(tmp_path / "box", COLD, letter("bo@x.example", ANN, 1, 1, "Boat"))
    labels = tmp_path / "labels.jsonl"
    rows = [("<cold@dunnleads.example>", "cold_ask"), ("<1@test.example>", "cold_ask"), ("<gone@x>", "bulk")]
    labels.write_text("".join(json.dumps({"message_id": i, "label": label}) + "\n" for i, label in rows))
    report = coldask("replay", box, "--owner", ANN, "--labels", labels, home=tmp_path).stdout.decode()
    assert "precision 1.000 (1 of 1 filed)" in report
    assert "recall    0.500 (1 of 2 cold asks" in report
    assert "missed: 1\n  2024-05-01 bo@x.example" in report


def test_without_an_owner_it_says_what_it_saw_and_asks(tmp_path: Path) -> None:
    run = coldask("replay", friendship(tmp_path / "box"), home=tmp_path)
    assert run.returncode == 2
    assert "ann@quay.example" in run.stderr.decode()
    assert "--owner" in run.stderr.decode()


def test_wrong_input_is_one_sentence_and_exit_2(tmp_path: Path) -> None:
    bad = tmp_path / "labels.jsonl"
    bad.write_text("{}\n")
    for args in (
        ["nowhere"],
        [friendship(tmp_path / "box"), "--labels", "gone"],
        [tmp_path / "box", "--labels", bad],
    ):
        run = coldask("replay", *args, "--owner", ANN, home=tmp_path)
        assert run.returncode == 2
        assert len(run.stderr.splitlines()) == 1


def test_nothing_is_changed(tmp_path: Path) -> None:
    box = friendship(tmp_path / "box")
    before = box.read_bytes()
    coldask("replay", box, "--owner", ANN, home=tmp_path)
    assert box.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["box"]
