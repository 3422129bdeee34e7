"""The entry of the command: what it settles before anything heavy is imported."""

import json
import subprocess
import sys
from pathlib import Path

CODE = """
import json, sys
sys.argv = ["coldask", "rules"]
from proxy.__main__ import main
try:
    main()
except SystemExit:
    pass
import numpy, threadpoolctl
print(json.dumps([pool["num_threads"] for pool in threadpoolctl.threadpool_info()]))
"""


def test_arithmetic_takes_one_core() -> None:
    """All cores at once are slower on a machine that does other work: they wait for each other."""
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=True,
    )
    assert set(json.loads(done.stdout.splitlines()[-1])) == {1}
