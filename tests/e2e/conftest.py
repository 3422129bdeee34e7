"""What the end-to-end tests ask for: coldask installed in a folder of its own, ended with the test."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.service import MakeService, Service, Tables


@pytest.fixture
def make_service(tmp_path: Path) -> Iterator[MakeService]:
    """Make installations: `make_service(outgoing={…})`. Each ends with the test, and shows no traceback."""
    made: list[Service] = []

    def make(**tables: Tables) -> Service:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Service(folder, **tables))
        return made[-1]

    yield make
    for service in made:
        if service.running:
            service.kill()
        sys.stderr.write(service.stderr)  # pytest shows it where the test failed
    for service in made:
        assert "Traceback" not in service.stderr, service.stderr


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """One installation, not yet started, without accounts: add them with `service.account`."""
    return make_service()
