"""A delivered copy is known again whatever a client adds to it; a second delivery is another one."""

from datetime import UTC, datetime

import pytest

from proxy.mailbox.fetch import Heading, copy_of, headings
from tests.proxy.mailbox.scripted import scripted, session_on

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


_FIELDS = b"From: Max <max@agency.example>\r\nSubject: Hi (there) {7}\r\n\r\n"
_DATE = b'"01-Jan-2024 10:00:00 +0000"'
_SECTION = b"BODY[HEADER.FIELDS (FROM SUBJECT)]"


def _answers(*, usual: bool) -> bytes:
    """Mails 3, 4 and 9, and what a server may say between; as nearly all servers answer, or as they might."""
    size = b"{%d}\r\n" % len(_FIELDS)
    if usual:
        items = [b"UID %d INTERNALDATE " + _DATE + b" RFC822.SIZE 70 " + _SECTION + b" " + size + _FIELDS] * 3
    else:
        items = [
            _SECTION.lower() + b" " + size + _FIELDS + b" UID %d RFC822.SIZE 70 INTERNALDATE " + _DATE,
            b'FLAGS (\\Seen) UID %d RFC822.SIZE 70 INTERNALDATE ' + _DATE + b" " + _SECTION + b" " + size + _FIELDS,
            b"MODSEQ (8) INTERNALDATE " + _DATE + b" RFC822.SIZE 70 " + _SECTION + b" " + size + _FIELDS + b" UID %d",
        ]  # fmt: skip
    numbered = zip((4, 3, 9), items, strict=True)
    lines = [b"* %d FETCH (%b)\r\n" % (uid, item.replace(b"%d", b"%d" % uid)) for uid, item in numbered]
    return b"* 12 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen))\r\n" + b"".join(lines) + b"TAG OK done\r\n"


@pytest.mark.parametrize("usual", [True, False])
def test_headings_are_read_however_a_server_orders_them(usual: bool) -> None:
    with scripted({b"UID FETCH": _answers(usual=usual)}) as server, session_on(server) as session:
        found = headings(session, [3, 4, 7], ["subject", "from"], list, sizes=True)
        assert [(one.uid, one.size, one.header) for one in found] == [(3, 70, _FIELDS), (4, 70, _FIELDS)]
        assert found[0].received == datetime(2024, 1, 1, 10, tzinfo=UTC)
        asked = b"UID FETCH 3,4,7 (UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)])"
        assert server.heard[-1].rstrip().endswith(asked)


def test_many_headings_are_asked_for_a_thousand_at_a_time() -> None:
    with scripted({b"UID FETCH": b"TAG OK done\r\n"}) as server, session_on(server) as session:
        assert headings(session, range(1, 2502), ["from"], list) == []
        asked = [line for line in server.heard if b"UID FETCH" in line]
        assert [line.count(b",") + 1 for line in asked] == [1000, 1000, 501]
        assert all(b":" not in line and b"SIZE" not in line for line in asked)


def test_headings_are_handed_over_some_at_a_time_each_once() -> None:
    lines = [
        b"* %d FETCH (UID %d INTERNALDATE %b %b {%d}\r\n%b)\r\n"
        % (uid, uid, _DATE, _SECTION, len(_FIELDS), _FIELDS)
        for uid in (*range(200, 0, -1), 7)
    ]
    groups: list[int] = []

    def read(found: list[Heading]) -> list[int]:
        groups.append(len(found))
        return [one.uid for one in found]

    with (
        scripted({b"UID FETCH": b"".join(lines) + b"TAG OK done\r\n"}) as server,
        session_on(server) as session,
    ):
        assert headings(session, range(1, 301), ["from", "subject"], read) == list(range(1, 201))
    assert sum(groups) == 201
    assert max(groups) < 100
