"""Brings SpamBayes 1.1b3 (PyPI, for Python 2) to this Python, for bench/peers.py: `python bench/spambayes.py DIR`.

Its classifier and tokeniser are converted by lib2to3 (Python 3.11 and 3.12 have it); beside that, names of the
`email` package are spelled as today, decoded payloads are made text, and the pickled storage is left out.
"""

import importlib
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

_MODULES = ("classifier", "tokenizer", "Options", "OptionsClass", "mboxutils", "chi2", "compatsets", "port")
_NAMES = {"email.Message": "email.message", "email.Header": "email.header", "email.Utils": "email.utils",
          "email.Errors": "email.errors"}  # fmt: skip
_DECODED = "            # Replace numeric character entities (like &#97; for the letter\n"
_SUBJECT = (
    "            x = x.replace(",
    "            x = (x.decode('latin-1') if isinstance(x, bytes) else x).replace(",
)
_AS_TEXT = "            text = text.decode('latin-1') if isinstance(text, bytes) else text\n"


def bring(target: Path) -> None:
    """Put the converted package into a folder that is not there yet. Raises SystemExit with words."""
    if sys.version_info >= (3, 13):
        raise SystemExit("This needs lib2to3, which Python 3.13 no longer has; use 3.11 or 3.12.")
    with tempfile.TemporaryDirectory() as folder:
        pip = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary",
            ":all:",
            "--no-clean",
        ]
        env = {**os.environ, "TMPDIR": folder}
        # It fails to build, being of Python 2; what was unpacked stays.
        subprocess.run(
            [*pip, "--dest", f"{folder}/out", "spambayes==1.1b3"], env=env, capture_output=True, check=False
        )
        found = next(Path(folder).glob("pip-download-*/*/spambayes/classifier.py"), None)
        if found is None:
            raise SystemExit("pip could not fetch spambayes 1.1b3.")
        shutil.copytree(found.parent, target / "spambayes")
    _convert(target / "spambayes")


def _convert(package: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        refactor = importlib.import_module("lib2to3.refactor")
        fixers = refactor.get_fixers_from_package("lib2to3.fixes")
        tool = refactor.RefactoringTool(fixers)
    for name in _MODULES:
        file = package / f"{name}.py"
        text = str(tool.refactor_string(file.read_text("latin-1") + "\n", name))
        for old, new in _NAMES.items():
            text = text.replace(old, new)
        text = text.replace(*_SUBJECT)
        file.write_text(text.replace(_DECODED, _AS_TEXT + _DECODED), "utf-8")
    (package / "safepickle.py").write_text("pickle_read = pickle_write = None\n")
    (package / "dnscache.py").write_text("raise ImportError\n")  # nothing asks the network


if __name__ == "__main__":
    if len(sys.argv) != 2 or Path(sys.argv[1]).exists():
        raise SystemExit("usage: python bench/spambayes.py DIR, a folder that is not there yet")
    bring(Path(sys.argv[1]))
