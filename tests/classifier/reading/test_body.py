"""The text a reader sees: which part, which charset, and what is joined."""

from email.message import EmailMessage

import pytest

from classifier.reading import read_mail
from models.mail import ZoneKind

HEAD = b"From: ann@a.example\r\nMIME-Version: 1.0\r\n"


def _plain(body: bytes, content_type: str = "text/plain", encoding: str = "") -> str:
    more = f"Content-Transfer-Encoding: {encoding}\r\n" if encoding else ""
    return read_mail(HEAD + f"Content-Type: {content_type}\r\n{more}\r\n".encode() + body).text


def _multi(kind: str, *parts: bytes, boundary: bytes = b"B") -> bytes:
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary.decode()}"\r\n\r\n'.encode()
    return head + body + b"--" + boundary + b"--\r\n"


PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "text"),
    [
        (b"caf=C3=A9 =\r\nau lait=20", "text/plain; charset=utf-8", "quoted-printable", "café au lait"),
        (b"Y2Fmw6k=", "text/plain; charset=utf-8", "base64", "café"),
        (b"Y2Fmw6k", "text/plain; charset=utf-8", "base64", "café"),
        (b"Y2Fm!w6k=\r\nA", "text/plain; charset=utf-8", "base64", "café"),
        (b"this was never base64, was it?", "text/plain", "base64", "this was never base64, was it?"),
        (b"caf\xe9", "text/plain; charset=iso-8859-1", "8bit", "café"),
        (b"\x93hi\x94", "text/plain; charset=iso-8859-1", "", "“hi”"),
        (b"caf\xe9", "text/plain; charset=us-ascii", "", "café"),
        (b"caf\xc3\xa9", "text/plain; charset=us-ascii", "", "café"),
        (b"caf\xe9", "text/plain; charset=utf-8", "", "café"),
        (b"caf\xc3\xa9", "text/plain; charset=X-UNKNOWN", "", "café"),
        (b"caf+AOk-", "text/plain; charset=utf-7", "", "café"),
        ("žluťoučký".encode("cp1250"), "text/plain; charset=windows-1250", "", "žluťoučký"),
        ("中文".encode("gb2312"), "text/plain; charset=gb2312", "", "中文"),
        ("\ufeffhi".encode("utf-16"), "text/plain; charset=utf-16", "", "hi"),
        (b"a\x00b\x1b[2Jc\x07", "text/plain", "", "ab[2Jc"),
        ("ze\u200bro\u00a0width".encode(), "text/plain; charset=utf-8", "", "zero width"),
        (b"one\rtwo\r\nthree\n", "text/plain", "", "one\ntwo\nthree"),
        (b"words", "text", "", "words"),
        (b"words", "nonsense;;;=", "", "words"),
        (b"<html><body><p>Hello</p></body></html>", "text/plain", "", "Hello"),
    ],
)
def test_decoding(body: bytes, content_type: str, encoding: str, text: str) -> None:
    assert _plain(body, content_type, encoding) == text


def test_flowed_lines_are_joined_and_quotes_kept_apart() -> None:
    body = b"Could you \r\nintroduce me?\r\n>quoted \r\n>too\r\n\r\n From here\r\n-- \r\nAnn"
    assert _plain(body, "text/plain; format=flowed") == (
        "Could you introduce me?\n> quoted too\n\nFrom here\n-- \nAnn"
    )


def test_flowed_with_delsp() -> None:
    assert (
        _plain(b"\xe4\xb8\xad \r\n\xe6\x96\x87", "text/plain; charset=utf-8; format=flowed; delsp=yes")
        == "中文"
    )


def test_of_alternatives_the_plain_text() -> None:
    mail = read_mail(HEAD + _multi("alternative", PLAIN + b"plain words", HTML + b"<p>rich words</p>"))
    assert (mail.text, mail.html) == ("plain words", False)


@pytest.mark.parametrize(
    "stub",
    [
        b"",
        b"   \r\n",
        b"View this email in your browser: http://x.example",
        b"Your mail client does not support HTML.",
    ],
)
def test_of_alternatives_the_html_where_the_plain_text_says_nothing(stub: bytes) -> None:
    mail = read_mail(HEAD + _multi("alternative", PLAIN + stub, HTML + b"<p>rich words</p>"))
    assert (mail.text, mail.html) == ("rich words", True)


def test_an_alternative_with_html_inside_related() -> None:
    related = _multi(
        "related", HTML + b"<p>rich words</p>", b"Content-Type: image/png\r\n\r\nx", boundary=b"R"
    )
    mail = read_mail(HEAD + _multi("alternative", PLAIN, related))
    assert mail.text == "rich words"
    assert mail.attachments == ()


def test_text_parts_of_a_mixed_mail_are_joined_each_with_its_own_zones() -> None:
    raw = HEAD + _multi(
        "mixed",
        PLAIN + b"My words.\r\n\r\n-----Original Message-----\r\nFrom: Bob\r\n\r\nold",
        b"Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF",
        PLAIN + b"More of mine.",
    )
    mail = read_mail(raw)
    assert mail.own_text == "My words.\nMore of mine."
    assert [a.name for a in mail.attachments] == ["a.pdf"]


def test_a_mail_in_the_mail_is_forwarded_and_an_attachment() -> None:
    inner = b"From: Nora <nora@n.example>\r\nSubject: Roof\r\n\r\nWould you take me on?"
    mail = read_mail(
        HEAD + _multi("mixed", PLAIN + b"Look:", b"Content-Type: message/rfc822\r\n\r\n" + inner)
    )
    assert mail.own_text == "Look:"
    forwarded = mail.zone_text(ZoneKind.FORWARD)
    assert "From: Nora <nora@n.example>" in forwarded
    assert "Would you take me on?" in forwarded
    assert [(a.name, a.content_type) for a in mail.attachments] == [("Roof.eml", "message/rfc822")]


def test_a_signed_mail_shows_its_text_and_an_encrypted_one_none() -> None:
    signature = b"Content-Type: application/pgp-signature; name=signature.asc\r\n\r\nxx"
    signed = read_mail(HEAD + _multi("signed", PLAIN + b"signed words", signature))
    assert signed.text == "signed words"
    assert signed.attachments == ()
    sealed = read_mail(
        HEAD + _multi("encrypted", b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1", b"\r\nx")
    )
    assert (sealed.text, sealed.unreadable) == ("", "")


def test_calendar_mail_is_marked() -> None:
    invite = b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR"
    assert read_mail(HEAD + _multi("alternative", PLAIN + b"Come", invite)).calendar
    alone = read_mail(HEAD + invite)
    assert (alone.calendar, alone.text) == (True, "")
    assert not read_mail(HEAD + PLAIN + b"words").calendar


def test_words_sent_as_calendar_are_shown() -> None:
    assert read_mail(HEAD + b"Content-Type: text/calendar\r\n\r\nJust words").text == "Just words"


def test_boundaries_that_begin_alike_and_one_that_is_missing() -> None:
    inner = _multi("alternative", PLAIN + b"inner", boundary=b"BB")
    assert read_mail(HEAD + _multi("mixed", inner, PLAIN + b"outer")).own_text == "inner\n\nouter"
    unclosed = HEAD + b'Content-Type: multipart/mixed; boundary="B"\r\n\r\n--B\r\n' + PLAIN + b"open"
    assert read_mail(unclosed).text == "open"
    unnamed = HEAD + b"Content-Type: multipart/mixed\r\n\r\n--Z\r\n" + PLAIN + b"words\r\n--Z--\r\n"
    assert read_mail(unnamed).text == "words"
    none = HEAD + b"Content-Type: multipart/mixed; boundary=B\r\n\r\nno part at all"
    assert read_mail(none).text == "no part at all"


def test_what_pythons_own_writer_makes_is_read_back() -> None:
    message = EmailMessage()
    message["From"] = "Hélène <h@a.example>"
    message["Subject"] = "Füße 中文 " * 8
    message.set_content("Ünï — “quotes”\n" * 3)
    message.add_alternative("<p>Ünï</p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Résumé – final.pdf")
    mail = read_mail(message.as_bytes())
    assert mail.sender is not None
    assert mail.sender.name == "Hélène"
    # Python's writer loses a blank where it wraps between encoded words (RFC 2047, 6.2).
    assert mail.subject.replace(" ", "") == "Füße中文" * 8
    assert mail.text == "\n".join(["Ünï — “quotes”"] * 3)
    assert [a.name for a in mail.attachments] == ["Résumé – final.pdf"]
