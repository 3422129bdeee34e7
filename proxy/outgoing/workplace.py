"""What outgoing mail is handled with: the desk, which stands a layer above, named by its shape."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from models.settings import Settings
from proxy.journal import Journal
from proxy.store.database import Store

if TYPE_CHECKING:  # numpy comes with it
    from classifier.hearing import Ear


class Workplace(Protocol):
    """Settings, store, clock (aware, UTC), log, and the ear (None: the shipped core)."""

    @property
    def settings(self) -> Settings: ...
    @property
    def config_dir(self) -> Path: ...
    @property
    def store(self) -> Store: ...
    @property
    def clock(self) -> Callable[[], datetime]: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def ear(self) -> "Ear | None": ...
