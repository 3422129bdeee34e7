"""Taking IMAP answers apart: nothing a server sends raises or costs without end."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.mailbox.answers import Answer, cut_line, fields, moment, numbers, values
from proxy.mailbox.session import batches


@given(st.lists(st.binary(max_size=80), max_size=7))
def test_no_answer_raises(pieces: list[bytes]) -> None:
    found = values(pieces)
    fields(found)
    answer = Answer(b"OK", pieces[0] if pieces else b"", tuple([p] for p in pieces))
    assert isinstance(answer.code, bytes) and isinstance(answer.codes(b"COPYUID"), list)
    assert all(isinstance(v, list) for v in answer.named(b"FETCH"))


@given(st.binary(max_size=60))
def test_no_date_and_no_set_raises(text: bytes) -> None:
    assert moment(text) is None or isinstance(moment(text), datetime)
    assert len(numbers(text)) <= 100_000


def test_values() -> None:
    line = [
        b'(UID 5 FLAGS (\\Seen x]y) BODY[HEADER.FIELDS (TO)] "a \\"b\\" (c" X NIL BODY[]<0> ',
        b"li(te\r\nral",
        b" Y ())",
    ]
    assert fields(values(line)[0]) == {
        b"UID": b"5",
        b"FLAGS": [b"\\Seen", b"x]y"],
        b"BODY[HEADER.FIELDS (TO)]": b'a "b" (c',
        b"X": None,
        b"BODY[]<0>": b"li(te\r\nral",
        b"Y": [],
    }


def test_brackets_without_end_are_cheap() -> None:
    assert values([b"(" * 100_000])


@pytest.mark.parametrize(
    ("line", "size", "rest"),
    [
        (b"* 1 FETCH (X {12}\r\n", 12, b"* 1 FETCH (X "),
        (b"x {0}\r\n", 0, b"x "),
        (b"x {12} \r\n", None, b"x {12} "),
        (b"x {-1}\r\n", None, b"x {-1}"),
        (b"x\r\n", None, b"x"),
    ],
)
def test_literals_are_announced_at_the_end(line: bytes, size: int | None, rest: bytes) -> None:
    assert cut_line(line) == (rest, size)


def test_response_codes() -> None:
    answer = Answer(b"OK", b"[COPYUID 7 3 9] done", ([b"* OK [UIDNEXT 4] x"], [b"* 2 EXISTS"], [b"* BYE"]))
    assert (answer.code, answer.codes(b"COPYUID"), answer.codes(b"UIDNEXT")) == (
        b"COPYUID",
        [b"7 3 9"],
        [b"4"],
    )


def test_sets_and_dates() -> None:
    assert numbers(b"3,5:7") == [3, 5, 6, 7]
    assert numbers(b"1:9999999999") == numbers(b"a") == numbers(b"*") == []
    assert moment(b" 7-Feb-2024 02:44:25 +0000") == datetime(2024, 2, 7, 2, 44, 25, tzinfo=UTC)
    assert moment(b"7-Foo-2024") is None


@given(st.sets(st.integers(1, 10**9), max_size=1200))
def test_sets_of_uids_hold_no_range_and_are_short(uids: set[int]) -> None:
    found = list(batches(uids))
    assert sorted(int(n) for batch in found for n in batch.split(b",")) == sorted(uids)
    assert all(b":" not in batch and len(batch) < 8000 for batch in found)
