"""Mails a second learned from an mbox, a Maildir and a local Dovecot, and bytes a mail in the store."""

import asyncio
import mailbox
import os
import random
import re
import shutil
import socket
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from models.past import Owner
from models.settings import ImapTable
from proxy.history.imap import FIELDS, Reader
from proxy.history.learn import learn_source
from proxy.history.sources import open_source
from proxy.mailbox import Mailbox
from proxy.store.database import Store
from proxy.store.positions import Purpose
from tests.servers import certificates
from tests.servers.dovecot import Dovecot, User

ANN = "ann@quay.example"
OWNER = Owner(addresses=frozenset({ANN}), internal_domains=frozenset({"quay.example"}))
WORDS = re.findall(
    r"\w+",
    "the harbour boat rope flour bread mill letter answer Thursday morning cousin market repaired summer children "
    "green old north pier would like could bring show names talk about friend price kitchen window painted",
)
START = datetime(2020, 1, 1, tzinfo=UTC)


def mails(number: int) -> list[bytes]:
    """Invented mail: 40 % newsletters, a third of the rest the owner's, answers in threads."""
    chance, found = random.Random(7), []
    for i in range(number):
        person = chance.randrange(max(400, number // 50))
        who = f"Person{person} Fox <p{person}@x{person % 60}.example>"
        bulk, mine = chance.random() < 0.4, chance.random() < 0.33
        pair = (ANN, who) if mine and not bulk else (who, ANN)
        text = "\n".join(" ".join(chance.choices(WORDS, k=12)) + "." for _ in range(chance.randrange(3, 25)))
        date = (START + timedelta(minutes=20 * i)).strftime("%a, %d %b %Y %H:%M:%S +0000")
        found.append(
            f"Received: from mx.example by mx.quay.example; {date}\nFrom: {pair[0]}\nTo: {pair[1]}\n"
            f"Subject: {'Re: ' if i % 2 else ''}note {i // 4}\nDate: {date}\nMessage-ID: <{i}@x.example>\n"
            + (f"In-Reply-To: <{i - 1}@x.example>\nReferences: <{i - 1}@x.example>\n" if i % 2 else "")
            + ("List-Id: <news.x.example>\nList-Unsubscribe: <mailto:off@x.example>\n" if bulk else "")
            + f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n".encode().decode()
        )
    return [one.encode() for one in found]


class Watch:
    """Seconds on the clock and of this process's CPU since it was made."""

    def __init__(self) -> None:
        self._clock, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        """Clock, CPU."""
        return time.perf_counter() - self._clock, time.process_time() - self._cpu


def rate(number: int, seconds: tuple[float, float]) -> str:
    """Mails a second on the clock, and a second of CPU."""
    return f"{number / seconds[0]:,.0f}/s ({number / seconds[1]:,.0f} a CPU second)"


async def learn(name: str, path: Path, folder: Path, number: int) -> float:
    """Both passes, timed each; and the store's size. CPU seconds of both."""
    store_path = folder / f"{name}.db"
    async with await Store.open(store_path) as store:
        watch, headers = Watch(), (0.0, 0.0)
        async for tally in learn_source(store, open_source(path), OWNER):
            if not tally.texts:
                headers = watch.read()
        both = watch.read()
        await store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = store_path.stat().st_size
    print(
        f"{name:8} {number:,} mails: headers {rate(number, headers)}, both passes {rate(number, both)}; "
        f"{size / number:,.0f} bytes a mail in the store"
    )
    return both[1]


def walk(path: Path) -> float:
    """CPU seconds for Python's own mailbox.mbox to parse the same mails: what learning is compared with."""
    watch = Watch()
    number = sum(1 for mail in mailbox.mbox(path) if mail["From"])
    seconds = watch.read()
    print(f"mailbox.mbox of Python alone, {number:,} mails parsed: {rate(number, seconds)}")
    return seconds[1]


def fetch_raw(port: int, user: User, number: int) -> tuple[float, float]:
    """Clock and CPU seconds to have the same fields of all mails sent, and not read them."""
    with socket.create_connection(("127.0.0.1", port)) as server, server.makefile("rb") as lines:
        server.sendall(f"a LOGIN {user.address} {user.password}\r\nb EXAMINE INBOX\r\n".encode())
        while not next(lines).startswith(b"b "):
            pass
        watch = Watch()
        for start in range(1, number + 1, 1000):
            uids = b",".join(b"%d" % uid for uid in range(start, min(start + 1000, number + 1)))
            names = " ".join(sorted(FIELDS)).upper().encode()
            server.sendall(
                b"c UID FETCH %b (UID INTERNALDATE BODY.PEEK[HEADER.FIELDS (%b)])\r\n" % (uids, names)
            )
            tail = b""
            while b"\r\nc OK" not in tail:
                tail = tail[-100:] + server.recv(1 << 18)
        return watch.read()


async def learn_imap(everything: list[bytes], folder: Path) -> None:
    """The header pass from a local Dovecot: connecting, fetching, remembering."""
    number = len(everything)
    with Dovecot(certificates.make(folder)) as server:
        user, warm = server.user(), server.user()
        for one in (user, warm):
            server.fill(one, everything)
        table = ImapTable(
            host="127.0.0.1", port=server.imap_port, security="plaintext", username=user.address,
            password_env="BENCH_PASSWORD", history=["INBOX"],
        )  # fmt: skip
        os.environ["BENCH_PASSWORD"] = user.password
        raw = fetch_raw(server.imap_port, warm, number)
        async with await Store.open(folder / "imap.db") as store:
            watch = Watch()
            async with await Mailbox.open("bench", table) as box:
                reader = Reader("bench", box, store, OWNER, lambda: datetime.now(UTC))
                await reader.learn(Purpose.LEARN)
            headers = watch.read()
    print(
        f"Dovecot  {number:,} mails: headers {rate(number, headers)}, {headers[0] / raw[0]:.1f} times a raw FETCH"
    )


def main() -> None:
    """`bench/learn.py [MAILS]`."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    everything = mails(number)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "m" / "cur").mkdir(parents=True)
        (folder / "m" / "new").mkdir()
        for i, raw in enumerate(everything):
            (folder / "m" / "cur" / f"1577836800.{i:07}.x:2,S").write_bytes(raw)
        box = folder / "box"
        box.write_bytes(b"".join(b"From x Mon Jan  1 10:00:00 2024\n" + raw + b"\n" for raw in everything))
        walked = walk(box)
        for kind, path in (("mbox", box), ("Maildir", folder / "m")):
            print(
                f"         {asyncio.run(learn(kind, path, folder, number)) / walked:.1f} times mailbox.mbox"
            )
        if shutil.which("dovecot"):
            asyncio.run(learn_imap(everything, folder))


if __name__ == "__main__":
    main()
