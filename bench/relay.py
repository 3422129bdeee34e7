"""How many mails a second pass through coldask, beside the same load on the same sink directly.

Both sides run in turn, several times, so that a busy machine slows them alike; the ratio is what counts.
"""

import argparse
import asyncio
import base64
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.servers.dovecot import User
from tests.servers.service import Service

ANN, BOB = "ann@example.org", "bob@outside.example"
HERE = Path(__file__).parent


def _mail(size: int) -> bytes:
    head = f"From: {ANN}\r\nTo: {BOB}\r\nSubject: Minutes\r\nDate: Mon, 3 Mar 2025 10:00:00 +0000\r\n\r\n"
    line = "The minutes of Tuesday are done, and the next meeting is in the small room.\r\n"
    return (head + line * (1 + (size - len(head)) // len(line))).encode()


def _own(mail: bytes, session: int, number: int) -> bytes:
    """The mail as this session's own: the very same mail twice is known as a client's retry."""
    return mail.replace(b"Minutes", f"Minutes {session}.{number}".encode(), 1)


async def _session(port: int, login: str, mails: int, mail: bytes, session: int) -> None:
    """One client: logs in once, sends its mails one after another."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)

    async def say(line: bytes, wanted: bytes) -> None:
        writer.write(line)
        while True:
            reply = await reader.readline()
            if reply[3:4] != b"-":
                break
        if not reply.startswith(wanted):
            raise SystemExit(f"expected {wanted!r}, got {reply!r}")

    await say(b"", b"220")
    await say(b"EHLO bench\r\n", b"250")
    await say(b"AUTH PLAIN " + base64.b64encode(f"\0coldask\0{login}".encode()) + b"\r\n", b"235")
    for number in range(mails):
        await say(f"MAIL FROM:<{ANN}>\r\n".encode(), b"250")
        await say(f"RCPT TO:<{BOB}>\r\n".encode(), b"250")
        await say(b"DATA\r\n", b"354")
        await say(_own(mail, session, number) + b".\r\n", b"250")
    await say(b"QUIT\r\n", b"221")
    writer.close()


async def _load(port: int, login: str, clients: int, mails: int, mail: bytes) -> float:
    """Mails a second over all clients."""
    started = time.perf_counter()
    await asyncio.gather(*(_session(port, login, mails, mail, n) for n in range(clients)))
    return clients * mails / (time.perf_counter() - started)


def _measure(service: Service, sink: int, size: int, args: argparse.Namespace) -> None:
    mail = _mail(size)
    mails = max(5, args.mails * 4000 // max(size, 4000))
    direct, through = [], []
    for _ in range(args.rounds):
        direct.append(asyncio.run(_load(sink, "", args.clients, mails, mail)))
        through.append(asyncio.run(_load(service.port, service.password, args.clients, mails, mail)))
    best, ours = max(direct), max(through)
    figures = f"direct {best:>8,.0f}/s  coldask {ours:>7,.0f}/s  ratio {ours / best:.3f}"
    print(f"{size:>9,} bytes  {figures}", flush=True)


def main() -> None:
    """Print one line a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=10)
    parser.add_argument("--mails", type=int, default=100, help="a client, at 4,000 bytes; fewer where larger")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=[4_000, 50_000, 1_000_000])
    args = parser.parse_args()
    sink = subprocess.Popen(
        [sys.executable, HERE / "sink.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert sink.stdout is not None
    port = int(sink.stdout.readline())
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder))
        service.account("work", User(ANN), {"host": "127.0.0.1", "port": port, "security": "plaintext"})
        service.learn()
        service.start()
        try:
            for size in args.sizes:
                _measure(service, port, size, args)
        finally:
            service.stop()
            sink.terminate()


if __name__ == "__main__":
    main()
