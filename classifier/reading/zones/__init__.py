"""Zones: what of a mail's text is the sender's own and new, line by line."""

from classifier.reading.zones.cut import cut
from classifier.reading.zones.sheet import Hints

__all__ = ["Hints", "cut"]
