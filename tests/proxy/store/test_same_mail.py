"""What counts as the same mail, and what does not."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.store.same_mail import content_key, envelope_key
from tests.proxy.held_samples import raw_mail

TEXT = "Dear Sue,\n\nécoute: a question.\n"


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def two_parts(boundary: str, message_id: str, *, name: str = "cv.pdf", data: bytes = b"%PDF-1 data") -> bytes:
    return crlf(
        f"From: ann@example.org\nSubject: CV\nMessage-ID: {message_id}\n"
        f'Content-Type: multipart/mixed;\n boundary="{boundary}"\n\npreamble\n'
        f"--{boundary}\nContent-Type: text/plain; charset=utf-8\n\nHere it is.\n"
        f'--{boundary}\nContent-Type: application/pdf; name="{name}"\nContent-Transfer-Encoding: base64\n\n'
        f"{base64.b64encode(data).decode()}\n--{boundary}--\nepilogue\n"
    )


def test_a_client_may_make_message_id_date_and_boundary_anew() -> None:
    one = two_parts("aaa", "<1@example.org>")
    other = two_parts("=_bbb", "<2@example.org>").replace(b"epilogue", b"other end")
    assert content_key(one, "CV") == content_key(other, "CV")


@pytest.mark.parametrize(
    "changed",
    [
        two_parts("aaa", "<1@example.org>", name="cover.pdf"),
        two_parts("aaa", "<1@example.org>", data=b"%PDF-1 datb"),
        two_parts("aaa", "<1@example.org>").replace(b"Here it is.", b"Here it was."),
        two_parts("aaa", "<1@example.org>").replace(b"application/pdf", b"application/zip"),
    ],
)
def test_a_part_that_differs_makes_another_mail(changed: bytes) -> None:
    assert content_key(changed, "CV") != content_key(two_parts("aaa", "<1@example.org>"), "CV")


def test_the_subject_counts_but_not_its_folding() -> None:
    raw = raw_mail()
    assert content_key(raw, "A  question") == content_key(raw, "A question")
    assert content_key(raw, "A question") != content_key(raw, "Another question")


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_the_same_text_in_any_transfer_encoding(encoding: str) -> None:
    import quopri

    data = TEXT.replace("\n", "\r\n").encode()
    body = {
        "quoted-printable": quopri.encodestring(TEXT.encode()).replace(b"\n", b"\r\n"),
        "base64": base64.encodebytes(data).replace(b"\n", b"\r\n"),
        "8bit": data,
    }[encoding]
    head = (
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
    )
    plain = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + data
    assert content_key(head + body, "s") == content_key(plain, "s")


def test_the_order_of_recipients_does_not_count_their_number_and_spelling_do() -> None:
    one = envelope_key("ann@example.org", ("a@X.example", "b@x.example"))
    assert one == envelope_key("ann@Example.org", ("b@x.example", "a@x.example"))
    assert one != envelope_key("ann@example.org", ("a@x.example", "b@x.example", "b@x.example"))
    assert one != envelope_key("ann@example.org", ("A@x.example", "b@x.example"))
    assert one != envelope_key("ben@example.org", ("a@x.example", "b@x.example"))


@given(st.binary(max_size=400))
def test_any_bytes_have_a_key(raw: bytes) -> None:
    assert content_key(raw, "") == content_key(raw, "")


def test_nesting_and_many_parts_take_linear_time() -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(2000)
    )
    wide = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\ntext\r\n" * 50_000
    start = time.perf_counter()
    assert content_key(deep, "") != content_key(wide, "")
    assert time.perf_counter() - start < 1.5
