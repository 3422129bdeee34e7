"""Headers: fields, encoded words, parameters, dates, identifiers, and blocks that are none."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from classifier.reading import limits, read_headers, read_mail
from classifier.reading.dates import read_date
from classifier.reading.headers import split_block
from classifier.reading.parameters import read_parameters
from classifier.reading.words import decode_words


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?b?SMOpbMOobmU=?= here", "Hélène here"),
        ("=?iso-8859-1?Q?H=E9l=E8ne?= =?utf-8?q?_there?=", "Hélène there"),
        ("=?utf-8?b?w6k=?= =?utf-8?b?w6g=?=", "éè"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"),
        ("=?utf-8*en?q?plain?=", "plain"),
        ("=?windows-1252?q?=80_5?=", "€ 5"),
        ("=?X-UNKNOWN?q?caf=E9?=", "café"),
        ("=?utf-7?q?caf+AOk-?=", "café"),
        ("=?utf-8?b?SGVsbG8?=", "Hello"),
        ("=?utf-8?b?broken", "=?utf-8?b?broken"),
        ("=?" + "x" * 300 + "?q?a?=", "=?" + "x" * 300 + "?q?a?="),
        ("=?utf-8?q?line=0D=0ABcc:_x?=", "line Bcc: x"),
        ("tab\tand \x1b[2J bell\x07", "tab and [2J bell"),
    ],
)
def test_encoded_words(raw: str, text: str) -> None:
    assert decode_words(raw) == text


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "unicode_escape", "base64", "rot13", "default", "undefined"]
)
def test_codecs_that_are_no_charsets_are_not_used(charset: str) -> None:
    assert decode_words(f"=?{charset}?q?abc?=") == "abc"


@pytest.mark.parametrize(
    ("raw", "value", "parameters"),
    [
        ("text/plain; charset=utf-8", "text/plain", {"charset": "utf-8"}),
        ('TEXT/Plain ; Charset="utf-8" (comment)', "text/plain", {"charset": "utf-8"}),
        ('a/b; filename="x; y.pdf"; n=1', "a/b", {"filename": "x; y.pdf", "n": "1"}),
        (
            "a/b; filename*=utf-8''R%C3%A9sum%C3%A9.pdf; filename=resume.pdf",
            "a/b",
            {"filename": "Résumé.pdf"},
        ),
        ("a/b; name*1*=%20two; name*0*=utf-8''one; name*2=.pdf", "a/b", {"name": "one two.pdf"}),
        ('a/b; name="=?utf-8?q?r=C3=A9sum=C3=A9.pdf?="', "a/b", {"name": "résumé.pdf"}),
        ("a/b; name=résumé.pdf", "a/b", {"name": "résumé.pdf"}),
        ('a/b; name="never closed', "a/b", {"name": "never closed"}),
        ("", "", {}),
    ],
)
def test_parameters(raw: str, value: str, parameters: dict[str, str]) -> None:
    assert read_parameters(raw) == (value, parameters)


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        ("Mon, 3 May 2021 10:12:00 +0200", datetime(2021, 5, 3, 8, 12, tzinfo=UTC)),
        ("3 May 2021 10:12 GMT", datetime(2021, 5, 3, 10, 12, tzinfo=UTC)),
        ("Mon, 3 May 2021 10:12:00 -0000", datetime(2021, 5, 3, 10, 12, tzinfo=UTC)),
        ("2021-05-03T10:12:00+02:00", datetime(2021, 5, 3, 8, 12, tzinfo=UTC)),
        ("2021-05-03 10:12:00", datetime(2021, 5, 3, 10, 12, tzinfo=UTC)),
        ("Mon, 3 May 99999999999 10:12:00 +0200", None),
        ("Mon, 31 Feb 2021 10:12:00 +0200", None),
        ("Fri, 31 Dec 9999 23:59:00 -1200", None),
        ("Thu, 22 Aug 0102 12:07:35 +0800", None),
        ("Mon, 3 May 2021 10:12:00 +9999", None),
        ("yesterday", None),
        ("", None),
        ("(" * 5000, None),
    ],
)
def test_dates(raw: str, date: datetime | None) -> None:
    found = read_date(raw)
    assert found == date
    assert found is None or found.tzinfo is not None


@pytest.mark.parametrize("zone", ["+0000", "-0000", "+0530", "-1130", "+0100 (CET)", "-0800 (PST)"])
def test_the_usual_form_is_read_as_the_library_reads_it(zone: str) -> None:
    for day in ("Mon, 3 Mar 2025", "3 Mar 2025", "Sat, 29 Feb 2020", "Thu, 01 Jan 1970"):
        text = f"{day} 10:15:02 {zone}"
        read, library = read_date(text), parsedate_to_datetime(text)
        assert read is not None
        assert read.isoformat() == (library if library.tzinfo else library.replace(tzinfo=UTC)).isoformat()
    for broken in (
        "29 Feb 2021 10:15:02",
        "3 Mar 2025 24:15:02",
        "3 Mar 2025 10:15:60",
        "3 Mrz 2025 10:15:02",
    ):
        assert read_date(f"{broken} {zone}") is None


def test_the_offset_of_a_date_is_kept() -> None:
    found = read_date("Mon, 3 May 2021 10:12:00 +0200")
    assert found is not None
    assert found.utcoffset() == timedelta(hours=2)


def test_fields_are_read_in_order_decoded_and_on_one_line() -> None:
    mail = read_headers(
        b"SUBJECT : one\r\n\t=?utf-8?q?tw=C3=B6?=\r\nX-A: 1\r\nX-A: 2\r\nFrom: ann@a.example\r\n\r\nbody"
    )
    assert mail.headers == (("subject", "one twö"), ("x-a", "1"), ("x-a", "2"), ("from", "ann@a.example"))
    assert mail.subject == "one twö"
    assert mail.header("X-A") == "1"
    assert mail.text == ""


def test_raw_eight_bit_is_utf8_where_it_can_be_else_latin1() -> None:
    assert read_headers("Subject: Größe\r\n\r\n".encode()).subject == "Größe"
    assert read_headers("Subject: Größe\r\n\r\n".encode("latin-1")).subject == "Größe"


def test_thread_links() -> None:
    mail = read_headers(
        b"Message-ID:\r\n <a.1@x.example>\r\nIn-Reply-To: Your mail of Monday <b@x.example>\r\n"
        b"References: <c@x.example>\r\n\t<b@x.example> <c@x.example>\r\n\r\n"
    )
    assert mail.message_id == "<a.1@x.example>"
    assert mail.links.in_reply_to == ("<b@x.example>",)
    assert mail.links.references == ("<c@x.example>", "<b@x.example>")


def test_of_very_many_references_the_first_and_the_last_stay() -> None:
    ids = [f"<{i}@x.example>" for i in range(1000)]
    links = read_headers(f"References: {' '.join(ids)}\r\n\r\n".encode()).links
    assert len(links.references) == limits.REFERENCES
    assert (links.references[0], links.references[-1]) == (ids[0], ids[-1])


def test_a_missing_or_absurd_message_id_is_none() -> None:
    assert read_headers(b"From: a@a.example\r\n\r\n").message_id is None
    assert read_headers(b"Message-ID: <" + b"x" * 10_000 + b"@x.example>\r\n\r\n").message_id is None


def test_the_same_author_twice_is_one_and_two_are_nobody() -> None:
    assert read_headers(b"From: a@a.example\r\nFrom: A@a.example\r\n\r\n").sender is not None
    assert read_headers(b"From: a@a.example\r\nFrom: b@a.example\r\n\r\n").sender is None
    assert read_headers(b"From: a@a.example, b@a.example\r\n\r\n").sender is None


@pytest.mark.parametrize(
    "raw",
    [
        b"From MAILER-DAEMON Mon May  3 10:12:00 2021\nFrom: ann@a.example\nSubject: hi\n\nbody\n",
        b"\r\n\r\nFrom: ann@a.example\r\nSubject: hi\r\n\r\nbody\r\n",
        b"From: ann@a.example\r\nthis line is no field\r\nSubject: hi\r\n\r\nbody\r\n",
        b"From: ann@a.example\rSubject: hi\r\rbody\r",
        b"From: ann@a.example\r\r\nSubject: hi\r\r\n\r\r\nbody\r\r\n",
        b"\xef\xbb\xbfFrom: ann@a.example\nSubject: hi\n\nbody\n",
        b"From: ann@a.example\n   \nSubject: hi\n\nbody\n",
        b"From: ann@a.example\nSubject: hi\nbody\n",
    ],
)
def test_odd_blocks_are_read_as_far_as_they_go(raw: bytes) -> None:
    mail = read_mail(raw)
    assert mail.sender is not None
    assert (mail.sender.address, mail.subject, mail.text) == ("ann@a.example", "hi", "body")
    assert mail.unreadable == ""


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "the mail is empty"),
        (b"\r\n\r\n\r\n", "the mail is empty"),
        (b"\x00" * 50, "the mail is empty"),
        (b"just words without any header\n\nand more\n", "no header could be read"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "no header could be read"),
        (b"Note: this is no mail\n\nat all\n", "no header could be read"),
        (b"From: a@a.example\n" + b"X: y\n" * 2000 + b"\nbody\n", "the header is too long to be read whole"),
    ],
)
def test_what_could_not_be_read_is_said(raw: bytes, words: str) -> None:
    assert read_mail(raw).unreadable == words


@pytest.mark.parametrize(
    "block",
    [
        b"From: a@b.example\r\nSubject: one\r\n two\r\n",
        b"From:a@b.example\nSUBJECT :\t one \n\ttwo\n \n three\nSubject: x\n",
        b"Subject: two\r\r\n  and\x00\n more \r\nEmpty:\r\nTo: a:b\r\n",
        b"From ann Mon Jan  1\nTo: c@d.example\nno field\nCc: e@f.example\n",
        b"x" * 300 + b": too long a name\nTo: c@d.example\n",
    ],
)
def test_an_odd_byte_elsewhere_changes_no_field(block: bytes) -> None:
    """Blocks of plain ASCII are cut in one go, others field by field."""
    for end in (b"\n", b"\r\n"):
        plain, odd = split_block(block + end, 0, 9_999), split_block(block + b"X: caf\xe9\n" + end, 0, 9_999)
        assert (*plain.fields, ("x", "café")) == odd.fields
        assert (plain.body, plain.cut) == (len(block + end), False)
