"""Mailboxes on disk: which kind a path is, and every mail in it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.errors import UsageError
from proxy.history.sources import open_source

SEPARATOR = b"From bo@x.example Mon Jan  1 10:00:00 2024\n"


def mail(subject: str, body: bytes = b"hello\n") -> bytes:
    return b"From: bo@x.example\nSubject: " + subject.encode() + b"\n\n" + body


def raws(path: Path, apart: Sequence[str] = ()) -> list[bytes]:
    return [found.raw for found in open_source(path, apart)]


def write(path: Path, data: bytes = b"") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_mails_of_an_mbox_in_order(tmp_path: Path) -> None:
    box = write(tmp_path / "box", SEPARATOR + mail("one") + b"\n" + SEPARATOR + mail("two") + b"\n")
    assert raws(box) == [mail("one"), mail("two")]
    assert open_source(box).count() == 2


def test_a_mail_is_read_again_from_its_place(tmp_path: Path) -> None:
    box = write(
        tmp_path / "box", SEPARATOR + mail("one") + b"\n" + SEPARATOR + mail("two", b">From here\n") + b"\n"
    )
    source = open_source(box)
    assert [source.read(found.place) for found in source] == [found.raw for found in source]


def test_an_unescaped_from_line_does_not_cut_a_mail(tmp_path: Path) -> None:
    body = (
        b"Dear Ann,\n\nFrom now on it rains.\nFrom: nobody\n\nFrom bo: bring boots at 10:00 in 2024.\n\nBye\n"
    )
    box = write(tmp_path / "box", SEPARATOR + mail("one", body) + b"\n" + SEPARATOR + mail("two") + b"\n")
    assert raws(box) == [mail("one", body), mail("two")]


def test_escaped_from_lines_come_back_as_sent(tmp_path: Path) -> None:
    box = write(tmp_path / "box", SEPARATOR + mail("one", b"a\n>From b\n>>From c\n") + b"\n")
    assert raws(box) == [mail("one", b"a\nFrom b\n>From c\n")]


def test_an_mbox_with_windows_line_ends(tmp_path: Path) -> None:
    data = (SEPARATOR + mail("one") + b"\n" + b"From - \n" + mail("two") + b"\n").replace(b"\n", b"\r\n")
    assert raws(write(tmp_path / "box", data)) == [mail(s).replace(b"\n", b"\r\n") for s in ("one", "two")]


def test_mails_without_an_empty_line_between_them(tmp_path: Path) -> None:
    assert len(raws(write(tmp_path / "box", SEPARATOR + mail("one") + SEPARATOR + mail("two")))) == 2


def test_what_follows_a_whole_separator_is_a_mail_even_if_unreadable(tmp_path: Path) -> None:
    box = write(
        tmp_path / "box", SEPARATOR + mail("one") + b"\n" + SEPARATOR + b"\x00\x01\n\n" + SEPARATOR + b"\n"
    )
    assert raws(box) == [mail("one"), b"\x00\x01\n", b"\n"]


def test_the_separator_s_date_stands_in(tmp_path: Path) -> None:
    (found,) = open_source(write(tmp_path / "box", SEPARATOR + mail("one")))
    assert found.stand_in == datetime(2024, 1, 1, 10, tzinfo=UTC)


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert raws(write(tmp_path / "box")) == []
    assert raws(Path("/dev/null")) == []


def test_a_maildir_with_its_subfolders(tmp_path: Path) -> None:
    for name, subject in [
        ("cur/1700000002.b.host:2,S", "two"),
        ("new/1700000003.c.host", "three"),
        ("cur/1700000001.a.host:2,", "one"),
        ("cur/1700000009.d.host:2,DS", "a draft"),
        ("tmp/1700000001.x.host", "not delivered"),
        (".Sent/cur/1700000004.e.host:2,S", "four"),
        (".Archive.2023/cur/1700000005.f.host:2,S", "five"),
        (".Drafts/cur/1700000006.g.host:2,S", "drafts"),
        (".Cold Asks/cur/1700000007.h.host:2,S", "filed"),
        (".INBOX.Junk/cur/1700000008.i.host:2,S", "junk"),
    ]:
        write(tmp_path / name, mail(subject))
    source = open_source(tmp_path)
    assert [found.raw for found in source] == [mail(s) for s in ("one", "two", "three", "five", "four")]
    assert source.count() == 5
    assert next(iter(source)).stand_in == datetime.fromtimestamp(1700000001, UTC)


def test_a_maildirs_folder_for_cold_asks_may_have_any_name(tmp_path: Path) -> None:
    for name in (
        "cur/1700000001.a",
        ".Filed.Pitches/cur/1700000002.b",
        ".Filed/cur/1700000003.c",
        ".Archive.Filed.Pitches/cur/1700000004.d",
        ".K&APw-hle Anfragen/cur/1700000005.e",
        ".Entw&APw-rfe/cur/1700000006.f",
        ".Sent/cur/1700000007.g",
        "..../cur/1700000008.h",  # whatever made it, it has no name
    ):
        write(tmp_path / "ann" / name, mail(name.rpartition(".")[2]))
    apart = ["INBOX/Filed/Pitches", "Kühle Anfragen"]
    source = open_source(tmp_path / "ann", apart)
    assert sorted(found.raw for found in source) == [mail(s) for s in "acdgh"]
    assert source.count() == 5
    # Where whole mailboxes lie side by side, the name is looked for in each.
    assert sorted(raws(tmp_path, apart)) == [mail(s) for s in "acgh"]


def test_a_folder_of_maildirs(tmp_path: Path) -> None:
    write(tmp_path / "mail" / "Sent" / "cur" / "1700000001.a", mail("one"))
    assert raws(tmp_path) == [mail("one")]


def test_a_folder_of_eml_files(tmp_path: Path) -> None:
    write(tmp_path / "b.eml", mail("two"))
    write(tmp_path / "a.EML", mail("one"))
    write(tmp_path / "deep" / "c.eml", mail("three"))
    write(tmp_path / "readme.txt", b"no mail")
    assert sorted(raws(tmp_path)) == sorted([mail("one"), mail("two"), mail("three")])
    assert open_source(tmp_path).count() == 3


def test_one_mail_alone(tmp_path: Path) -> None:
    assert raws(write(tmp_path / "a.eml", mail("one"))) == [mail("one")]


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert raws(tmp_path) == []


def test_nothing_there_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is nothing at"):
        open_source(tmp_path / "gone")


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"Dear diary, it rained.\n", b"\x00" * 50])
def test_a_file_that_is_no_mailbox_is_refused_with_words(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UsageError, match="no mailbox coldask knows"):
        open_source(write(tmp_path / "file", data))


def test_a_folder_that_is_no_mailbox_is_refused_with_words(tmp_path: Path) -> None:
    write(tmp_path / "notes.txt", b"no mail")
    with pytest.raises(UsageError, match="neither cur/ and new/"):
        open_source(tmp_path)


def test_a_mail_that_has_gone_is_skipped(tmp_path: Path) -> None:
    first = write(tmp_path / "cur" / "1700000001.a", mail("one"))
    write(tmp_path / "cur" / "1700000002.b", mail("two"))
    source = open_source(tmp_path)
    places = [found.place for found in source]
    first.unlink()
    assert [source.read(place) for place in places] == [b"", mail("two")]
    assert len(list(source)) == 1
