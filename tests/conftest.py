"""What every test may ask for: certificates, the real servers (one each a run), a scripted provider."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.servers import certificates as made
from tests.servers.certificates import Certificates
from tests.servers.dovecot import BARE, Dovecot
from tests.servers.postfix import Postfix
from tests.servers.provider import Provider

os.environ["COLDASK_ENCODER"] = "off"  # what lies in the tester's own data folder changes no test
# A shell starts what runs in the background deaf to Ctrl-C, and every process of the tests would be so too.
signal.signal(signal.SIGINT, signal.default_int_handler)

_SERVERS = {"dovecot", "dovecot_bare", "dovecot_dots", "dovecot_prefix", "any_dovecot", "postfix"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a real server is marked so."""
    for item in items:
        if _SERVERS & set(getattr(item, "fixturenames", ())):
            item.add_marker("servers")


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An authority, and a certificate for localhost and 127.0.0.1 signed by it."""
    return made.make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def dovecot(certificates: Certificates) -> Iterator[Dovecot]:
    """Dovecot with all it can: MOVE, UIDPLUS, IDLE, `/` between folders. `dovecot.user()` is somebody new."""
    with Dovecot(certificates) as server:
        yield server


@pytest.fixture(scope="session")
def dovecot_bare(certificates: Certificates) -> Iterator[Dovecot]:
    """Dovecot that announces bare IMAP4rev1: no MOVE, UIDPLUS or IDLE."""
    with Dovecot(certificates, capabilities=BARE) as server:
        yield server


@pytest.fixture(scope="session")
def dovecot_dots(certificates: Certificates) -> Iterator[Dovecot]:
    """Dovecot with `.` between folders."""
    with Dovecot(certificates, separator=".") as server:
        yield server


@pytest.fixture(scope="session")
def dovecot_prefix(certificates: Certificates) -> Iterator[Dovecot]:
    """Dovecot that keeps every folder below `INBOX.`, as Courier did."""
    with Dovecot(certificates, separator=".", prefix="INBOX.") as server:
        yield server


@pytest.fixture(params=["dovecot", "dovecot_bare", "dovecot_dots", "dovecot_prefix"])
def any_dovecot(request: pytest.FixtureRequest) -> Dovecot:
    """Each of them in turn."""
    server: Dovecot = request.getfixturevalue(request.param)
    return server


@pytest.fixture(scope="session")
def postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    """Postfix for submission (AUTH, STARTTLS, TLS), delivering into `dovecot`. Needs root."""
    with Postfix(dovecot) as server:
        yield server


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A scripted provider that tells exactly what it took."""
    with Provider() as server:
        yield server
