"""The page of one held mail: the words in question, marked in its text."""

import pytest

from proxy.cli.held_page import _show_text


@pytest.mark.parametrize(
    ("quotes", "line"),
    [
        (["introduce me", "introduce me"], "Please >>introduce me<< to your CEO today."),
        (["introduce me to your CEO", "CEO"], "Please >>introduce me to your CEO<< today."),
        (["me to your", "your CEO"], "Please introduce >>me to your CEO<< today."),
        (["Please", "today."], ">>Please<< introduce me to your CEO >>today.<<"),
        (["not in it", ""], "Please introduce me to your CEO today."),
    ],
)
def test_words_are_marked_once(quotes: list[str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    _show_text("Please introduce me to your CEO today.", quotes)
    assert capsys.readouterr().out == f"  | {line}\n"
