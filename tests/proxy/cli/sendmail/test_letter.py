"""The mail on stdin: where it ends, whom it goes to, and what is added to it."""

import io

import pytest

from models.errors import UsageError
from proxy.cli.sendmail.letter import Letter

ME = "ann@example.org"
WHOLE = (
    b'From: Ann Hartley <ann@example.org>\nTo: "Lee, Sue" <sue@corp.example>,\n max@firm.example\n'
    b"Bcc: liv@shop.example\nSubject: Tea\nDate: Mon, 04 May 2026 09:30:00 +0000\nMessage-ID: <1@example.org>\n"
    b"\nHello,\n.\nbye\n"
)


def read(raw: bytes, *, to_the_end: bool = True) -> Letter:
    return Letter.read(_Pipe(raw), ME, to_the_end=to_the_end)


class _Pipe(io.BytesIO):
    def isatty(self) -> bool:
        return False


def test_a_whole_mail_stays_as_it_is() -> None:
    letter = read(WHOLE)
    assert letter.complete(ME, "Nobody") == WHOLE.replace(b"\n", b"\r\n")
    assert letter.recipients([], from_header=True) == [
        "sue@corp.example",
        "max@firm.example",
        "liv@shop.example",
    ]
    assert letter.recipients(["max@firm.example"], from_header=False) == ["max@firm.example"]
    assert letter.sender(None) == ME
    assert letter.sender("a.hartley@example.org") == "a.hartley@example.org"
    assert letter.sender("") == ""


def test_a_lone_dot_ends_it_but_for_i() -> None:
    assert read(WHOLE, to_the_end=False).complete(ME, "").endswith(b"\r\n\r\nHello,\r\n")


def test_crlf_and_an_mbox_line_are_understood() -> None:
    raw = b"From ann@example.org Mon May  4 09:30:00 2026\r\n" + WHOLE.replace(b"\n", b"\r\n")
    assert read(raw).complete(ME, "") == WHOLE.replace(b"\n", b"\r\n")


def test_resent_fields_stand_before_the_others() -> None:
    raw = WHOLE.replace(b"Subject:", b"Resent-To: joe@friend.example\nSubject:")
    assert read(raw).recipients([], from_header=True) == ["joe@friend.example"]


def test_crons_mail_gets_an_author_a_date_and_an_id() -> None:
    raw = b"From: root (Cron Daemon)\nTo: root\nSubject: Cron <root@box> backup\n\ndisk full\n"
    letter = read(raw)
    assert letter.recipients(["root"], from_header=False) == [ME]
    made = letter.complete(ME, "CronDaemon").decode()
    assert made.startswith(
        'To: root\r\nSubject: Cron <root@box> backup\r\nFrom: "CronDaemon" <ann@example.org>\r\n'
    )
    assert "\r\nDate: " in made and "@example.org>\r\n\r\ndisk full\r\n" in made
    assert 'From: "Cron Daemon" <ann@example.org>' in letter.complete(ME, "").decode()


def test_a_text_without_a_header_is_all_body() -> None:
    made = read(b"backup done: 3 files\nno trouble\n").complete(ME, "Zoë").decode()
    assert made.startswith("From: =?utf-8?q?Zo=C3=AB?= <ann@example.org>\r\nDate: ")
    assert made.endswith("\r\n\r\nbackup done: 3 files\r\nno trouble\r\n")
    assert read(b"").complete(ME, "").endswith(b">\r\n\r\n")


@pytest.mark.parametrize("word", ["sue corp", "sue;rm", "(nobody)", "sue@"])
def test_what_is_no_address_is_told(word: str) -> None:
    with pytest.raises(UsageError, match="is no address"):
        read(WHOLE).recipients([word], from_header=False)


def test_a_group_of_nobody_names_nobody() -> None:
    raw = b"To: undisclosed-recipients:;\nBcc: liv@shop.example\n\nx\n"
    assert read(raw).recipients([], from_header=True) == ["liv@shop.example"]
