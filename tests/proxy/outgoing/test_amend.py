"""Small changes to a mail's bytes: what is changed, and that nothing else is."""

import pytest

from classifier.reading.read import read_mail
from models.address import Mailbox
from proxy.outgoing.amend import with_copy_to, with_people, without_enclosures


def mixed(*parts: str, kind: str = "mixed", boundary: str = "b1") -> bytes:
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    head = f'From: ann@example.org\nTo: sue@corp.example\nContent-Type: multipart/{kind};\n boundary="{boundary}"\n'
    return f"{head}\npreamble\n{body}--{boundary}--\nepilogue\n".replace("\n", "\r\n").encode()


TEXT = "Content-Type: text/plain\n\nDear Sue,\n--b1x is no boundary"
CV = 'Content-Type: application/pdf; name="cv.pdf"\nContent-Disposition: attachment; filename="cv.pdf"\n\nJVBERi0='
PLAN = "Content-Disposition: attachment;\n filename*=UTF-8''pl%C3%A4ne.pdf\n\nJVBERi0="


@pytest.mark.parametrize(
    ("raw", "names", "left"),
    [
        (mixed(TEXT, CV, PLAN), {"cv.pdf"}, mixed(TEXT, PLAN)),
        (mixed(TEXT, PLAN, CV), {"cv.pdf"}, mixed(TEXT, PLAN)),
        (mixed(TEXT, PLAN, CV), {"cv.pdf", "pläne.pdf"}, mixed(TEXT)),
        (mixed(TEXT, CV), {"other.pdf"}, None),
        (mixed(CV), {"cv.pdf"}, None),
        (mixed(TEXT, CV, kind="related"), {"cv.pdf"}, None),
        (mixed(TEXT, CV).replace(b"--b1--", b""), {"cv.pdf"}, None),
        (b"Subject: x\r\n\r\ncv.pdf\r\n", {"cv.pdf"}, None),
        (b"\xff\x00", {"cv.pdf"}, None),
    ],
)
def test_an_enclosure_is_left_out(raw: bytes, names: set[str], left: bytes | None) -> None:
    assert without_enclosures(raw, names) == left


HEAD = b"From: ann@example.org\r\nTo: sue@corp.example\r\nSubject: Tea\r\n"
MARK = Mailbox(name="Zoë Mark, Dr.", address="mark@firm.example")


def test_somebody_is_put_in_copy() -> None:
    made = with_copy_to(HEAD + b"\r\nhello\r\n", MARK)
    assert made is not None and made.startswith(
        b"From: ann@example.org\r\nTo: sue@corp.example\r\nCc: =?utf-8?"
    )
    assert made.endswith(b"Subject: Tea\r\n\r\nhello\r\n")
    assert read_mail(made).cc == (MARK,)
    twice = with_copy_to(made, Mailbox(address="max@firm.example"))
    assert twice is not None and [m.address for m in read_mail(twice).cc] == [
        "mark@firm.example",
        "max@firm.example",
    ]
    assert with_copy_to(b"no header", MARK) is None
    assert with_copy_to(HEAD + b"Cc: undisclosed:;\r\n\r\n", MARK) is None


def test_to_and_cc_name_others() -> None:
    raw = HEAD + b"Cc: max@firm.example,\r\n liv@shop.example\r\n\r\nhello\r\n"
    made = with_people(raw, [MARK], [])
    assert made is not None and read_mail(made).to == (MARK,) and read_mail(made).cc == ()
    assert made.endswith(b"Subject: Tea\r\n\r\nhello\r\n")
    nobody = with_people(raw, [], [])
    assert nobody == b"From: ann@example.org\r\nTo: undisclosed-recipients:;\r\nSubject: Tea\r\n\r\nhello\r\n"
    injected = with_people(raw, [Mailbox(name="x\r\nBcc: eve@x.example", address="sue@corp.example")], [])
    assert injected is not None and b"\r\nBcc" not in injected
