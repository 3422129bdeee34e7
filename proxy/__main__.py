"""The entry: `coldask …` and `python -m proxy …`. Every failure ends in one sentence and an exit code."""

import os
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Run the command line. Exit 0 fine, 1 `check` would hold or file, 2 usage or configuration, 3 the outside."""
    from models.errors import ColdaskError

    if Path(sys.argv[0]).name == "sendmail":  # under the name that programs call
        sys.argv.insert(1, "sendmail")
    try:
        from proxy.cli import app

        code = app(prog_name="coldask", standalone_mode=False)
        raise SystemExit(code if isinstance(code, int) else 0)
    except ColdaskError as error:
        print(f"coldask: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        print("coldask: interrupted.", file=sys.stderr)
        raise SystemExit(130) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except Exception as error:
        if hasattr(error, "format_message"):  # typer's own, from its copy of click or from click itself
            raise SystemExit(_misused(error)) from None
        if os.environ.get("COLDASK_DEBUG"):
            raise
        print(
            f"coldask: this should not have happened ({type(error).__name__}: {error}); "
            "set COLDASK_DEBUG=1 to see where, and please report it.",
            file=sys.stderr,
        )
        raise SystemExit(3) from None


def _misused(error: Any) -> int:
    """A command line that cannot be understood, in one sentence; the help where no command was given."""
    context = getattr(error, "ctx", None)
    said = error.format_message().strip()
    if "\n" in said:
        print(said, file=sys.stderr)
    else:
        path = context.command_path if context else "coldask"
        said = said if said.endswith((".", "?")) else f"{said}."
        print(f"coldask: {said} `{path} --help` shows how.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
