"""Mail made to be slow or to break readers: it is read within bounds, whatever it is."""

import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.reading import limits, read_headers, read_mail
from models.mail import Mail

HEAD = b"From: ann@a.example\r\nSubject: hi\r\n"
HTML = HEAD + b"Content-Type: text/html\n\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=B\n\n"


def _nested(depth: int, inner: str = "multipart/mixed") -> bytes:
    if inner == "message/rfc822":
        return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"From: x@x.example\r\n\r\nwords"
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (i, i) for i in range(depth)
    )
    return HEAD + parts + b"\r\nwords\r\n"


def _parts(count: int) -> bytes:
    return (
        HEAD
        + b'Content-Type: multipart/mixed; boundary="B"\r\n\r\n'
        + b"--B\r\n\r\nx\r\n" * count
        + b"--B--\r\n"
    )


HOSTILE: dict[str, Callable[[], bytes]] = {
    "50,000 addresses": lambda: HEAD + b"To: p@x.example" + b",\n p@x.example" * 49_999 + b"\n\n",
    "50,000 brackets in To": lambda: HEAD + b"To: " + b"(" * 50_000 + b"\r\n\r\nx",
    "50,000 quotes in From": lambda: b"From: " + b'"' * 50_000 + b"\r\n\r\nx",
    "50,000 escaped quotes": lambda: b"From: " + b'"\\' * 25_000 + b"\r\n\r\nx",
    "20,000 encoded words": lambda: b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\r\n\r\nx",
    "encoded words never closed": lambda: b"Subject: " + b"=?utf-8?q?" * 20_000 + b"\r\n\r\nx",
    "a million fields": lambda: b"a:\n" * 1_000_000 + b"\nx",
    "lines that are no fields": lambda: HEAD + b"x\n" * 500_000,
    "a field of 5 MB": lambda: b"Subject: " + b"a" * 5_000_000 + b"\n\nx",
    "50,000 folds": lambda: b"Subject: " + b"a\n " * 50_000 + b"\n\nx",
    "10,000 parameters": lambda: HEAD + b"Content-Type: a/b" + b"; a=b" * 10_000 + b"\n\nx",
    "10,000 pieces of a name": lambda: HEAD
    + b"Content-Type: a/b"
    + b"".join(b"; name*%d=x" % i for i in range(10_000))
    + b"\n\nx",
    "1,000 references in a million": lambda: HEAD + b"References: " + b"<a@b> " * 200_000 + b"\n\nx",
    "multiparts 3,000 deep": lambda: _nested(3_000),
    "mails 5,000 deep": lambda: _nested(5_000, "message/rfc822"),
    "100,000 parts": lambda: _parts(100_000),
    "a million lines like boundaries": lambda: MIXED + b"--BB\n" * 1_000_000,
    "nothing but NUL": lambda: b"\x00" * 1_000_000,
    "100,000 open divs": lambda: HTML + b"<div>" * 100_000 + b"x",
    "100,000 attributes": lambda: HTML + b"<a " + b"a=b " * 100_000 + b">x",
    "100,000 comments": lambda: HTML + b"<!--" * 100_000 + b"x",
    "100,000 hidden": lambda: HTML + b"<p hidden><div hidden>" * 50_000 + b"x",
    "5 MB of HTML": lambda: HTML + b"<p>Hello <b>you</b></p>\n" * 215_000,
    "5 MB of quotes": lambda: HEAD + b"\n" + b"> a\n" * 1_250_000,
    "headings without end": lambda: HEAD + b"\n" + b"From: a\nTo: b\n\n" * 100_000,
    "attributions without end": lambda: HEAD + b"\n" + b"On 3 May 2021 Bob wrote:\n" * 50_000,
    "one line of 5 MB": lambda: HEAD + b"\n" + b"a " * 2_500_000,
    "a closing line of 1 MB": lambda: HEAD + b"\nhello\n\nBest, " + b"a-" * 500_000,
    "flowed 1 MB": lambda: HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * 350_000,
    "bad base64 of 5 MB": lambda: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"A=!\n" * 1_250_000,
    "utf-7 of 2 MB": lambda: HEAD + b"Content-Type: text/plain; charset=utf-7\n\n" + b"+AOk-" * 400_000,
    "20 MB attached": lambda: (
        MIXED
        + b"--B\n\nhi\n--B\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
        + (b"QUFB" * 19 + b"\n") * 260_000
        + b"--B--\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_two_seconds_suffice(name: str) -> None:
    raw = HOSTILE[name]()
    start = time.process_time()
    mail = read_mail(raw)
    headers = read_headers(raw)
    assert time.process_time() - start < 4  # for both; 2 seconds each
    assert "Error" not in mail.unreadable  # the last net was not needed
    assert "Error" not in headers.unreadable
    assert sum(len(v) for _, v in mail.headers) <= limits.HEADERS_CHARACTERS + limits.FIELD_CHARACTERS


@pytest.mark.parametrize("name", ["20 MB attached", "5 MB of HTML", "5 MB of quotes", "a million fields"])
def test_memory_stays_bounded(name: str) -> None:
    raw = HOSTILE[name]()
    tracemalloc.start()
    try:
        read_mail(raw)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 200_000_000


def test_what_comes_first_is_read_though_limits_are_hit() -> None:
    mail = read_mail(HOSTILE["50,000 addresses"]())
    assert (mail.subject, len(mail.to), mail.unreadable) == ("hi", limits.ADDRESSES, "")
    assert read_mail(HOSTILE["5 MB of quotes"]()).unreadable == ""
    assert [a.name for a in read_mail(HOSTILE["20 MB attached"]()).attachments] == ["a.pdf"]
    assert "too many parts" in read_mail(HOSTILE["multiparts 3,000 deep"]()).unreadable


def test_zalgo_emoji_and_lone_surrogates() -> None:
    text = "Zalgo" + "\u0300" * 1000 + " 👩‍👩‍👧 \u202eright to left\u202c"
    mail = read_mail(f"From: a@a.example\nSubject: {text}\n\n{text}".encode())
    assert mail.text == text
    utf7 = read_mail(b"From: a@a.example\nContent-Type: text/plain; charset=utf-7\n\n+2AA-x")
    assert utf7.text.encode("utf-8")
    assert Mail.model_validate_json(mail.model_dump_json()) == mail


_FIELDS = st.sampled_from(
    [b"From: ", b"To: ", b"Subject: ", b"Date: ", b"Content-Type: ", b"text/html", b"message/rfc822",
     b"Content-Type: multipart/mixed; boundary=B\n", b"Content-Transfer-Encoding: base64\n", b"--B\n",
     b"--B--\n",
     b"Content-Transfer-Encoding: quoted-printable\n", b"; name*0*=x''%41", b"=?utf-8?b?", b"?=", b"<a@b>",
     b"\n", b"\r\n", b"\r", b" ", b"\x00", b"\xff"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(_FIELDS, st.binary(max_size=30)), max_size=25).map(b"".join))
def test_any_bytes_make_a_mail(raw: bytes) -> None:
    for mail in (read_mail(raw), read_headers(raw)):
        assert "Error" not in mail.unreadable
        assert mail.size == len(raw)
        assert mail.text.encode("utf-8") is not None
        for name, value in mail.headers:
            assert name == name.lower()
            assert "\n" not in value
            assert "\r" not in value
            assert "\x00" not in value
        assert mail.date is None or mail.date.tzinfo is not None
