"""Attachments: names and sizes, the cheap look inside, and bombs that must not go off."""

import zipfile
from base64 import encodebytes
from io import BytesIO

import pytest

from classifier.reading import read_mail
from models.mail import Attachment

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _mail(*parts: bytes) -> tuple[Attachment, ...]:
    head = b'From: ann@a.example\nContent-Type: multipart/mixed; boundary="B"\n\n'
    body = b"".join(b"--B\n" + part + b"\n" for part in (b"Content-Type: text/plain\n\nHello", *parts))
    return read_mail(head + body + b"--B--\n").attachments


def _part(data: bytes, content_type: str, disposition: str = "attachment") -> bytes:
    head = f"Content-Type: {content_type}\nContent-Disposition: {disposition}\n"
    return head.encode() + b"Content-Transfer-Encoding: base64\n\n" + encodebytes(data)


def _docx(xml: str, members: int = 0, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as container:
        container.writestr("word/document.xml", xml)
        for i in range(members):
            container.writestr(f"x{i}", "")
    return stream.getvalue()


def test_name_type_and_size() -> None:
    [found] = _mail(_part(b"x" * 30_000, 'application/pdf; name="CV.pdf"'))
    assert (found.name, found.content_type) == ("CV.pdf", "application/pdf")
    assert abs(found.size - 30_000) < 100


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="CV.pdf"', "CV.pdf"),
        ("attachment; filename*=utf-8''R%C3%A9sum%C3%A9.pdf", "Résumé.pdf"),
        ("attachment; filename*1=%C3%A9.pdf; filename*0*=utf-8''R%C3%A9sum", "Résum%C3%A9.pdf"),
        ("attachment; filename*1*=%C3%A9.pdf; filename*0*=utf-8''R%C3%A9sum", "Résumé.pdf"),
        ('attachment; filename="=?iso-8859-1?q?r=E9sum=E9=2Epdf?="', "résumé.pdf"),
        ('attachment; filename="C:\\\\Docs\\\\CV.pdf"', "CV.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="a\x1b[2Jb.pdf"', "a [2Jb.pdf"),
    ],
)
def test_names(disposition: str, name: str) -> None:
    assert [a.name for a in _mail(_part(b"x", "application/octet-stream", disposition))] == [name]


def test_a_raw_latin1_name() -> None:
    part = b'Content-Type: application/pdf; name="r\xe9sum\xe9.pdf"\n\nx'
    assert [a.name for a in _mail(part)] == ["résumé.pdf"]


def test_pictures_in_the_letter_are_no_attachments() -> None:
    assert _mail(b"Content-Type: image/png\nContent-Disposition: inline\n\nx") == ()
    assert [a.name for a in _mail(_part(b"x", "image/png; name=photo.png"))] == ["photo.png"]


def test_text_in_word_rtf_and_text_files() -> None:
    xml = "<w:p><w:r><w:t>Ann Hartley</w:t></w:r></w:p><w:p><w:t>Work &amp; education</w:t></w:p>"
    rtf = rb"{\rtf1{\fonttbl{\f0 Arial;}}\b Ann Hartley\b0\par R\'e9sum\'e9}"
    found = _mail(
        _part(_docx(xml), DOCX + "; name=cv.docx"),
        _part(rtf, "application/rtf; name=cv.rtf"),
        _part("Ann Hartley\nRésumé".encode(), "text/plain; charset=utf-8; name=cv.txt"),
    )
    assert [a.text for a in found] == [
        "Ann Hartley\nWork & education",
        "Ann Hartley\nRésumé",
        "Ann Hartley\nRésumé",
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"no zip at all",
        b"",
        _docx("<w:t>x</w:t>")[:-30],
        _docx("<w:t>x</w:t>", members=600),
        _docx("<w:t>x</w:t>", compression=zipfile.ZIP_LZMA),
        _docx("<w:t>x</w:t>").replace(b"word/document.xml", b"word/documint.xml"),
        b"PK\x05\x06" + b"\xff" * 18,
    ],
)
def test_a_broken_or_odd_container_says_nothing(data: bytes) -> None:
    assert [a.text for a in _mail(_part(data, DOCX + "; name=cv.docx"))] == [""]


def test_a_zip_bomb_is_only_tasted() -> None:
    bomb = _docx("<w:t>" + "a" * 50_000_000 + "</w:t>")
    [found] = _mail(_part(bomb, DOCX + "; name=cv.docx"))
    assert len(found.text) == 4_000


def test_only_a_few_attachments_are_looked_into() -> None:
    found = _mail(*[_part(b"words", f"text/plain; name=f{i}.txt") for i in range(8)])
    assert [bool(a.text) for a in found] == [True] * 5 + [False] * 3
