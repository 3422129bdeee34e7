"""Incoming mail: watched, judged, filed, and what the user's own moves say."""

from proxy.incoming.watcher import Watcher

__all__ = ["Watcher"]
