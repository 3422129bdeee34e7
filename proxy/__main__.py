"""The entry: `coldask …` and `python -m proxy …`. Every failure ends in one sentence and an exit code."""

import os
import signal
import sys
from types import FrameType  # nothing that takes time, until Ctrl-C is dealt with

INTERRUPTED = "coldask: interrupted."

# numpy's arithmetic on one core, settled before anybody imports it. Threads on every core wait for each other
# on a machine that does other work: a letter by the encoder took 0.2 s on one core, 0.6 to 3 s on both.
_ONE_CORE = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def main() -> None:
    """Run the command line. Exit 0 fine, 1 `check` would hold or file, 2 usage or configuration, 3 the outside."""
    heard = (
        signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
    )  # ignored: begun in the background by a shell
    if heard:
        signal.signal(signal.SIGINT, _interrupted)
    for name in _ONE_CORE:
        os.environ.setdefault(name, "1")
    try:
        _run()
    finally:
        if heard:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # what is left to end has no words to say


def _interrupted(number: int, frame: FrameType | None) -> None:
    """Ctrl-C raises KeyboardInterrupt, but not within an import: Python loses it there, or shows a traceback."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            os.write(2, f"{INTERRUPTED}\n".encode())
            os._exit(130)
        frame = frame.f_back
    raise KeyboardInterrupt


def _run() -> None:
    from models.errors import ColdaskError

    if sys.argv[0].rpartition("/")[2] == "sendmail":  # under the name that programs call
        sys.argv.insert(1, "sendmail")
    try:
        from proxy.cli import app

        code = app(prog_name="coldask", standalone_mode=False)
        if code == 130:  # typer's word for it
            raise KeyboardInterrupt
        raise SystemExit(code if isinstance(code, int) else 0)
    except ColdaskError as error:
        print(f"coldask: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        print(INTERRUPTED, file=sys.stderr)
        raise SystemExit(130) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except Exception as error:
        format_message = getattr(error, "format_message", None)
        if format_message is not None:  # typer's own, from its copy of click or from click itself
            raise SystemExit(_misused(format_message().strip(), getattr(error, "ctx", None))) from None
        if os.environ.get("COLDASK_DEBUG"):
            raise
        print(
            f"coldask: this should not have happened ({type(error).__name__}: {error}); "
            "set COLDASK_DEBUG=1 to see where, and please report it.",
            file=sys.stderr,
        )
        raise SystemExit(3) from None


def _misused(said: str, context: object) -> int:
    """A command line that cannot be understood, in one sentence; the help where no command was given."""
    if "\n" in said:
        print(said, file=sys.stderr)
    else:
        path = getattr(context, "command_path", "coldask")
        said = said if said.endswith((".", "?")) else f"{said}."
        print(f"coldask: {said} `{path} --help` shows how.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
