"""`coldask replay`, as a process: one line a mail, a report, labels."""

import json
import re
from pathlib import Path

import pytest

from tests.proxy.cli.commands import CONFIG, coldask
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


def test_the_report_counts_months_reasons_and_names_what_stands_out(tmp_path: Path) -> None:
    box = mbox(tmp_path / "box", COLD, letter("bo@x.example", ANN, 1, 1, "Boat"), PREMATURE, COLD)
    report = coldask("replay", box, "--owner", ANN, home=tmp_path).stdout.decode()
    assert "4 mails: 2 in, 1 out, 1 copies, 0 unreadable" in report
    rows = {
        line.split()[0]: line.split()[1:]
        for line in report.splitlines()
        if line.startswith(("2024", "total"))
    }
    assert rows["2024-05"] == ["1", "0", "0", "0", "0", "0"]
    assert rows["2024-06"] == ["1", "1", "1", "0", "1", "0"]
    assert rows["total"] == ["2", "1", "1", "0", "1", "0"]
    assert "       1  held: premature-ask\n" in report
    clearest = report.partition("the clearest:\n")[2].splitlines()
    named = dict(zip(clearest[::2], clearest[1::2], strict=False))  # which is clearer, the models may say
    filed = next(n for n in named if n.startswith("  2024-06-03 filed  Rex Dunn <rex@dunnleads.example>"))
    held = next(n for n in named if n.startswith("  2024-06-03 held   to vera@holm.example"))
    assert "“quick question” (" in filed and "“your brother” (" in held
    assert "introduce me to the person" in named[filed]
    assert re.search(r"; [\d,]+ mails a second\n", report)


def test_of_many_the_report_names_five_clear_five_doubtful_and_the_others_shortly(tmp_path: Path) -> None:
    many = [
        COLD.replace(b"rex@dunnleads", b"rex@dunn%d" % i).replace(b"<cold@", b"<cold%d@" % i)
        for i in range(40)
    ]
    report = coldask("replay", mbox(tmp_path / "box", *many), "--owner", ANN, home=tmp_path).stdout.decode()
    parts = [part.splitlines() for part in report.split("\n\n")[3:]]
    assert [part[0] for part in parts] == ["the clearest:", "the most doubtful:", "also filed or held:"]
    assert [len(part) for part in parts] == [11, 11, 22]
    assert parts[2][-1] == "  … and 10 more; --json shows them all"


def test_labels_add_precision_recall_average_precision_confusion_and_the_misses(tmp_path: Path) -> None:
    hostile = letter("bo@x.example", ANN, 1, 1, "Boat \u202egnp.exe")
    box = mbox(tmp_path / "box", COLD, hostile, letter("al@x.example", ANN, 2, 2, "Oars"))
    labels = tmp_path / "labels.jsonl"
    rows = [
        ("<cold@dunnleads.example>", "bulk"),
        ("<1@test.example>", "cold_ask"),
        ("<2@test.example>", "personal"),
        ("<gone@x>", "bulk"),
    ]
    labels.write_text("".join(json.dumps({"message_id": i, "label": label}) + "\n" for i, label in rows))
    report = coldask("replay", box, "--owner", ANN, "--labels", labels, home=tmp_path).stdout.decode()
    assert "labelled: 3 met of 4, 1 of them cold asks\n" in report
    assert "precision 0.000 (0 of 1 filed)\n" in report
    assert "recall    0.000 (0 of 1 cold asks; 0 more were unsure)\n" in report
    assert "F1        0.000\n" in report
    assert "average precision 0.333\n" in report  # with an equal one, after one that was surer: 1 of 3
    table = {line.split()[0]: line.split()[1:] for line in report.partition("label  ")[2].splitlines()[1:4]}
    assert table == {"cold_ask": ["1", "0"], "bulk": ["0", "1"], "personal": ["1", "0"]}
    assert "wrongly filed: 1\n  2024-06-03 rex@dunnleads.example “quick question” [bulk]\n      Rex" in report
    assert "missed: 1\n  2024-05-01 bo@x.example “Boat \\u202egnp.exe” [cold_ask]\n      bo" in report
    assert "\u202e" not in report


def test_with_json_the_lines_stand_alone_and_the_figures_beside_them(tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text('{"message_id": "<cold@dunnleads.example>", "label": "cold_ask"}\n')
    run = coldask(
        "replay", mbox(tmp_path / "box", COLD), "--owner", ANN, "--labels", labels, "--json", home=tmp_path
    )
    assert list(json.loads(run.stdout)) == [
        "message_id", "path", "date", "direction", "disposition", "findings", "reason", "ties", "probability", "asks",
    ]  # fmt: skip
    assert "precision 1.000 (1 of 1 filed)" in run.stderr.decode()


def test_forged_own_mail_is_judged_and_not_remembered(tmp_path: Path) -> None:
    forged = letter(ANN, "bo@x.example", 1, 1, "Boat").replace(
        b"\n\n", b"\nReceived: from x.example; today\n\n", 1
    )
    later = letter("bo@x.example", ANN, 2, 2, "Oars")
    for folder, mails in (("cur", [forged, later]), (".Sent/cur", [])):
        (tmp_path / "box" / folder).mkdir(parents=True)
        (tmp_path / "box" / folder).with_name("new").mkdir()
        for i, mail in enumerate(mails):
            (tmp_path / "box" / folder / f"{i}.x:2,S").write_bytes(mail)
    run = coldask("replay", tmp_path / "box", "--owner", ANN, "--json", home=tmp_path)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert [line["direction"] for line in lines] == ["outgoing", "incoming"]
    assert lines[1]["ties"]["bo@x.example"]["tie"] == "unknown"


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


def test_mail_that_nothing_dates_stands_under_no_date(tmp_path: Path) -> None:
    mails = (re.sub(rb"Date: [^\n]*\n", b"", COLD), letter("bo@x.example", ANN, 5, 5, "Boat"))
    box, page = tmp_path / "box", tmp_path / "page.html"
    box.write_bytes(b"".join(b"From x@x.example\n" + mail + b"\n" for mail in mails))
    run = coldask("replay", box, "--owner", ANN, "--html", page, home=tmp_path)
    assert run.returncode == 0, run.stderr
    report = run.stdout.decode()
    assert "1970" not in report and "1970" not in page.read_text()
    rows = {line[:8].strip(): line.split()[-6:] for line in report.splitlines() if line[:8].strip()}
    assert rows["no date"][0] == rows["2024-05"][0] == "1"
    assert rows["total"][0] == "2"
    assert "no date" in page.read_text()


@pytest.mark.parametrize("text", ["", "\n \n", "no JSON\n"])
def test_a_file_without_labels_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "labels").write_text(text)
    box = friendship(tmp_path / "box")
    run = coldask("replay", box, "--owner", ANN, "--labels", tmp_path / "labels", home=tmp_path)
    assert (run.returncode, run.stdout) == (2, b"")
    assert b"no label" in run.stderr and run.stderr.count(b"\n") == 1


def test_without_owner_the_accounts_addresses_are_taken(tmp_path: Path) -> None:
    box = mbox(tmp_path / "box", COLD, PREMATURE)
    config = tmp_path / ".config" / "coldask" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(CONFIG)
    run = coldask("replay", box, "--json", home=tmp_path)
    assert run.returncode == 0, run.stderr
    assert {json.loads(line)["direction"] for line in run.stdout.splitlines()} == {"incoming", "outgoing"}
    assert f"No --owner: {ANN} is taken as yours, as {config} says.\n" in run.stderr.decode()
    named = tmp_path / "other.toml"
    named.write_text(CONFIG.replace("ann@quay", "zoe@kite"))
    run = coldask("replay", box, "--config", named, "--json", home=tmp_path)
    assert {json.loads(line)["direction"] for line in run.stdout.splitlines()} == {"incoming"}
    run = coldask("replay", box, "--owner", ANN, "--config", named, "--json", home=tmp_path)
    assert b"No --owner" not in run.stderr, "who is named is named"


def test_without_owner_and_account_it_asks_whose_mailbox_it_is(tmp_path: Path) -> None:
    box = mbox(tmp_path / "box", COLD)
    empty = tmp_path / "empty.toml"
    empty.write_text("")
    for options in ((), ("--config", empty)):
        run = coldask("replay", box, *options, home=tmp_path)
        assert (run.returncode, run.stdout) == (2, b"") and b"--owner ADDR" in run.stderr
    run = coldask("replay", box, "--config", tmp_path / "none.toml", home=tmp_path)
    assert run.returncode == 2 and b"none.toml" in run.stderr
