"""Help given is told from offers, orders and chatter; and a letter that thanks and reports is one."""

from collections import Counter
from pathlib import Path

import pytest

from classifier.reading.read import read_mail
from classifier.signals.help import find_help, find_report
from models.mail import Mail

_DATA = Path(__file__).parent / "data" / "help.txt"


def letter(text: str) -> Mail:
    return read_mail(f"From: bo@x.example\nTo: ann@quay.example\nSubject: hello\n\n{text}\n".encode())


def cases(part: str) -> list[tuple[str, str]]:
    """Kind and text of a section."""
    body = _DATA.read_text("utf-8").partition(f"[{part}]\n")[2].partition("\n[")[0]
    return [(kind, text) for kind, _, text in (line.partition(" | ") for line in body.splitlines() if line)]


def heard(kind: str, text: str) -> bool:
    """Whether help is found; sure help, unless the text is an answer to somebody who asked."""
    return any(given.sure or kind.endswith("?") for given in find_help(letter(text)))


def figures(part: str) -> tuple[float, float, list[str]]:
    """Precision, recall, and the misses."""
    count: Counter[str] = Counter()
    wrong = []
    for kind, text in cases(part):
        found, there = heard(kind, text), kind != "-"
        count[f"{found}{there}"] += 1
        if found is not there:
            wrong.append(f"{kind} | {text}")
    hits = count["TrueTrue"]
    return hits / (hits + count["TrueFalse"]), hits / (hits + count["FalseTrue"]), wrong


@pytest.mark.parametrize(
    ("part", "precision", "recall"),
    [
        ("seen", 0.96, 0.93),
        ("held", 0.9, 0.85),
        ("more-seen", 0.95, 0.7),
        ("more-held", 0.95, 0.65),
        ("fresh-seen", 0.95, 0.85),
    ],
)
def test_help_is_told_from_what_looks_like_it(part: str, precision: float, recall: float) -> None:
    found = figures(part)
    assert found[0] >= precision, found[2]
    assert found[1] >= recall, found[2]


def test_there_are_enough_letters_of_each_kind() -> None:
    everything = [c for part in ("seen", "held", "more-seen", "more-held", "fresh-seen") for c in cases(part)]
    assert sum(kind != "-" for kind, _ in everything) >= 130
    assert sum(kind == "-" for kind, _ in everything) >= 130
    assert {kind.rstrip("?") for kind, _ in everything} == {
        "names",
        "lead",
        "referral",
        "introduction",
        "advice",
        "-",
    }


@pytest.mark.parametrize(
    ("text", "thanks", "reports"),
    [
        ("Thank you for Petra's name. We met on Tuesday and she took forty sacks.", True, True),
        ("Thanks again. Nothing came of it in the end, but it was a good talk.", True, True),
        ("I spoke with Marta, as you suggested, and start in June.", False, True),
        ("Many thanks for the names.", True, False),
        ("Many thanks for the names. Nobody answered the bell today.", True, False),
        ("Many thanks for the names. Herr Ek answered at once.", True, True),
        ("See you on Friday, bring the blue rope.", None, None),
        ("Have you met Petra?", None, None),
    ],
)
def test_thanks_and_a_report_are_heard(text: str, thanks: bool | None, reports: bool | None) -> None:
    told = find_report(letter(text))
    assert (told.thanks, told.reports) == (thanks, reports) if told else thanks is None


def test_thanks_and_reports_are_heard_in_many_words() -> None:
    lines = (_DATA.parent / "reports.txt").read_text("utf-8").splitlines()
    rows = [line.partition(" | ")[::2] for line in lines if " | " in line]
    assert len(rows) >= 40
    wrong = []
    for kind, text in rows:
        told = find_report(letter(text))
        heard_ = "".join(
            w for w, there in (("t", told and told.thanks), ("r", told and told.reports)) if there
        )
        if (heard_ or "-") != kind:
            wrong.append(f"{kind} | {text}")
    assert len(wrong) <= 2, wrong


@pytest.mark.parametrize(
    "text",
    [
        "I met a nice girl named Paula, and we're getting married.",
        "Phone: 800 901 3355 x 66311",
        "Send me your work number to this address.",
        "Today: Sunny. Tomorrow: Cloudy.",
    ],
)
def test_names_and_numbers_alone_are_no_help(text: str) -> None:
    assert not any(given.sure for given in find_help(letter(text)))


def test_an_office_gives_no_help() -> None:
    one = "From: support@pira.example\nTo: ann@quay.example\nSubject: x\n\nYou should talk to Petra Lund, who knows.\n"
    assert find_help(read_mail(one.encode())) == ()


def test_what_is_quoted_is_not_said() -> None:
    quoted = "Sounds good.\n\nOn Mon, Bo wrote:\n> You should talk to Petra Lund, she buys flour.\n"
    assert find_help(letter(quoted)) == ()
