"""How two people stand to each other, from their letters before a moment (relationships, "Ties"). Pure."""

from classifier.ties.relate import relate
from classifier.ties.thresholds import THRESHOLDS, Thresholds
from classifier.ties.turns import Turn

__all__ = ["THRESHOLDS", "Thresholds", "Turn", "relate"]
