"""What is said of a permission that a mail carries in vain."""

import pytest

from tests.classifier.judge.test_outgoing import judged


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("premature-aks", "there is no rule of that name; did you mean premature-ask?"),
        ("Tuesdays", "there is no rule of that name; `coldask rules` lists them all."),
        ("blind-blast", "there was nothing to allow."),
    ],
)
def test_a_rule_that_does_not_exist_is_told_from_one_that_finds_nothing(name: str, words: str) -> None:
    verdict = judged(headers=f"X-Coldask-Allow: {name} (we met)\n")
    [noted] = [f.message for f in verdict.findings if f.rule == "unused-allow"]
    assert noted.startswith(f"Your mail allows rule {name.lower()}, ") and noted.endswith(words)
    assert verdict.disposition == "hold"
