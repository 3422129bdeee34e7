"""A delivered copy is known again whatever a client adds to it; a second delivery is another one."""

from proxy.mailbox.fetch import copy_of

HEADER = (
    b"Return-Path: <max@agency.example>\r\nDelivered-To: ann@example.org\r\n"
    b"Received: from a.example\r\n\tby b.example; Mon, 1 Jan 2024 10:00:00 +0000\r\n"
    b"Message-ID: <1@agency.example>\r\nFrom: Max <max@agency.example>\r\nSubject: Hi\r\n there\r\n\r\n"
)


def test_the_same_copy_with_other_line_ends_folding_and_added_fields() -> None:
    changed = b"X-Mozilla-Status: 0001\n" + HEADER.replace(b"\r\n", b"\n").replace(b"\n\tby", b" by")
    assert copy_of(changed) == copy_of(HEADER)


def test_another_delivery_and_another_mail_are_others() -> None:
    later = HEADER.replace(b"10:00:00", b"10:00:07")
    other = HEADER.replace(b"<1@", b"<2@")
    assert len({copy_of(HEADER), copy_of(later), copy_of(other), copy_of(b"")}) == 4
