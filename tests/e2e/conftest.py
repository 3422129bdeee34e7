"""What the end-to-end tests ask for: coldask installed in a folder of its own, ended with the test."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.service import MakeService, Service, Tables


@pytest.fixture
def make_service(tmp_path: Path) -> Iterator[MakeService]:
    """Make installations: `make_service(outgoing={…})`. Each ends with the test, and shows no traceback."""
    with contextlib.ExitStack() as made:

        def make(**tables: Tables) -> Service:
            folder = Path(tempfile.mkdtemp(dir=tmp_path))
            return made.enter_context(Service(folder, **tables))

        yield make


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """One installation, not yet started, without accounts: add them with `service.account`."""
    return make_service()
