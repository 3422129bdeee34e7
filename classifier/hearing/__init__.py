"""What a letter says, as a fitted model hears it: the shipped core, or the encoder where it is installed."""

from classifier.hearing.core import core
from classifier.hearing.ear import Ear, listen

__all__ = ["Ear", "core", "listen"]
