"""Which ordinary mails are heard: each text once, nothing kept for measuring, nothing foreign."""

from pathlib import Path

from fitting.mails import lines_of, mails_of, texts_of

BODY = "We will meet in the small room on Tuesday, and {} brings the minutes of the last time."


def mbox(*mails: tuple[str, str]) -> str:
    return "".join(
        f"From ann@pots.example Mon Mar  3 09:00:00 2025\nFrom: ann@pots.example\n{head}Subject: minutes\n\n{body}\n\n"
        for head, body in mails
    )


def test_mailboxes_in_a_folder_are_read_and_what_is_none_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.mbox").write_text(mbox(("", BODY.format("Tam")), ("", BODY.format("Tam"))))
    (tmp_path / "deep/b.mbox").write_text(mbox(("", BODY.format("Una")), ("", "Yes.")))
    (tmp_path / "notes.txt").write_text("no mail at all")
    found = texts_of([tmp_path], (), "", 1)
    assert sorted(one.text.split(" and ")[1].split()[0] for one in found) == ["Tam", "Una"]
    assert all(one.subject == "minutes" and one.places for one in found)
    assert found == texts_of([tmp_path], (), "", 1)


def test_what_is_kept_for_measuring_is_never_heard(tmp_path: Path) -> None:
    kept = "Message-ID: <1@pots.example>\n"
    german = "Wir treffen uns am Dienstag in dem kleinen Zimmer, und die Liste bringt jemand von euch mit."
    mails = mbox(
        (kept, BODY.format("Tam")),
        ("X-Made: yes\n", BODY.format("Una")),
        ("", german),
        ("", BODY.format("Ro")),
    )
    (tmp_path / "a.mbox").write_text(mails)
    found = texts_of([tmp_path / "a.mbox"], {"<1@pots.example>", "1@pots.example"}, "x-made", 1)
    assert [one.text for one in found] == [BODY.format("Ro")]


def test_other_texts_are_read_a_line_each(tmp_path: Path) -> None:
    (tmp_path / "lines.txt").write_text("to go about in a small boat\n\nHe rowed out. She swam.\n")
    first, second = lines_of(tmp_path / "lines.txt")
    assert (first.subject, first.text) == ("", "to go about in a small boat")
    assert [second.text[s:e].strip() for s, e in second.places] == ["He rowed out.", "She swam."]


def test_mails_are_found_by_their_message_id_each_once(tmp_path: Path) -> None:
    heads = [f"Message-ID: <{number}@pots.example>\n" for number in (1, 2, 2, 3)]
    (tmp_path / "a.mbox").write_text(mbox(*((head, BODY.format("Tam")) for head in heads)))
    found = mails_of([tmp_path], {"<2@pots.example>", "<3@pots.example>", "<9@pots.example>"})
    assert [mail.message_id for mail in found] == ["<2@pots.example>", "<3@pots.example>"]
