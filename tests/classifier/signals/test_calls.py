"""The owner's own mail as a public call: a posting is one, a question to a friend is none."""

import pytest

from classifier.signals.calls import find_call
from tests.classifier.judge.letters import letter


@pytest.mark.parametrize(
    ("text", "to"),
    [
        (
            "Dear all, we are looking for an apprentice from August. Please forward.",
            "guild@lists.clay.example",
        ),
        ("I'm taking on an assistant in spring, please pass it on.", "agneta@museum.example"),
        ("Call for papers: Tolls and Gates. Abstracts by 1 March.", "agneta@museum.example"),
        (
            "We're hiring a joiner. Tell everyone you know, they should come by with their papers.",
            "agneta@museum.example",
        ),
        (
            "I need a baker from May on. Tell your class: CV and two names, straight to me.",
            "agneta@museum.example",
        ),
        (
            "We have an opening for two waiters, and anybody who wants it may write to me.",
            "agneta@museum.example",
        ),
    ],
)
def test_a_call(text: str, to: str) -> None:
    call = find_call(letter(text, to=(to,)))
    assert call
    assert call.startswith("hello: ") and len(call) <= 200
    assert call.removeprefix("hello: ") in " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "We are looking for a place to eat on Friday, any idea?",
        "We are looking for somebody to fix the boiler, could you come on Monday?",
        "We need a driver on Friday, can you?",
        "Tell everyone I said hello, and that we need a cook with your gifts!",
        "Please forward the invoice to the accountant.",
        "",
    ],
)
def test_no_call(text: str) -> None:
    assert find_call(letter(text, to=("agneta@museum.example",))) == ""
