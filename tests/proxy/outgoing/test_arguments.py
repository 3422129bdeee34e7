"""Addresses and parameters as clients write them: byte for byte, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.outgoing.arguments import BadArgument, mail_argument, rcpt_argument


def test_a_source_route_is_kept_and_looked_through() -> None:
    found = rcpt_argument("TO:<@a.example,@b.example:bob@other.example>", utf8=False)
    assert found.path == "@a.example,@b.example:bob@other.example"
    assert found.mailbox == "bob@other.example"


def test_parameters_as_written() -> None:
    found = mail_argument("From:<ann@example.org>  size=20  Body=8bitMime ENVID=a+2Bb")
    assert list(found.params.values()) == ["size=20", "Body=8bitMime", "ENVID=a+2Bb"]
    assert found.value("SIZE") == "20" and found.value("RET") == ""


def test_lengths() -> None:
    long = "a" * 300 + "@other.example"
    assert rcpt_argument(f"TO:<{long}>", utf8=False).path == long
    with pytest.raises(BadArgument):
        rcpt_argument(f"TO:<{'a' * 1001}@other.example>", utf8=False)
    with pytest.raises(BadArgument):
        mail_argument("FROM:<ann@example.org> ENVID=" + "a" * 101)


@given(st.text(max_size=60))
def test_never_anything_but_an_argument_or_a_refusal(text: str) -> None:
    for prefix in ("", "TO:", "TO:<", "TO:<a@b.example> ", 'TO:<"'):
        try:
            found = rcpt_argument(prefix + text, utf8=True)
        except BadArgument as e:
            assert e.reply.code in (501, 553, 555)
            continue
        assert f"<{found.path}>" in prefix + text
        assert not any(ord(c) < 32 or ord(c) == 127 for c in found.path + "".join(found.params.values()))


def test_near_misses_take_no_time() -> None:
    for text in ('TO:<"' + '\\"' * 2000, "TO:<" + '"a"' * 1300 + "@x>", "TO:<" + "a." * 2000 + "@b"):
        with pytest.raises(BadArgument):
            rcpt_argument(text, utf8=False)
