"""What may be taken out of a mail, and that nothing else is touched."""

import email
import email.policy
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.outgoing.content import Unsendable, for_provider, with_crlf

HEAD = b"From: ann@example.org\r\nTo: bob@other.example\r\n"


def sent(head: bytes) -> bytes:
    return for_provider(head + b"\r\nBcc: in the body\r\n")


@pytest.mark.parametrize(
    "field",
    [
        b"Bcc: x@other.example\r\n",
        b"bCC : x@other.example\r\n",
        b"BCC:\r\n x@other.example,\r\n\ty@other.example\r\n",
        b"Resent-Bcc: x@other.example\r\n",
        b"X-Coldask-Allow: blind-blast (our choir)\r\n",
        b"Bcc:\r\n",
        b"Bcc: a\r\nBcc: b\r\n",
    ],
)
def test_removed_fields(field: bytes) -> None:
    for head in (HEAD + field, field + HEAD, HEAD + field + b"Subject: x\r\n folded\r\n"):
        assert sent(head) == (head.replace(field, b"") + b"\r\nBcc: in the body\r\n")


@pytest.mark.parametrize(
    "field",
    [
        b"X-Bcc: x@other.example\r\n",
        b"Subject: Bcc: x\r\n",
        b"Subject: one\r\n Bcc: folded under Subject\r\n",
        b"Bcc-Note: x\r\n",
        b"Comments: [send anyway]\r\n",
        b"Subject: send anyway\r\n",
        b"Subject:  two  spaces \r\n",
        b"Subject: =?utf-8?q?Caf=C3=A9?=\r\n",
    ],
)
def test_kept_fields(field: bytes) -> None:
    assert sent(HEAD + field) == HEAD + field + b"\r\nBcc: in the body\r\n"


def test_a_bcc_inside_an_attached_mail_stays() -> None:
    mail = HEAD + b"Content-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\nBcc: z@y.example\r\n\r\nhi\r\n"
    assert for_provider(mail) == mail


def test_a_bcc_behind_a_line_that_is_no_field_goes_all_the_same() -> None:
    assert sent(HEAD + b"no field at all\r\nBcc: x@other.example\r\n") == sent(HEAD + b"no field at all\r\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Subject: [send anyway] Hello\r\n", b"Subject: Hello\r\n"),
        (b"Subject: Hello [Send Anyway]\r\n", b"Subject: Hello \r\n"),
        (b"Subject: [send\r\n anyway] Hello\r\n", b"Subject: Hello\r\n"),
        ("Subject: ［ｓｅｎｄ ａｎｙｗａｙ］ Grüße\r\n".encode(), "Subject: Grüße\r\n".encode()),
        ("Subject: Hello ［send anyway］ x ［ＳＥＮＤ　anyway］ y\r\n".encode(), b"Subject: Hello x y\r\n"),
        (b"Subject: \xff \xef\xbd\x81 [send anyway] x\r\n", b"Subject: \xff \xef\xbd\x81 x\r\n"),
        (b"SUBJECT : a [send anyway] b [send anyway] c\r\n", b"SUBJECT : a b c\r\n"),
    ],
)
def test_the_marker_goes(before: bytes, after: bytes) -> None:
    assert sent(HEAD + before) == sent(HEAD + after)


@pytest.mark.parametrize(
    "subject",
    [
        b"=?utf-8?b?" + b64encode("［ｓｅｎｄ ａｎｙｗａｙ］ Café".encode()) + b"?=",
        b"=?utf-8?q?=5Bsend_anyway=5D_Caf=C3=A9?=",
        b"=?UTF-8?B?W3NlbmQgYW55d2F5XSBDYWbDqQ==?=",
    ],
)
def test_the_marker_goes_from_an_encoded_subject(subject: bytes) -> None:
    got = sent(HEAD + b"Subject: " + subject + b"\r\n")
    assert got.startswith(HEAD)
    assert email.message_from_bytes(got, policy=email.policy.default)["Subject"] == "Café"
    assert got.isascii()


@pytest.mark.parametrize("raw", [b"a\0b\r\n", b"a\rb\r\n", b"a\r\r\n", b"a\r"])
def test_unsendable(raw: bytes) -> None:
    with pytest.raises(Unsendable, match="mail holds a"):
        with_crlf(raw)


def test_bare_lf_becomes_crlf() -> None:
    assert with_crlf(b"a\nb\r\nc\n\n") == b"a\r\nb\r\nc\r\n\r\n"


line = st.binary(max_size=60).map(lambda b: b.translate(None, b"\0\r\n"))


@given(st.lists(line, max_size=12), st.lists(line, max_size=12))
def test_bytes_stay(head: list[bytes], body: list[bytes]) -> None:
    """Whatever is in it: only lines that belong to a removed field, and the marker, can be missing."""
    raw = b"\r\n".join((*head, b"", *body, b""))
    assert with_crlf(raw) == raw
    block = b"\r\n".join(head).lower()
    if not any(word in block for word in (b"bcc", b"x-coldask-allow", b"subject")):
        assert for_provider(raw) == raw
    assert for_provider(raw).endswith(b"\r\n".join((*body, b"")))
    assert for_provider(for_provider(raw)) == for_provider(raw)


def test_long_headers_take_no_time() -> None:
    fields = b"".join(b"X-Filler-%d: %s\r\n" % (i, b"=?utf-8?q?x?= " * 20) for i in range(20_000))
    assert for_provider(fields + b"Bcc: x@other.example\r\n\r\nhi\r\n") == fields + b"\r\nhi\r\n"
