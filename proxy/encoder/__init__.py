"""The sentence encoder on this machine: fetched, checked, taken away, and loaded when a mail needs it."""

from proxy.encoder.ear import LazyEar, ear_of, installed_ear

__all__ = ["LazyEar", "ear_of", "installed_ear"]
