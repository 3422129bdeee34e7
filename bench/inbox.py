"""Milliseconds a mail of an ordinary inbox, from bytes to verdict: coldask beside the filters, in one run.

Usage: python bench/inbox.py [--spambayes DIR]. The inbox is that of bench/judge.py; the filters learn from the corpus.
bogofilter and rspamd take the mails together, so their start is spread over all; in turn only their mean is known.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded, as proxy/__main__.py does
sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.filters import Peer, SpamBayes, installed
from bench.judge import CORPUS, PAST, WARM, ordinary_inbox
from classifier.judge.incoming import judge_incoming
from classifier.reading.read import read_mail
from classifier.training.corpus import Sample, letters

TAUGHT = 1_500  # letters of the corpus; the filters' time hardly depends on how many
MAILS = 600


class Bytes(NamedTuple):
    """A mail, as far as the filters look at a letter of the corpus to judge it."""

    raw: bytes


def judged(raw: bytes) -> None:
    """coldask's verdict on a mail, with the core."""
    judge_incoming(read_mail(raw), PAST)


def one_by_one(judge: Callable[[bytes], object], mails: Sequence[bytes]) -> list[float]:
    """Milliseconds of each mail, on the clock, after some that warm it up."""
    for raw in mails[:WARM]:
        judge(raw)
    times = []
    for raw in mails[WARM:]:
        started = time.perf_counter()
        judge(raw)
        times.append((time.perf_counter() - started) * 1000)
    return times


def together(peer: Peer, mails: Sequence[bytes]) -> float:
    """Milliseconds a mail where the filter takes them all at once."""
    ready = peer.ready([Bytes(raw) for raw in mails])  # type: ignore[misc]  # it looks at their bytes alone
    started = time.perf_counter()
    peer.scores(ready)
    return (time.perf_counter() - started) * 1000 / len(mails)


def taught() -> list[Sample]:
    """Letters the filters learn from, of all authors."""
    known = [s for s in letters(CORPUS) if not s.outgoing]
    return known[:: max(1, len(known) // TAUGHT)]


def line(name: str, median: float | None, mean: float) -> None:
    print(f"{name:20}{'-' if median is None else f'{median:.2f}':>10}{mean:10.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--spambayes", type=Path, help="folder that bench/spambayes.py made")
    given = parser.parse_args()
    mails = list(ordinary_inbox())[: MAILS + WARM]
    print(f"{'ms a mail':20}{'median':>10}{'mean':>10}   of {len(mails) - WARM}")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ends:
        for peer in installed(Path(folder), given.spambayes, ends):
            peer.train(taught())
            if isinstance(peer, SpamBayes):
                times = one_by_one(lambda raw, own=peer: own.scores([raw]), mails)  # type: ignore[misc]
                line(peer.name, statistics.median(times), statistics.mean(times))
            else:
                line(peer.name, None, together(peer, mails[WARM:]))
    times = one_by_one(judged, mails)
    line("coldask", statistics.median(times), statistics.mean(times))


if __name__ == "__main__":
    main()
