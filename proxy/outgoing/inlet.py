"""What a client sends, read in blocks: command lines, and a mail up to its final dot.

Only CR LF . CR LF ends a mail. Everything else that looks like an end is part of it (SMTP smuggling, 2023).
"""

import asyncio

BLOCK = 64 * 1024
PATIENCE = 4  # a mail that is too large is read to its end up to this many times the limit
_END = b"\r\n.\r\n"


class TooLong(ValueError):
    """A line was longer than allowed (it has been read to its end and thrown away), or a mail has no end."""


class Gone(ConnectionError):
    """The client hung up."""


class Inlet:
    """Reads from a stream with a buffer of its own, so that pipelined commands wait their turn.

    Every method raises Gone when the client hung up, TimeoutError when it said nothing for `idle` seconds.
    """

    def __init__(self, reader: asyncio.StreamReader, idle: float = 300.0) -> None:
        self._reader = reader
        self._idle = idle
        self._buffer = bytearray()

    @property
    def ended(self) -> bool:
        """The client hung up, and there is nothing left to read: nobody waits for an answer."""
        return not self._buffer and self._reader.at_eof()

    async def first(self) -> int:
        """The first byte that waits, left where it is."""
        if not self._buffer:
            await self._more()
        return self._buffer[0]

    async def line(self, limit: int) -> bytes:
        """One line without its end (CRLF or LF). Raises TooLong beyond `limit` bytes."""
        seen, long = 0, False
        while (end := self._buffer.find(b"\n", seen)) < 0:
            seen = len(self._buffer)
            if seen > limit + 1:
                long, seen = True, 0
                self._buffer.clear()
            await self._more()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        if long or end > limit + 1:
            raise TooLong(f"more than {limit} bytes")
        return line.removesuffix(b"\r")

    async def mail(self, limit: int) -> bytes | None:
        """The mail up to its final dot, dots unstuffed; None where it is larger than `limit` bytes: then it
        was read to its end without being kept. Raises TooLong where that end does not come.
        """
        mail = self._buffer
        mail[:0] = b"\r\n"  # the end of the command line before it: a mail may be empty
        self._buffer = bytearray()
        seen, dropped = 0, 0
        while (end := mail.find(_END, seen)) < 0:
            seen = max(0, len(mail) - len(_END) + 1)
            if len(mail) > limit + limit // 8 + BLOCK:  # stuffing adds dots
                dropped += seen
                del mail[:seen]
                seen = 0
                if dropped > PATIENCE * limit:
                    raise TooLong("a mail without an end")
            await self._more()
            mail += self._buffer
            self._buffer.clear()
        self._buffer = mail[end + len(_END) :]
        del mail[end + 2 :]
        if dropped:
            return None
        found = unstuffed(mail)
        return None if len(found) > limit else found

    async def _more(self) -> None:
        async with asyncio.timeout(self._idle):
            block = await self._reader.read(BLOCK)
        if not block:
            raise Gone("the client hung up")
        self._buffer += block


def unstuffed(mail: bytearray) -> bytes:
    """The bytes after the first CRLF with the stuffed dots taken out (RFC 5321, 4.5.2)."""
    return bytes(memoryview(mail.replace(b"\r\n.", b"\r\n"))[2:])
