"""A provider that takes everything and keeps nothing: the floor the relay is measured against.

`python bench/sink.py` prints its port and serves until its stdin ends. AUTH is granted to anybody.
"""

import asyncio
import sys

OFFERED = (b"sink.example", b"8BITMIME", b"SMTPUTF8", b"SIZE 52428800", b"PIPELINING")
EHLO = b"".join(b"250-" + word + b"\r\n" for word in OFFERED) + b"250 AUTH PLAIN LOGIN\r\n"
FIXED = {
    b"MAIL": b"250 2.1.0 ok\r\n",
    b"RCPT": b"250 2.1.5 ok\r\n",
    b"AUTH": b"235 2.7.0 ok\r\n",
    b"EHLO": EHLO,
}


class Sink(asyncio.Protocol):
    """One session."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.buffer = b""
        self.in_data = False
        transport.write(b"220 sink.example ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self._step():
            pass

    def _step(self) -> bool:
        """One command or one mail out of the buffer; False when more must come first."""
        if self.in_data:
            if self.buffer.startswith(b".\r\n"):
                end = 3
            elif (at := self.buffer.find(b"\r\n.\r\n")) >= 0:
                end = at + 5
            else:
                return False
            self.buffer, self.in_data = self.buffer[end:], False
            self.transport.write(b"250 2.0.0 Ok: queued as 1\r\n")
            return True
        line, found, rest = self.buffer.partition(b"\r\n")
        if not found:
            return False
        self.buffer = rest
        self._answer(line[:4].upper())
        return True

    def _answer(self, verb: bytes) -> None:
        if verb == b"DATA":
            self.in_data = True
            self.transport.write(b"354 go on\r\n")
        elif verb == b"QUIT":
            self.transport.write(b"221 2.0.0 bye\r\n")
            self.transport.close()
        else:
            self.transport.write(FIXED.get(verb, b"250 2.0.0 ok\r\n"))


async def serve() -> None:
    """Serve until stdin ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Sink, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
