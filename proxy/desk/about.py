"""What the running service is: its version, and what it hears letters with."""

import os
from importlib.metadata import version
from typing import Any

from proxy.desk import Desk, operation
from proxy.encoder import LazyEar


@operation("about")
async def about(desk: Desk) -> dict[str, Any]:
    """{"version", "pid", "accounts", "ear", "trouble"}; `trouble`: why the core hears for the encoder."""
    ear = desk.ear
    return {
        "version": version("coldask"),
        "pid": os.getpid(),
        "accounts": list(desk.settings.accounts),
        "ear": "core" if ear is None else ear.name,
        "trouble": ear.trouble if isinstance(ear, LazyEar) else "",
    }
