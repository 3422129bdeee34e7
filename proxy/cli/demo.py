"""`coldask demo`: the whole program on a sandbox, in a story a newcomer understands."""

from typing import TYPE_CHECKING, Annotated

import typer

from proxy.cli import render
from proxy.cli.options import Json, Unread, run_async

if TYPE_CHECKING:  # the demo's parts are heavy: imported where they are used
    from proxy.demo.play import Scene
    from proxy.demo.stage import Stage

WIDTH = 78


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="End after the play; exit 0 only if all came out as announced.")
    ] = False,
    config: Unread = None,
    json: Json = False,
) -> None:
    """Play a morning of mail on a sandbox provider, with the real proxy and the real watcher.

    Nothing of yours is touched: the provider, the mailbox, the configuration and the store are made for the
    demo and gone at its end. Afterwards it stays up for you to point a mail client at, until Ctrl-C.

    Example: coldask demo --once
    """
    from asyncio import CancelledError

    try:
        run_async(_demo(once, json))
    except CancelledError:  # in the middle of the play
        raise KeyboardInterrupt from None


async def _demo(once: bool, json: bool) -> None:
    import asyncio
    import contextlib
    import time
    from datetime import UTC, datetime

    from models.errors import OutsideError
    from proxy.demo.play import Act, Scene, play
    from proxy.demo.stage import set_up

    now, began = datetime.now(UTC), time.monotonic()
    scenes: list[Scene] = []
    _end_by_signal()
    if not json:
        render.say("coldask demo: Mia's mail, one morning. A sandbox provider, the real proxy and watcher.\n")
    async with set_up(now) as stage:
        async for scene in play(stage, now):
            if isinstance(scene, Scene):
                scenes.append(scene)
            if not json:
                render.say(_heading(scene.title) if isinstance(scene, Act) else _lines(scene))
        wrong = [scene for scene in scenes if not scene.right]
        if json:
            render.print_json([{**scene.model_dump(mode="json"), "right": scene.right} for scene in scenes])
        else:
            render.say(_tally(scenes, time.monotonic() - began))
        if not once:
            render.tell(_settings(stage))
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
    if wrong:
        told = "; ".join(f"{s.title} ({s.came}, not {s.expected})" for s in wrong)
        raise OutsideError(f"{len(wrong)} of {len(scenes)} did not come out as announced: {told}.")


def _end_by_signal() -> None:
    """Ctrl-C and SIGTERM cancel the work, so that the service ends in order and the temporary folder goes."""
    import asyncio
    import signal

    work = asyncio.current_task()
    assert work is not None
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, work.cancel)


def _heading(title: str) -> str:
    return f"\n{_bold(title)}\n"


def _lines(scene: "Scene") -> str:
    import textwrap

    mark = _paint("✓", 32) if scene.right else _paint(f"✗ expected {scene.expected}:", 31)
    title = textwrap.fill(scene.title, WIDTH - 12, subsequent_indent=" " * 12)
    lines = [f"{mark} {_paint(f'{scene.came:<9}', _COLOURS.get(scene.came, 0))} {title}"]
    for words in scene.words:
        lines += textwrap.wrap(render.safe(words), WIDTH, initial_indent=" " * 12, subsequent_indent=" " * 12)
    return "\n".join(lines)


_COLOURS = {"held": 33, "filed": 36, "released": 32}


def _tally(scenes: "list[Scene]", seconds: float) -> str:
    from collections import Counter

    counts = Counter(s.came for s in scenes)
    told = ", ".join(f"{number} {what}" for what, number in counts.items())
    right = sum(s.right for s in scenes)
    return f"\n{told}: {right} of {len(scenes)} as announced, in {seconds:.0f} s."


def _settings(stage: "Stage") -> str:
    user, config, provider = stage.provider.user, f"--config {stage.config}", stage.provider
    coldask = _command()
    return (
        "\nIt stays up. Point a mail client at it, as the sandbox's only user:\n"
        f"  outgoing (SMTP)  127.0.0.1:{stage.port}, no encryption, login coldask, password {stage.password}\n"
        f"  incoming (IMAP)  127.0.0.1:{provider.imap_port}, no encryption, login {user}, "
        f"password {provider.password}\n"
        f"  your address     {user}\n\nor look around from another terminal:\n"
        f"  {coldask} held list {config}\n  {coldask} asks {config}\n  {coldask} people {config}\n\n"
        "Ctrl-C ends it."
    )


def _command() -> str:
    """What to type for coldask: `make demo` puts it into `.venv`, which is on nobody's PATH."""
    import shutil
    import sys
    from pathlib import Path

    return "coldask" if shutil.which("coldask") else str(Path(sys.executable).parent / "coldask")


def _bold(text: str) -> str:
    return _paint(text, 1)


def _paint(text: str, code: int) -> str:
    import os
    import sys

    if not code or os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return text
    return f"\x1b[{code}m{text}\x1b[0m"
