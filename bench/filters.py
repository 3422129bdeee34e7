"""The filters that coldask stands beside in bench/peers.py: bogofilter, SpamBayes, and rspamd's Bayes."""

import email
import importlib
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

from classifier.training.corpus import Sample


class Peer(Protocol):
    """A filter that learns from labelled mail and gives a probability that a mail is cold."""

    name: str
    cuts: tuple[float, float]  # its own: filed from, unsure from

    def train(self, mails: Sequence[Sample]) -> None: ...

    def ready(self, mails: Sequence[Sample]) -> Sequence[Any]:
        """The mails as it takes them, made before the clock runs."""
        ...

    def scores(self, ready: Sequence[Any]) -> list[float]: ...


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
            found[document["filename"]] = spam_probability(document["symbols"])
        return [found[path] for path in ready]


def spam_probability(symbols: dict[str, Any]) -> float:
    """The probability of spam. rspamd shows how far it is from one half, in hundredths of the way to 0 or to 1, and
    nothing where that is less than ten (bayes_classify in its src/libstat/classifiers/bayes.c).
    """
    for name, towards in (("BAYES_SPAM", 1), ("BAYES_HAM", -1)):
        if name in symbols:
            sure = float(symbols[name]["options"][0].rstrip("%")) / 100
            return (1 + towards * sure) / 2
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


def installed(folder: Path, spambayes: Path | None, ends: ExitStack) -> list[Peer]:
    """The filters that are here, each in a folder of its own; of each other one a sentence on stderr."""
    found: list[Peer] = []
    if shutil.which("bogofilter"):
        found.append(Bogofilter(folder / "bogofilter"))
    else:
        print("bogofilter is not installed: apt-get install bogofilter", file=sys.stderr)
    if spambayes is not None:
        found.append(SpamBayes(spambayes))
    else:
        print("SpamBayes is left out: python bench/spambayes.py DIR, then --spambayes DIR", file=sys.stderr)
    if shutil.which("rspamd") and shutil.which("redis-server"):
        found.append(Rspamd(folder / "rspamd", ends))
    else:
        print("rspamd is not installed: apt-get install rspamd redis-server", file=sys.stderr)
    return found
