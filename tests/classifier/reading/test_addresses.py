"""Address lists: legal, odd and hostile."""

import pytest

from classifier.reading.addresses import read_addresses
from classifier.reading.limits import ADDRESSES


def _read(text: str) -> list[tuple[str, str]]:
    return [(m.name, m.address) for m in read_addresses([text])]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ann@a.example", [("", "ann@a.example")]),
        ("Ann <ann@a.example>", [("Ann", "ann@a.example")]),
        (
            '"Hartley, Ann" <ann@a.example>, bob@b.example (Bob (x))',
            [("Hartley, Ann", "ann@a.example"), ("Bob (x)", "bob@b.example")],
        ),
        ("Hartley, Ann <ann@a.example>", [("Hartley, Ann", "ann@a.example")]),
        ("Team: ann@a.example, Bob <bob@b.example>;", [("", "ann@a.example"), ("Bob", "bob@b.example")]),
        ("undisclosed-recipients:;", []),
        ("<Undisclosed-Recipient:;@relay.example>", []),
        ('"ann smith"@a.example', [("", '"ann smith"@a.example')]),
        ("ann @ a . example", [("", "ann@a.example")]),
        ("<@relay.example,@b.example:ann@a.example>", [("", "ann@a.example")]),
        ("ann@[192.0.2.1]", [("", "ann@[192.0.2.1]")]),
        (r'"say \"hi\"" <ann@a.example>', [('say "hi"', "ann@a.example")]),
        ("=?utf-8?q?J=C3=BCrgen=2C_Ann?= <j@a.example>", [("Jürgen, Ann", "j@a.example")]),
        ('"boss@corp.example" <evil@x.example>', [("boss@corp.example", "evil@x.example")]),
        ("boss@corp.example <evil@x.example>", [("boss@corp.example", "evil@x.example")]),
        (
            '"never closed <ann@a.example>, bob@b.example',
            [("never closed", "ann@a.example"), ("", "bob@b.example")],
        ),
        ("mailto:ann@a.example", [("", "ann@a.example")]),
        ('"boss@corp.example"', []),
        ("=?utf-8?q?boss=40corp.example?=", []),
        ("root", []),
        ("<>", []),
        ("Ann <ann＠a.example>", []),
        ("", []),
    ],
)
def test_forms(text: str, found: list[tuple[str, str]]) -> None:
    assert _read(text) == found


def test_two_addresses_in_one_entry_are_two() -> None:
    """So that a mail with two authors in one From is nobody's."""
    assert len(_read("<ann@a.example> <bob@b.example>")) == 2
    assert len(_read("ann@a.example bob@b.example")) == 2


def test_a_name_with_direction_marks_and_line_breaks_is_one_line() -> None:
    [(name, address)] = _read("=?utf-8?q?Ann=0D=0ABcc:_x@y.example?= <ann@a.example>")
    assert (name, address) == ("Ann Bcc: x@y.example", "ann@a.example")


def test_the_limit_counts_all_fields_of_one_name() -> None:
    many = ", ".join(f"p{i}@a.example" for i in range(ADDRESSES))
    assert len(read_addresses([many, "one@more.example"])) == ADDRESSES


def test_an_overlong_address_is_none() -> None:
    assert _read("a" * 2000 + "@a.example") == []


@pytest.mark.parametrize(
    "odd", ["", ', "Fox, Jo" <jo@x.example>', ", Fox, Jo <jo@x.example>", ", friends: jo@x.example;"]
)
def test_a_plain_list_reads_as_the_same_list_with_something_odd_in_it(odd: str) -> None:
    plain = [f"Person {i} <p{i}@x.example>" if i % 2 else f" p{i}@x.example" for i in range(300)]
    found = read_addresses([",".join(plain) + odd])
    assert [(m.name, m.address) for m in found[:300]] == [
        (f"Person {i}" if i % 2 else "", f"p{i}@x.example") for i in range(300)
    ]
    assert [m.address for m in found[300:]] == (["jo@x.example"] if odd else [])
