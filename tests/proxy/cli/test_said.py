"""What a page says, it says once."""

import re
from pathlib import Path

import pytest

from proxy.cli.said import Said
from tests.proxy.cli.commands import coldask
from tests.proxy.cli.mailbox_samples import ANN, COLD, PREMATURE

_FOUR = PREMATURE.replace(
    b"To: Vera Holm <vera@holm.example>", b"To: vera@holm.example, olaf@reef.example"
).replace(
    b"Ann\n",
    b"Would you have half an hour for a call with me next week? Could you write a recommendation for me?\n",
)


def sentences(page: str) -> list[str]:
    """Everything of five words or more that stands between two ends of sentences, quotation marks left out."""
    parts = re.split(r"[.?!;]\s+|\n", page.replace("“", " ").replace("”", " "))
    return [" ".join(p.strip(" .?!;").lower().split()) for p in parts if len(p.split()) >= 5]


@pytest.mark.parametrize("mail", [COLD, PREMATURE, _FOUR], ids=["cold", "premature", "two people, four asks"])
@pytest.mark.parametrize("past", [("--past", "/dev/null", "--owner", ANN), ()], ids=["history", "none"])
def test_check_says_no_sentence_twice(tmp_path: Path, mail: bytes, past: tuple[str, ...]) -> None:
    way = "--incoming" if mail is COLD else "--outgoing"
    run = coldask("check", way, *past, home=tmp_path, stdin=mail)
    page = run.stdout.decode()
    found = sentences(page)
    assert found, page
    assert len(found) == len(set(found)), page
    assert page.count("Write to them") + page.count("write to them") <= 1


def test_a_sentence_comes_once_and_the_rest_stays() -> None:
    said = Said()
    assert said.new("You ask Sue for time: “May I?” Between you and Sue: nothing yet.") != ""
    assert said.new("You ask Sue for work: “I need a job.” Between you and Sue: nothing yet.") == (
        "You ask Sue for work: “I need a job.”"
    )
    assert said.new("You ask Sue for time: “May I?” Between you and Sue: nothing yet.") == ""


def test_words_inside_a_quotation_are_never_left_out() -> None:
    said = Said()
    said.new("I would like to sell it.")
    assert said.new("You write “Hello. I would like to sell it. Bye.” to a stranger.") == (
        "You write “Hello. I would like to sell it. Bye.” to a stranger."
    )


def test_a_few_words_are_no_sentence() -> None:
    said = Said()
    said.new("You ask Dr. Reed for time.")
    assert said.new("You ask Dr. Reed for work.") == "You ask Dr. Reed for work."


def test_a_quotation_that_was_shown_is_known() -> None:
    said = Said()
    said.new("You ask Sue for time: “May I?”")
    assert said.quoted("May I?")
    assert not said.quoted("May I come?")
