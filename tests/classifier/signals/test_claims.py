"""Third persons a letter leans on."""

import pytest

from classifier.signals.claims import claimed_names
from tests.classifier.judge.letters import letter


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mark suggested I write to you.", ("Mark",)),
        ("Agneta Holm at the museum shop thought you would like this.", ("Agneta Holm",)),
        ("I got your name from Dr. Per Aas.", ("Dr. Per Aas",)),
        ("I was referred to you by Jill Tanner.", ("Jill Tanner",)),
        ("I write at Jill's suggestion.", ("Jill",)),
        ("He said you are open on Mondays.", ()),
        ("The Council suggested a later date.", ()),
        ("Rufus told me to write in the third person.", ()),
        ("You suggested a later date.", ()),
    ],
)
def test_names(text: str, names: tuple[str, ...]) -> None:
    assert claimed_names(letter(text, subject="")) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Vera suggested I write to you.", ("Vera",)),
        ("Hello Ann\nVera suggested I write to you.", ("Vera",)),
        ("I print almanacs and bind them by hand in Leith, and last week at the fair Vera\n"
         "Holm suggested I write to you.", ("Vera Holm",)),
        ("Ann\n\nReferred by Vera\n\nCleo", ("Vera",)),
    ],
)  # fmt: skip
def test_a_name_does_not_run_on_into_another_line(text: str, names: tuple[str, ...]) -> None:
    assert claimed_names(letter(text, subject="Partnership")) == names
