"""What a letter says, as a fitted model hears it: the shipped core, or the encoder where it is installed.

Both are numpy's work, which takes a tenth of a second to load: `core` and `encoder` are imported by whoever
loads an ear, when it does, and not here.
"""

from classifier.hearing.ear import Ear, listen

__all__ = ["Ear", "listen"]
