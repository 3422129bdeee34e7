"""The entry: `coldask …` and `python -m proxy …`. Every failure ends in one sentence and an exit code."""

import os
import sys


def main() -> None:
    """Run the command line. Exit 0 fine, 1 `check` would hold or file, 2 usage or configuration, 3 the outside."""
    from models.errors import ColdaskError

    try:
        from proxy.cli import app

        app()
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
        if os.environ.get("COLDASK_DEBUG"):
            raise
        print(
            f"coldask: this should not have happened ({type(error).__name__}: {error}); "
            "set COLDASK_DEBUG=1 to see where, and please report it.",
            file=sys.stderr,
        )
        raise SystemExit(3) from None


if __name__ == "__main__":
    main()
