"""Milliseconds a mail to read and judge, both directions, and from a cold start of `coldask check`."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from classifier.judge import judge_incoming, judge_outgoing
from classifier.reading.read import read_mail
from models.mail import Envelope
from models.past import Owner, Past
from tests.e2e.letters import ASK, NEWS, PITCH, letter
from tests.servers.service import COLDASK

ANN, BOB = "ann@example.org", "bob@outside.example"
PAST = Past(now=datetime(2025, 3, 3, tzinfo=UTC), owner=Owner(addresses=frozenset({ANN})))


def _kinds() -> dict[str, bytes]:
    html = "<html><body>" + f"<p>{PITCH}</p>" * 20 + "</body></html>"
    attachment = "QUJD" * 18 + "\r\n"
    boundary = b"multipart/mixed; boundary=b"
    base64 = "Content-Transfer-Encoding: base64"
    mixed = f"--b\r\n\r\n{ASK}\r\n--b\r\n{base64}\r\n\r\n{attachment * 65_000}--b--\r\n"
    plain = b"text/plain; charset=utf-8"
    return {
        "short text": letter(ANN, BOB, "Short", NEWS),
        "an ask": letter(ANN, BOB, "Ask", ASK),
        "a pitch": letter(BOB, ANN, "Pitch", PITCH),
        "50 kB of text": letter(ANN, BOB, "Long", NEWS * 600),
        "HTML": letter(BOB, ANN, "HTML", html).replace(b"text/plain", b"text/html"),
        "5 MB attachment": letter(ANN, BOB, "Big", mixed).replace(plain, boundary),
    }


def _outgoing(raw: bytes, envelope: Envelope) -> object:
    return judge_outgoing(read_mail(raw), envelope, PAST)


def _incoming(raw: bytes) -> object:
    return judge_incoming(read_mail(raw), PAST)


def _clock(work: Callable[[], object], seconds: float = 0.5) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds, over as many runs as fit."""
    work()
    times: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or len(times) < 5:
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times), sorted(times)[int(len(times) * 0.95)]


def _cold_start() -> float:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "mail.eml")
        file.write_bytes(letter(ANN, BOB, "Ask", ASK))
        command = [str(COLDASK), "check", str(file), "--outgoing", "--owner", ANN, "--json"]
        times = []
        for _ in range(5):
            started = time.perf_counter()
            subprocess.run(command, capture_output=True, check=False)
            times.append(time.perf_counter() - started)
        return min(times)


def main() -> None:
    """Print one line a kind of mail."""
    envelope = Envelope(sender=ANN, recipients=(BOB,))
    print(f"{'':16}{'read':>16}{'judge outgoing':>18}{'judge incoming':>18}   (ms, median / 95 %)")
    for name, raw in _kinds().items():
        rows = [
            _clock(partial(read_mail, raw)),
            _clock(partial(_outgoing, raw, envelope)),
            _clock(partial(_incoming, raw)),
        ]
        print(f"{name:16}" + "".join(f"{a:>9.2f} / {b:>5.2f}" for a, b in rows), flush=True)
    print(f"coldask check, cold start: {_cold_start():.2f} s")


if __name__ == "__main__":
    main()
