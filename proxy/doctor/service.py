"""Does the service run, is it of this version, and is the port it listens on its own?"""

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any, Final

from models.errors import ColdaskError
from models.settings import Settings
from proxy.config import store_path
from proxy.control import call
from proxy.doctor.line import Line, fail, ok, warn
from proxy.encoder import ear_of
from proxy.outgoing.login import GREETING

_SECONDS: Final = 5.0
About = Mapping[str, Any]


async def ask_service(settings: Settings) -> tuple[About | None, Line]:
    """What the running service says of itself, None where none runs, and the line about it."""
    try:
        async with asyncio.timeout(_SECONDS):
            found: About = await call(store_path(settings), "about", {})
    except ConnectionError:
        return None, warn("service", "does not run, so mail clients cannot send", "start `coldask run`")
    except TimeoutError:
        text = f"runs, but gave no answer in {_SECONDS:.0f} seconds"
        return {}, fail("service", text, "look at its log, and start it again")
    except (ColdaskError, OSError) as error:
        return {}, warn(
            "service", f"runs, but cannot answer: {error}", "start it again: it may be of another version"
        )
    if found["version"] != version("coldask"):
        text = f"runs with version {found['version']}, this is {version('coldask')}"
        return found, warn("service", text, "start the service again")
    if set(found["accounts"]) != set(settings.accounts):
        text = "runs with another configuration: its accounts are " + ", ".join(found["accounts"])
        return found, warn("service", text, "start the service again")
    return found, ok("service", f"runs (process {found['pid']}), hears with the {found['ear']}")


def trouble_of(about: About | None, settings: Settings) -> Iterator[Line]:
    """What the service met with since it started, and what came after it started."""
    if about and about.get("trouble"):
        text = f"the service could not use it: {about['trouble']}"
        yield warn("encoder", text, "run `coldask encoder status`, then start the service again")
    elif about and about.get("ear") == "core" and ear_of(settings, lambda _: None) is not None:
        text = "installed, but the running service does not use it yet and hears with the core"
        yield warn("encoder", text, "start the service again")


async def look_at_port(settings: Settings, *, service: bool) -> Line:
    """Who listens where mail clients are to connect?"""
    host, port = settings.listen.host, settings.listen.port
    where = f"{host}:{port}"
    greeting = await _greeting(host, port)
    if greeting is None:
        return _could_listen(host, port) if not service else fail(
            "port", f"the service does not listen at {where}", "start it again: its configuration has changed"
        )  # fmt: skip
    if not greeting.endswith(GREETING):
        return fail("port", f"another program listens at {where}", "end it, or write another [listen] port")
    if not service:
        return fail(
            "port", f"a coldask with another store listens at {where}", "end it, or write another port"
        )
    return ok("port", f"mail clients connect to {where}")


async def _greeting(host: str, port: int) -> str | None:
    """The first line whoever listens there says, "" for silence; None where nobody listens."""
    try:
        async with asyncio.timeout(_SECONDS):
            reader, writer = await asyncio.open_connection(host, port, limit=1000)
    except (OSError, TimeoutError):
        return None
    try:
        async with asyncio.timeout(_SECONDS):
            return (await reader.readline()).decode("utf-8", "replace").rstrip()
    except (OSError, TimeoutError, ValueError):
        return ""
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def _could_listen(host: str, port: int) -> Line:
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        text = f"nothing can listen at {host}:{port}: {error.strerror}"
        return fail("port", text, "write another host or port in [listen]; below 1024 only root listens")
    return ok("port", f"{host}:{port} is free for mail clients to connect to")
