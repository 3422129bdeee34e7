"""Other filters on the same letters: bogofilter, SpamBayes, rspamd's Bayes, and the rule "file every stranger".

Each letter is judged by filters trained on the letters of the other authors. Usage: python bench/peers.py [--spambayes
DIR] [--write]; what is not installed is left out in words. `--write` puts the figures into docs/peers.md.
"""

import argparse
import asyncio
import email
import importlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from unittest.mock import patch

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded, as proxy/__main__.py does
sys.path.insert(0, str(Path(__file__).parents[1]))

from classifier.hearing.ear import Place, Scores
from classifier.judge import incoming
from classifier.reading.read import read_mail
from classifier.training.corpus import Sample, letters
from models.verdict import Disposition, IncomingVerdict
from proxy.history.evaluation import Evaluation, Graded
from proxy.history.samples import Situations

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "peers.md"
ALLOWED = 0.01  # of the mails that belong in the inbox, wrongly filed


class Peer(Protocol):
    """A filter that learns from labelled mail and gives a probability that a mail is cold."""

    name: str
    cuts: tuple[float, float]  # its own: filed from, unsure from

    def train(self, mails: Sequence[Sample]) -> None: ...

    def ready(self, mails: Sequence[Sample]) -> Sequence[Any]:
        """The mails as it takes them, made before the clock runs."""
        ...

    def scores(self, ready: Sequence[Any]) -> list[float]: ...


class Unasked:
    """Where an ear must be named and none is to be heard."""

    name = "nobody"

    def scores(self, subject: str, text: str, sentences: Sequence[Place]) -> Scores:
        raise AssertionError("somebody asked")


class Result(NamedTuple):
    name: str
    graded: list[Graded]
    seconds: float  # to judge all of them, training left out
    cuts: tuple[float, float] | None


class Bogofilter:
    name, cuts = "bogofilter", (0.99, 0.45)

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def train(self, mails: Sequence[Sample]) -> None:
        shutil.rmtree(self._folder / "db", ignore_errors=True)
        (self._folder / "db").mkdir(parents=True)
        for flag, wanted in (("-s", True), ("-n", False)):
            paths = files_of([m for m in mails if m.wanted == wanted], self._folder / flag)
            run("bogofilter", "-d", str(self._folder / "db"), flag, "-b", stdin="\n".join(paths) + "\n")

    def ready(self, mails: Sequence[Sample]) -> Sequence[str]:
        return files_of(mails, self._folder / "asked")

    def scores(self, ready: Sequence[str]) -> list[float]:
        out = run("bogofilter", "-d", str(self._folder / "db"), "-TT", "-b", stdin="\n".join(ready) + "\n")
        return [float(line.split()[-1]) for line in out.splitlines()]


class SpamBayes:
    name, cuts = "SpamBayes 1.1b3", (0.9, 0.2)

    def __init__(self, folder: Path) -> None:
        sys.path.insert(0, str(folder))
        self._tokens = importlib.import_module("spambayes.tokenizer").tokenize
        self._new = importlib.import_module("spambayes.classifier").Classifier
        self._filter: Any = None

    def train(self, mails: Sequence[Sample]) -> None:
        self._filter = self._new()
        for mail in mails:
            self._filter.learn(self._tokens(email.message_from_bytes(mail.raw)), mail.wanted)

    def ready(self, mails: Sequence[Sample]) -> Sequence[bytes]:
        return [mail.raw for mail in mails]

    def scores(self, ready: Sequence[bytes]) -> list[float]:
        return [self._filter.spamprob(self._tokens(email.message_from_bytes(raw))) for raw in ready]


class Rspamd:
    """Only its Bayes speaks; redis and rspamd run for the time of the measurement, on free ports."""

    name, cuts = "rspamd 3.4 Bayes", (0.95, 0.5)

    def __init__(self, folder: Path, ends: ExitStack) -> None:
        self._folder = folder
        self._redis, self._scan, self._learn = (free_port() for _ in range(3))
        folder.mkdir(parents=True)
        (folder / "rspamd.conf").write_text(
            _RSPAMD.format(at=folder, redis=self._redis, scan=self._scan, learn=self._learn)
        )
        start(
            ends, "redis-server", "--port", self._redis, "--save", "", "--bind", "127.0.0.1", "--dir", folder
        )
        start(ends, "rspamd", "-f", "-u", "root", "-g", "root", "--insecure", "-c", folder / "rspamd.conf")
        for port in (self._redis, self._scan, self._learn):
            await_port(port)

    def train(self, mails: Sequence[Sample]) -> None:
        run("redis-cli", "-p", str(self._redis), "FLUSHALL")
        for how, wanted in (("learn_spam", True), ("learn_ham", False)):
            paths = files_of([m for m in mails if m.wanted == wanted], self._folder / how)
            run("rspamc", "-h", f"127.0.0.1:{self._learn}", "-P", "q1", how, *paths)

    def ready(self, mails: Sequence[Sample]) -> Sequence[str]:
        return files_of(mails, self._folder / "asked")

    def scores(self, ready: Sequence[str]) -> list[float]:
        out = run("rspamc", "-n", "1", "-h", f"127.0.0.1:{self._scan}", "-j", "symbols", *ready)
        found, decoder, at = dict[str, float](), json.JSONDecoder(), 0
        while (at := out.find("{", at)) >= 0:
            document, at = decoder.raw_decode(out, at)
            found[document["filename"]] = _bayes(document["symbols"])
        return [found[path] for path in ready]


def _bayes(symbols: dict[str, Any]) -> float:
    for name, turned in (("BAYES_SPAM", False), ("BAYES_HAM", True)):
        if name in symbols:
            sure = float(symbols[name]["options"][0].rstrip("%")) / 100
            return 1 - sure if turned else sure
    return 0.5


_RSPAMD = """
options {{ pidfile = "{at}/pid"; filters = ""; control_socket = "{at}/sock mode=0600"; history_file = "{at}/history";
  dns {{ nameserver = ["127.0.0.1:1"]; timeout = 0.1s; retransmits = 1; }} }}
logging {{ type = "file"; filename = "{at}/log"; level = "error"; }}
lua = "/usr/share/rspamd/rules/rspamd.lua";
redis {{ servers = "127.0.0.1:{redis}"; }}
worker "normal" {{ bind_socket = "127.0.0.1:{scan}"; count = 1; }}
worker "controller" {{ bind_socket = "127.0.0.1:{learn}"; count = 1; secure_ip = "127.0.0.1"; password = "q1"; }}
classifier "bayes" {{ tokenizer {{ name = "osb"; }} new_schema = true; store_tokens = false; signatures = false;
  min_tokens = 1; min_learns = 1; backend = "redis"; servers = "127.0.0.1:{redis}";
  statfile {{ symbol = "BAYES_HAM"; spam = false; }} statfile {{ symbol = "BAYES_SPAM"; spam = true; }} }}
metric {{ name = "default"; actions {{ reject = 1000; }}
  group "b" {{ symbol "BAYES_SPAM" {{ weight = 1.0; }} symbol "BAYES_HAM" {{ weight = -1.0; }} }} }}
"""


def files_of(mails: Sequence[Sample], folder: Path) -> list[str]:
    """The mails as files, written anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    paths = [folder / f"{number:05}.eml" for number in range(len(mails))]
    for path, mail in zip(paths, mails, strict=True):
        path.write_bytes(mail.raw)
    return [str(path) for path in paths]


def run(*command: str, stdin: str = "") -> str:
    """What a command prints. bogofilter tells its verdict by its exit code."""
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False).stdout


def start(ends: ExitStack, *command: object) -> None:
    process = subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ends.callback(process.wait)
    ends.callback(process.terminate)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def await_port(port: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"Nothing listens on port {port}.")


def measured(peer: Peer, samples: Sequence[Sample]) -> Result:
    """Each author's letters by the filter trained on the others'."""
    graded, seconds = list[Graded](), 0.0
    for author in sorted({s.author for s in samples}):
        peer.train([s for s in samples if s.author != author])
        asked = [s for s in samples if s.author == author]
        ready = peer.ready(asked)
        started = time.perf_counter()
        scores = peer.scores(ready)
        seconds += time.perf_counter() - started
        graded += [grade(s, score, peer.cuts) for s, score in zip(asked, scores, strict=True)]
    return Result(peer.name, graded, seconds, peer.cuts)


def grade(sample: Sample, score: float, cuts: tuple[float, float]) -> Graded:
    file_above, unsure_above = cuts
    disposition = Disposition.FILE if score >= file_above else Disposition.KEEP
    if unsure_above <= score < file_above:
        disposition = Disposition.UNSURE
    return Graded(
        id=sample.id, wanted=sample.wanted, label=sample.expected, accepted=sample.also_ok, kind=sample.family,
        tie=sample.tie, disposition=disposition, probability=score, reason="", sender="", subject="", text="",
    )  # fmt: skip


async def coldask(samples: Sequence[Sample]) -> list[Result]:
    """coldask by its signs, and the rule "file every stranger"; both know the history that comes with each letter.

    Without any ear: the shipped ones have read these letters.
    """
    own, strangers = list[Graded](), list[Graded]()
    seconds = 0.0
    with patch.object(incoming, "listen", lambda mail, _: mail):
        async with Situations() as situations:
            for sample in samples:
                situation = await situations.of(sample)
                raw = sample.raw
                started = time.perf_counter()
                verdict = situation._replace(mail=read_mail(raw)).judged(Unasked())
                seconds += time.perf_counter() - started
                assert isinstance(verdict, IncomingVerdict)
                one = grade(sample, verdict.probability, (1.0, 0.0))
                own.append(one._replace(disposition=verdict.disposition))
                sender = situation.mail.sender
                stranger = sender is not None and situation.past.stranger(sender.address)
                strangers.append(grade(sample, float(stranger), (0.5, 0.5)))
    return [
        Result("coldask, signs alone", own, seconds, None),
        Result("file every stranger", strangers, 0.0, None),
    ]


def within_bounds(graded: Sequence[Graded]) -> float:
    """The share of the cold asks that the best cut would file with 1 in 100 of the others."""
    others = sum(not g.wanted for g in graded)
    best, hits, wrong = 0, 0, 0
    ranked = sorted(graded, key=lambda g: -g.probability)
    for place, one in enumerate(ranked):
        hits, wrong = hits + one.wanted, wrong + (not one.wanted)
        last = place + 1 == len(ranked) or ranked[place + 1].probability < one.probability
        if wrong > ALLOWED * others:
            break
        best = hits if last else best
    return best / sum(g.wanted for g in graded)


def row(result: Result) -> str:
    found = Evaluation(tuple(result.graded))
    count = len(result.graded)
    unsure = sum(g.disposition is Disposition.UNSURE for g in result.graded)
    wrong = sum(g.disposition is Disposition.FILE and not g.wanted for g in result.graded)
    cells = [
        result.name,
        f"{found.hits} of {found.wanted}",
        f"{wrong} of {count - found.wanted}",
        str(unsure),
        *(
            "-" if v is None else f"{v:.3f}"
            for v in (found.precision, found.recall, found.average_precision, found.cost)
        ),
        f"{within_bounds(result.graded):.3f}",
        f"{1000 * result.seconds / count:.1f}" if result.seconds else "-",
    ]
    return f"| {' | '.join(cells)} |"


HEAD = (
    "| filter | cold asks filed | wrongly filed | unsure | precision | recall | average precision | cost a mail "
    "| recall with 1 in 100 wrong | ms a mail |\n|---|---|---|---|---|---|---|---|---|---|"
)


def peers(folder: Path, spambayes: Path | None, ends: ExitStack) -> list[Callable[[], Peer]]:
    made: list[Callable[[], Peer]] = []
    if shutil.which("bogofilter"):
        made.append(lambda: Bogofilter(folder / "bogofilter"))
    else:
        print("bogofilter is not installed: apt-get install bogofilter", file=sys.stderr)
    if spambayes is not None:
        made.append(lambda: SpamBayes(spambayes))
    else:
        print("SpamBayes is left out: python bench/spambayes.py DIR, then --spambayes DIR", file=sys.stderr)
    if shutil.which("rspamd") and shutil.which("redis-server"):
        made.append(lambda: Rspamd(folder / "rspamd", ends))
    else:
        print("rspamd is not installed: apt-get install rspamd redis-server", file=sys.stderr)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--spambayes", type=Path, help="folder that bench/spambayes.py made")
    parser.add_argument("--write", action="store_true", help="put the table into docs/peers.md")
    given = parser.parse_args()
    samples = [s for s in letters(ROOT / "classifier" / "corpus") if not s.outgoing]
    rows = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ends:
        for make in peers(Path(folder), given.spambayes, ends):
            rows.append(row(measured(make(), samples)))
            print(rows[-1], flush=True)
    for result in asyncio.run(coldask(samples)):
        rows.append(row(result))
        print(rows[-1], flush=True)
    if given.write:
        text = PAGE.read_text("utf-8")
        before, mark, rest = text.partition("<!-- figures -->\n")
        _, end, after = rest.partition("<!-- end -->")
        PAGE.write_text("".join((before, mark, "\n".join((HEAD, *rows)), "\n", end, after)), "utf-8")


if __name__ == "__main__":
    main()
