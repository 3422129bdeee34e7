"""What a letter of nothing but a mark or a name reminds of, and that looking for it ends."""

import time

import pytest

from classifier.reading.read import read_mail
from classifier.rules.unanswered_nag import _reminder


def _words(text: str) -> str:
    return _reminder(read_mail(f"From: ann@quay.example\n\n{text}\n".encode()))


@pytest.mark.parametrize(("text", "reminds"), [("^^", True), ("Sue? Ann", True), ("Lunch was good.", False)])
def test_a_mark_or_a_name_reminds(text: str, reminds: bool) -> None:
    assert bool(_words(text)) is reminds


@pytest.mark.parametrize("line", ["_" * 120, "A" * 120, "A_" * 60, "? " * 60])
def test_a_form_with_lines_to_write_on_takes_no_time(line: str) -> None:
    started = time.process_time()
    assert not _words(f"?N{line}D{line}S{line} and so on")
    assert time.process_time() - started < 0.5
