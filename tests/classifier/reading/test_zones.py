"""Zones: the scenarios of zones.txt, and that zones cover every text without gap or overlap."""

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.reading import read_mail
from models.mail import Mail, ZoneKind


class Case(NamedTuple):
    title: str
    sender: str
    subject: str
    lines: list[tuple[str, str]]  # kind, text


def _cases() -> list[Case]:
    cases: list[Case] = []
    for line in (Path(__file__).parent / "zones.txt").read_text("utf-8").splitlines():
        if line.startswith("## "):
            cases.append(Case(line[3:], "ann@hartley.example", "Hello", []))
        elif line.startswith("from: "):
            cases[-1] = cases[-1]._replace(sender=line[6:])
        elif line.startswith("subject: "):
            cases[-1] = cases[-1]._replace(subject=line[9:])
        elif "|" in line and cases:
            kind, _, text = line.partition("|")
            escaped = kind.startswith(">")
            cases[-1].lines.append((kind.strip(" >"), (">" if escaped else "") + text.removeprefix(" ")))
    return cases


def _mail(sender: str, subject: str, text: str) -> Mail:
    return read_mail(f"From: {sender}\nSubject: {subject}\n\n{text}\n".encode())


def _kind_at(mail: Mail, at: int) -> ZoneKind:
    return next(z.kind for z in mail.zones if z.start <= at < z.end)


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case.title)
def test_scenario(case: Case) -> None:
    mail = _mail(case.sender, case.subject, "\n".join(text for _, text in case.lines))
    got, at = [], 0
    for line in mail.text.split("\n"):
        got.append((_kind_at(mail, at).value if line.strip() else "", line.rstrip()))
        at += len(line) + 1
    assert got == [(kind if text.strip() else "", text.rstrip()) for kind, text in case.lines]


def test_there_are_cases_of_every_kind() -> None:
    assert {kind for case in _cases() for kind, _ in case.lines} == {kind.value for kind in ZoneKind}


_PIECES = st.sampled_from(
    [
        "Could you introduce me?",
        "> quoted",
        "On 3 May 2021, Sue wrote:",
        "-----Original Message-----",
        "From: Sue <s@x.example>",
        "To: Ann",
        "Subject: hi",
        "Sent: today 10:10",
        "-- ",
        "--",
        "Best,",
        "Ann",
        "+44 20 7946 0000",
        "____________________________",
        "To unsubscribe, write to us",
        "confidential, intended recipient only",
        "Sent from my iPhone",
        "PS one more",
        "",
        "   ",
        "|",
        ">",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=40)), max_size=25))
def test_zones_cover_the_text_without_gap_or_overlap(lines: list[str]) -> None:
    mail = _mail("Ann <ann@hartley.example>", "Re: hi", "\n".join(lines))
    at = 0
    for zone in mail.zones:
        assert zone.start == at
        assert zone.end > zone.start
        at = zone.end
    assert at == len(mail.text)
    assert all(a.kind is not b.kind for a, b in zip(mail.zones, mail.zones[1:], strict=False))


@settings(max_examples=100, deadline=None)
@given(st.lists(_PIECES, min_size=1, max_size=12))
def test_an_ask_on_top_is_never_cut_away(lines: list[str]) -> None:
    ask = "Would you put me in touch with the people at the port?"
    assert ask in _mail("Ann <ann@hartley.example>", "hi", "\n".join([ask, "", *lines])).own_text
