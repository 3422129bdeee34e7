"""What makes an ask for contacts specific, and what leaves it vague."""

import pytest

from classifier.signals.specificity import details


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Is there a smith within two hours of you who takes small jobs?", {"role", "place"}),
        ("Somebody not too far from the mill that turns bowls?", {"role", "place"}),
        ("Do you know who stocks rye flour this side of the river?", {"role", "place"}),
    ],
)
def test_says_whom_and_where(text: str, named: set[str]) -> None:
    assert named <= details(text)


@pytest.mark.parametrize(
    "text",
    [
        "Any contacts or leads?",
        "Do you know anyone who would help?",
        "Names within reason?",
        "Our order book is like a desert: any contacts? Saint Brendan be thanked, the van still runs.",
    ],
)
def test_says_nothing(text: str) -> None:
    assert details(text) == frozenset()
