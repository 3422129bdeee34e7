"""Incoming mail: watched, judged, filed, and what the user's own moves say."""

from proxy.incoming.watcher import REFUSED_PAUSES, Watcher

__all__ = ["REFUSED_PAUSES", "Watcher"]
