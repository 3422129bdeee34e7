"""The progress line: its speed is that of this work, not of what an earlier try did."""

import io

import pytest

from proxy.cli import progress
from proxy.cli.progress import Progress, line


class Terminal(io.StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        return True


def test_in_words() -> None:
    assert (
        line("reading", 1200, 4000, 350.0)
        == "reading [#######                 ] 1,200 of 4,000 · 350/s · 8 s left"
    )
    assert line("reading", 500, 4000, 0.0) == "reading [###                     ] 500 of 4,000"
    assert line("judging", 500, None, 50.0) == "judging 500 · 50/s"


def test_the_speed_is_measured_from_the_first_word_on(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(progress.sys, "stderr", terminal := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with Progress("learning", 4000) as bar:
        bar.at(3000)
        clock[0] += 2
        bar.at(3500)
    first, second = terminal.getvalue().replace("\x1b[K", "").strip("\r").split("\r")
    assert first.endswith("3,000 of 4,000")
    assert second.endswith("3,500 of 4,000 · 250/s · 2 s left")
