"""One line that tells how far a long piece of work has come: bar, rate and rest, on a terminal only."""

import os
import sys
import time
from types import TracebackType
from typing import Self

BAR = 24  # characters
EVERY = 0.1  # seconds between two drawings


class Progress:
    """A progress line on stderr; says nothing where stderr is no terminal."""

    def __init__(self, what: str, total: int | None = None) -> None:
        self.what = what
        self.total = total
        self._begun: tuple[int, float] | None = None  # what was done at the first word, and when that was
        self._drawn = 0.0
        self._shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown and self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def at(self, done: int) -> None:
        """So many are done."""
        now = time.monotonic()
        if self._begun is None:  # what was done before says nothing of this work's speed
            self._begun = done, now
        if not self._shown or now - self._drawn < EVERY:
            return
        self._drawn = now
        before, started = self._begun
        rate = (done - before) / (now - started) if now > started else 0.0
        sys.stderr.write("\r" + line(self.what, done, self.total, rate) + "\x1b[K")
        sys.stderr.flush()


def line(what: str, done: int, total: int | None, rate: float) -> str:
    """The progress in words: "reading [####    ] 1,200 of 4,000 · 350/s · 8 s left". Rate 0: not known yet."""
    parts = [f"{done:,} of {total:,}" if total else f"{done:,}"]
    if rate > 0:
        parts.append(f"{rate:,.0f}/s")
    if not total:
        return f"{what} " + " · ".join(parts)
    filled = min(BAR, BAR * done // total)
    if rate > 0:
        parts.append(f"{_clock((total - done) / rate)} left")
    return f"{what} [{'#' * filled}{' ' * (BAR - filled)}] " + " · ".join(parts)


def _clock(seconds: float) -> str:
    whole = max(0, round(seconds))
    return f"{whole} s" if whole < 120 else f"{whole // 60} min"
