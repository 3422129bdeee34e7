"""Mail under the owner's name: what its way tells of who sent it, where there is no Sent folder."""

import pytest

from classifier.reading.read import read_headers
from models.past import Owner
from proxy.history.forged import is_forged

OWNER = Owner(addresses=frozenset({"ann@quay.example"}))
TRACE = "Received: from mx.cold.example by mx.quay.example with {with_}; Mon, 1 Jan 2024 10:00:00 +0000\n"
OUTSIDE = TRACE.format(with_="ESMTPS")


def _is_forged(*fields: str, to: str = "Ann <ann+x@quay.example>, eve@cold.example") -> bool:
    head = "".join(fields) + f"From: Ann <ann@quay.example>\nTo: {to}\nSubject: note\n\nhello\n"
    return is_forged(read_headers(head.encode()), OWNER)


@pytest.mark.parametrize(
    ("fields", "to"),
    [
        ((OUTSIDE,), None),
        (("Delivered-To: ann@quay.example\n", OUTSIDE), "eve@cold.example"),
        (("X-Original-To: <ann@quay.example>\n", OUTSIDE), "eve@cold.example"),
        # What stands below the topmost line is the sender's to invent.
        ((OUTSIDE, TRACE.format(with_="ESMTPSA")), None),
        (("Authentication-Results: mx.quay.example; dkim=fail; spf=none\n", OUTSIDE), None),
        (("Authentication-Results: mx.quay.example; dkim=none\n", "Authentication-Results: x; dkim=pass\n", OUTSIDE), None),
    ],
)  # fmt: skip
def test_from_outside_to_the_owner(fields: tuple[str, ...], to: str | None) -> None:
    assert _is_forged(*fields, to=to) if to else _is_forged(*fields)


@pytest.mark.parametrize(
    "fields",
    [
        (),  # a client kept it: no server ever carried it
        (TRACE.format(with_="ESMTPSA"),),  # to themselves too: their own server took it after a login
        (TRACE.format(with_="HTTP"),),
        ("Received: by mail.quay.example with SMTP; Mon, 1 Jan 2024 10:00:00 +0000\n",),
        ("Authentication-Results: mx.quay.example; dkim=pass header.d=quay.example\n", OUTSIDE),
        ("X-Gmail-Labels: Inbox,Sent\n", OUTSIDE),
    ],
)
def test_what_the_owner_sent_to_themselves_too_stays_theirs(fields: tuple[str, ...]) -> None:
    assert not _is_forged(*fields)


def test_a_trace_alone_says_nothing_where_the_owner_got_no_copy() -> None:
    assert not _is_forged(OUTSIDE, to="eve@cold.example")
