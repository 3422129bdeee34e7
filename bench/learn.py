"""Mails a second learned from an mbox, a Maildir and a local Dovecot, and bytes a mail in the store."""

import asyncio
import os
import random
import re
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from models.past import Owner
from models.settings import ImapTable
from proxy.history.imap import Reader
from proxy.history.learn import learn_source
from proxy.history.sources import open_source
from proxy.mailbox import Mailbox
from proxy.store.database import Store
from proxy.store.positions import Purpose
from tests.servers import certificates
from tests.servers.dovecot import Dovecot

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


async def learn(name: str, path: Path, folder: Path, number: int) -> None:
    """Both passes, timed each; and the store's size."""
    store_path = folder / f"{name}.db"
    async with await Store.open(store_path) as store:
        started, headers = time.perf_counter(), 0.0
        async for tally in learn_source(store, open_source(path), OWNER):
            if not tally.texts:
                headers = time.perf_counter() - started
        whole = time.perf_counter() - started
        await store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = store_path.stat().st_size
    print(
        f"{name:8} {number:,} mails: headers {number / headers:,.0f}/s, texts {number / (whole - headers):,.0f}/s, "
        f"together {number / whole:,.0f}/s; {size / number:,.0f} bytes a mail in the store"
    )


async def learn_imap(everything: list[bytes], folder: Path) -> None:
    """The header pass from a local Dovecot: connecting, fetching, remembering."""
    with Dovecot(certificates.make(folder)) as server:
        user = server.user()
        server.append(user, "INBOX", everything)
        table = ImapTable(
            host="127.0.0.1", port=server.imap_port, security="plaintext", username=user.address,
            password_env="BENCH_PASSWORD", history=["INBOX"],
        )  # fmt: skip
        os.environ["BENCH_PASSWORD"] = user.password
        async with await Store.open(folder / "imap.db") as store, await Mailbox.open("bench", table) as box:
            started = time.perf_counter()
            reader = Reader("bench", box, store, OWNER, lambda: datetime.now(UTC))
            await reader.learn(Purpose.LEARN)
            seconds = time.perf_counter() - started
    print(f"Dovecot  {len(everything):,} mails: headers {len(everything) / seconds:,.0f}/s")


def main() -> None:
    """`bench/learn.py [MAILS]`."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    everything = mails(number)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "m" / "cur").mkdir(parents=True)
        (folder / "m" / "new").mkdir()
        for i, raw in enumerate(everything):
            (folder / "m" / "cur" / f"1577836800.{i:07}.x:2,S").write_bytes(raw)
        box = folder / "box"
        box.write_bytes(b"".join(b"From x Mon Jan  1 10:00:00 2024\n" + raw + b"\n" for raw in everything))
        asyncio.run(learn("mbox", box, folder, number))
        asyncio.run(learn("Maildir", folder / "m", folder, number))
        if shutil.which("dovecot"):
            asyncio.run(learn_imap(everything[:5_000], folder))  # appending them takes longer than reading


if __name__ == "__main__":
    main()
