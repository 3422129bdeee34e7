"""The control socket: the command line asks the running service, one JSON object a line, both ends here.

A question is `{"op": …, "args": {…}}`; the answer any number of `{"progress": …}`, then `{"result": …}` or
`{"error": …, "exit": …}`. The socket is 0600 beside the store, and only the service's own user is answered.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import socket
import stat
import struct
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from models.errors import ColdaskError, OutsideError, StoreError
from proxy.desk import Desk, run_operation

LINE = 64 * 1024 * 1024  # an answer may carry a whole held mail
LONGEST_PATH = 100  # a unix socket's path ends at 104 (macOS) or 108 bytes
_NAME = 30  # of a socket in the private folder


class Refused(ColdaskError):
    """The service's answer to a question was an error: its sentence, and the exit code it asks for."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


def socket_path(store: Path) -> Path:
    """Where the service of this store listens: beside it, or in a private folder where that is too long."""
    beside = store.absolute().with_name(store.name + ".sock")
    if len(os.fsencode(beside)) <= LONGEST_PATH:
        return beside
    return _private() / f"{hashlib.blake2b(os.fsencode(beside), digest_size=12).hexdigest()}.sock"


def _private() -> Path:
    """The user's own folder for such sockets; not in TMPDIR where that is too long itself."""
    name = f"coldask-{os.getuid()}"
    folder = Path(tempfile.gettempdir()) / name
    return folder if len(os.fsencode(folder)) <= LONGEST_PATH - _NAME else Path("/tmp") / name  # noqa: S108


class Control:
    """The service's end. Open it under the store's lock: a socket file left by a crash is replaced."""

    def __init__(self, desk: Desk, path: Path) -> None:
        self._desk = desk
        self._path = path
        self._server: asyncio.Server | None = None
        self._calls: set[asyncio.Task[None]] = set()

    @classmethod
    async def open(cls, desk: Desk, store: Path) -> Self:
        """Listen. Raises StoreError where the socket cannot be made."""
        control = cls(desk, socket_path(store))
        try:
            listening = _bind(control._path)
        except OSError as e:
            raise StoreError(
                f"The control socket {control._path} cannot be made: {e.strerror or e}."
            ) from None
        control._server = await asyncio.start_unix_server(control._answer, sock=listening, limit=LINE)
        return control

    async def close(self, patience: float = 5.0) -> None:
        """Take no more questions, wait for those under way, then cut them."""
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)
        if self._calls:
            await asyncio.wait(self._calls, timeout=patience)
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
        try:
            if _peer_uid(writer) in (None, os.getuid()):
                line = await reader.readline()
                if line:
                    await self._run(line, writer)
        except (ConnectionError, ValueError):
            pass  # the asker has gone, or sent a line without an end
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _run(self, line: bytes, writer: asyncio.StreamWriter) -> None:
        try:
            question = json.loads(line)
            name, args = question["op"], question.get("args") or {}
            async with contextlib.aclosing(run_operation(self._desk, name, args)) as messages:  # type: ignore[type-var]
                async for message in messages:
                    await _send(writer, message)
        except ConnectionError:
            raise
        except ColdaskError as e:
            await _send(writer, {"error": str(e), "exit": e.exit_code})
        except Exception as e:
            self._desk.journal.trouble("control", type(e).__name__)
            words = f"this should not have happened ({type(e).__name__}: {e}); please report it."
            await _send(writer, {"error": words, "exit": 3})


async def call(
    store: Path, op: str, args: Mapping[str, Any], on_progress: Callable[[Any], None] = lambda _: None
) -> Any:
    """Ask the service of this store. Raises ConnectionError where none listens, Refused with its words."""
    try:
        reader, writer = await asyncio.open_unix_connection(str(socket_path(store)), limit=LINE)
    except FileNotFoundError as e:
        raise ConnectionRefusedError(*e.args) from None
    try:
        await _send(writer, {"op": op, "args": dict(args)})
        while line := await reader.readline():
            message = json.loads(line)
            if "error" in message:
                raise Refused(message["error"], message["exit"])
            if "result" in message:
                return message["result"]
            on_progress(message.get("progress"))
        raise OutsideError("The service ended before it had answered; look at its log, and ask again.")
    except ConnectionError:
        raise OutsideError("The service broke off before it had answered; ask again.") from None
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def _send(writer: asyncio.StreamWriter, message: Mapping[str, Any]) -> None:
    writer.write(json.dumps(message, default=str).encode() + b"\n")
    await writer.drain()


def _bind(path: Path) -> socket.socket:
    """A listening socket that was never open to others. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.parent == _private():
        _check_private(path.parent)
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        listening.bind(str(path))
    except BaseException:
        listening.close()
        raise
    finally:
        os.umask(mask)
    return listening


def _check_private(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(1, f"{folder} is not a private folder of yours")


def _peer_uid(writer: asyncio.StreamWriter) -> int | None:
    """Who is at the other end; None where the system does not say (then the file's mode is what protects)."""
    if not hasattr(socket, "SO_PEERCRED"):
        return None
    found = writer.get_extra_info("socket").getsockopt(
        socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")
    )
    uid: int = struct.unpack("3i", found)[1]
    return uid
