"""Milliseconds of CPU to read and judge a mail, beside the goals; hostile mail; a cold start of `coldask check`."""

import itertools
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from html import escape
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded, as proxy/__main__.py does
sys.path.insert(0, str(Path(__file__).parents[1]))

from classifier.judge.incoming import judge_incoming
from classifier.judge.outgoing import judge_outgoing
from classifier.reading.read import read_mail
from classifier.training.corpus import letters
from models.mail import Envelope
from models.past import Owner, Past, Relation, Tie
from tests.e2e.letters import ASK, PITCH, letter
from tests.servers.service import COLDASK

ANN, BOB, FRIEND = "ann@example.org", "bob@outside.example", "friend@well.example"
CROWD = tuple(f"p{number}.lake@firm{number}.example" for number in range(200))
PAST = Past(
    now=datetime(2025, 3, 3, tzinfo=UTC),
    owner=Owner(addresses=frozenset({ANN})),
    relations={
        FRIEND: Relation(tie=Tie.ESTABLISHED),
        **{who: Relation(tie=Tie.ANSWERED) for who in CROWD[::2]},
    },
)
CORPUS = Path(__file__).parents[1] / "classifier" / "corpus"
_BOB = Owner(addresses=frozenset({BOB}))
WARM = 120  # mails of an inbox judged before the clock runs


def _texts(size: int) -> Iterator[str]:
    """Texts of so many characters out of the corpus of letters, each letter used once."""
    room = ""
    for one in letters(CORPUS):
        room += read_mail(one.raw).own_text + "\n\n"
        if len(room) >= size:
            yield room[:size]
            room = ""


def ordinary_inbox() -> Iterator[bytes]:
    """An ordinary inbox: of ten mails four mailings, two notices, three of people one knows, one of a stranger."""
    for number, text in enumerate(_texts(1_000)):
        place = number % 10
        if place < 4:
            yield letter("news@shop.example", ANN, f"News {number}", text, List_Id="<news.shop.example>",
                         List_Unsubscribe="<https://shop.example/u>", Precedence="bulk")  # fmt: skip
        elif place < 6:
            yield letter(
                "noreply@bank.example", ANN, f"Receipt {number}", text, Auto_Submitted="auto-generated"
            )
        else:
            yield letter(FRIEND if place < 9 else BOB, ANN, f"Harbour {number}", text)


def _page(text: str) -> bytes:
    """1 MB of HTML with this text in paragraphs."""
    rows = (f"<p class='x'>{number} {escape(text)}</p>\n" for number in itertools.count())
    body = "".join(itertools.islice(rows, 1_000_000 // (len(text) + 24)))
    page = f"<html><head><style>p {{color:#333}}</style></head><body>{body}</body></html>"
    return letter(ANN, BOB, "A page", page).replace(b"text/plain", b"text/html")


def _outgoing(raw: bytes, recipients: tuple[str, ...]) -> float:
    """CPU milliseconds of the judgement, the mail read before."""
    mail, envelope = read_mail(raw), Envelope(sender=ANN, recipients=recipients)
    return _milliseconds(partial(judge_outgoing, mail, envelope, PAST))


def _read_and_judge(raw: bytes, envelope: Envelope | None = None, past: Past = PAST) -> object:
    mail = read_mail(raw)
    return judge_incoming(mail, past) if envelope is None else judge_outgoing(mail, envelope, past)


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def _steady(texts: list[str], recipients: tuple[str, ...]) -> list[float]:
    """Milliseconds of each text once all have been judged: what phrases need is compiled, and no text is remembered."""
    to = ", ".join(recipients)
    for text in texts:
        _outgoing(letter(ANN, to, "Tea", text), recipients)
    again = (f"{text}\n\nP.S. {number}" for number, text in enumerate(texts))
    return [_outgoing(letter(ANN, to, "Tea", text), recipients) for text in again]


def _figure(what: str, times: list[float], goal: str) -> None:
    ordered = sorted(times)
    high = ordered[int(len(ordered) * 0.95)]
    print(f"{what:42}{statistics.median(ordered):9.2f} ms{high:10.2f} ms   {goal}", flush=True)


def _speeds() -> None:
    print(f"{'':42}{'median':>12}{'95 %':>13}   goal (CPU time; no mail is judged twice)")
    texts = list(_texts(4_000))
    _figure("judge outgoing, 4 kB to one recipient", _steady(texts, (BOB,)), "2 ms")
    _figure("judge outgoing, 4 kB to 200 recipients", _steady(texts, CROWD), "8 ms")
    pages = [_page(text) for text in itertools.islice(_texts(150), 6)]
    envelope = Envelope(sender=ANN, recipients=(BOB,))
    html = [_milliseconds(partial(_read_and_judge, page, envelope)) for page in pages]
    _figure("read and judge outgoing, 1 MB of HTML", html[1:], "40 ms")
    inbox = list(ordinary_inbox())
    took = [_milliseconds(partial(_read_and_judge, raw)) for raw in inbox]
    _figure("read and judge an ordinary inbox", took[WARM:], "1 ms")
    _figure("… the strangers' letters in it alone", took[WARM + 9 :: 10], "")


def _hostile() -> Iterator[bytes]:
    """Mails made to be dear."""
    for seed in ("\n", " ", "-", "!", "a", "A", "> ", "a@", "<pre>", "[", "Could you introduce me? ", "ÿ "):
        yield letter(BOB, ANN, "x", seed * (2_000_000 // len(seed)))
        yield letter(BOB, ANN, "x", seed * (1_000_000 // len(seed))).replace(b"text/plain", b"text/html")
    deep = "".join(f"--{n}\r\nContent-Type: multipart/mixed; boundary={n + 1}\r\n\r\n" for n in range(20_000))
    yield letter(BOB, ANN, "deep", deep).replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=0")
    parts = "--b\r\nContent-Type: text/html\r\n\r\n<p>x\r\n" * 100_000
    yield letter(BOB, ANN, "parts", parts).replace(
        b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b"
    )
    yield letter(BOB, ", ".join(f"a{n}@b.example" for n in range(100_000)), "crowd", ASK)
    yield letter(BOB, ANN, "nested", "<div>" * 400_000).replace(b"text/plain", b"text/html")


def _worst() -> None:
    """The dearest hostile mail, both directions."""
    times = []
    theirs, envelope = PAST.model_copy(update={"owner": _BOB}), Envelope(sender=BOB, recipients=(ANN,))
    for raw in _hostile():
        times.append(_milliseconds(partial(_read_and_judge, raw)))
        times.append(_milliseconds(partial(_read_and_judge, raw, envelope, theirs)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{'hostile mail, the worst of ' + str(len(times)):42}{max(times):9.0f} ms{memory:10} MB   2,000 ms, 300 MB"
    )


def _cold_start() -> float:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "mail.eml")
        file.write_bytes(letter(ANN, BOB, "Ask", ASK + PITCH))
        command = [str(COLDASK), "check", str(file), "--outgoing", "--owner", ANN, "--json"]
        times = []
        for _ in range(5):
            started = time.perf_counter()
            subprocess.run(command, capture_output=True, check=False)
            times.append(time.perf_counter() - started)
        return min(times)


def main() -> None:
    """Print one line a figure."""
    _speeds()
    _worst()
    print(f"{'coldask check, cold start':42}{_cold_start() * 1000:9.0f} ms{'':13}   600 ms")


if __name__ == "__main__":
    main()
